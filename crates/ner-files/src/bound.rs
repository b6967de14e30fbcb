/// How much packed bytes may unpack to: a bomb of a few kilobytes, which would fill any memory, is refused, and
/// ordinary files of any size are not.
#[derive(Clone, Copy, Debug)]
pub struct Bound {
    /// Bytes that any file may unpack to.
    pub free: u64,
    /// Bytes beyond those for each packed byte.
    pub ratio: u64,
}

impl Bound {
    /// The bytes that `n_packed` bytes may unpack to.
    pub fn of(self, n_packed: u64) -> u64 {
        self.free.saturating_add(self.ratio.saturating_mul(n_packed))
    }
}
