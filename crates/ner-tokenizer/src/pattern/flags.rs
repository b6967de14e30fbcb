//! The letters in `(?iu)` and `(?i:...)`.

/// Settings that change what a pattern means.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Flags {
    pub(super) ascii: bool,
    pub(super) ignore_case: bool,
    pub(super) multiline: bool,
    pub(super) dot_all: bool,
    pub(super) verbose: bool,
}

impl Flags {
    /// Switches the flag with this letter; `None` if text patterns have no such flag.
    pub(super) fn set(&mut self, letter: char, on: bool) -> Option<()> {
        match letter {
            'a' => self.ascii = on,
            'i' => self.ignore_case = on,
            'm' => self.multiline = on,
            's' => self.dot_all = on,
            'u' => self.ascii = !on,
            'x' => self.verbose = on,
            // Python: `L`, the locale's, is for patterns of bytes.
            _ => return None,
        }
        Some(())
    }
}
