/// Replacements of characters: a double-array trie over what is replaced, and the texts that replace it.
///
/// The trie is laid out as darts-clone does it (<https://github.com/s-yata/darts-clone>): a unit of 32 bits holds the label
/// of the edge that leads to it, the offset of its children, and whether there is a value among these.
#[derive(Clone, Debug, Default)]
pub(super) struct CharacterTable {
    units: Vec<u32>,
    /// Texts that end in a zero byte.
    texts: Vec<u8>,
}

impl CharacterTable {
    /// Reads SentencePiece's `precompiled_charsmap`; what is wrong if it cannot be.
    pub(super) fn read(blob: &[u8]) -> Result<CharacterTable, String> {
        if blob.is_empty() {
            return Ok(CharacterTable::default());
        }
        let (length, rest) = blob.split_first_chunk().ok_or_else(|| format!("{} bytes", blob.len()))?;
        let length = u32::from_le_bytes(*length) as usize;
        let split = rest.split_at_checked(length).filter(|_| length.is_multiple_of(4));
        let (units, texts) = split.ok_or_else(|| format!("a trie of {length} bytes among {}", rest.len()))?;
        let units =
            units.chunks_exact(4).map(|unit| u32::from_le_bytes([unit[0], unit[1], unit[2], unit[3]]));
        let table = CharacterTable { units: units.collect(), texts: texts.to_vec() };
        if std::str::from_utf8(&table.texts).is_err() {
            return Err("replacements that are not UTF-8".to_owned());
        }
        Ok(table)
    }

    /// The longest beginning of a text that is replaced, in bytes, and its replacement.
    pub(super) fn replace(&self, text: &str) -> Option<(usize, &str)> {
        let mut longest = None;
        let mut place = self.offset(0)?;
        for (index, byte) in text.bytes().enumerate() {
            place ^= usize::from(byte);
            let unit = *self.units.get(place)?;
            // The highest bit marks a value, which no edge leads to.
            if unit & (1 << 31 | 0xff) != u32::from(byte) {
                break;
            }
            place ^= offset(unit);
            if unit >> 8 & 1 == 1 {
                let value = *self.units.get(place)? & !(1 << 31);
                longest = Some((index + 1, value as usize));
            }
        }
        // A damaged table may cut a character in two: it is then no replacement.
        let (length, start) = longest.filter(|(length, _)| text.is_char_boundary(*length))?;
        let replacement = self.texts.get(start..)?.split(|byte| *byte == 0).next()?;
        Some((length, std::str::from_utf8(replacement).ok()?))
    }

    fn offset(&self, place: usize) -> Option<usize> {
        self.units.get(place).map(|unit| offset(*unit))
    }
}

fn offset(unit: u32) -> usize {
    ((unit >> 10) << ((unit & 1 << 9) >> 6)) as usize
}
