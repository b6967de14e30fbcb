//! What the targets share.

/// Where an input holds several files.
const SEPARATOR: &[u8] = b"\n=====\n";

/// The files of an input; the last ones are empty if there are too few.
pub fn split<const N: usize>(mut bytes: &[u8]) -> [&[u8]; N] {
    std::array::from_fn(|index| {
        let end = bytes.windows(SEPARATOR.len()).position(|window| window == SEPARATOR);
        match end.filter(|_| index + 1 < N) {
            Some(end) => {
                let (file, rest) = (&bytes[..end], &bytes[end + SEPARATOR.len()..]);
                bytes = rest;
                file
            }
            None => std::mem::take(&mut bytes),
        }
    })
}
