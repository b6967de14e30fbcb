/// A text of at most 31 bytes, kept in place so that looking it up takes one step through memory.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ShortText([u64; WORDS]);

const WORDS: usize = 4;
const MAX_BYTES: usize = 8 * WORDS - 1;

impl ShortText {
    /// `None` if the text is too long.
    pub(crate) fn new(text: &str) -> Option<ShortText> {
        if text.len() > MAX_BYTES {
            return None;
        }
        let mut bytes = [0; 8 * WORDS];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        // The length sets a text apart from the same one with zero bytes at its end.
        bytes[MAX_BYTES] = text.len() as u8;
        let (words, _) = bytes.as_chunks::<8>();
        Some(ShortText(std::array::from_fn(|index| u64::from_le_bytes(words[index]))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn different_texts_differ() {
        let texts = ["", "\0", "a", "a\0", "b", "aaaaaaaab", "aaaaaaaac"].map(ShortText::new);
        for (index, text) in texts.iter().enumerate() {
            assert_eq!(texts.iter().position(|other| other == text), Some(index));
        }
    }

    #[test]
    fn long_texts_have_no_place() {
        assert!(ShortText::new(&"x".repeat(31)).is_some());
        assert!(ShortText::new(&"x".repeat(32)).is_none());
    }
}
