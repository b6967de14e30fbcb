use std::io;

use serde::{Deserialize, Serialize};
use serde_json::ser::{CompactFormatter, Formatter};

use super::{Actions, LabelFrequencies};
use crate::TransitionError;

/// The file `moves` of a pipeline: MessagePack around a string of JSON.
#[derive(Serialize, Deserialize)]
struct MovesFile {
    moves: String,
    #[serde(default)]
    cfg: MovesConfig,
}

#[derive(Default, Serialize, Deserialize)]
struct MovesConfig {
    #[serde(default)]
    neg_key: Option<String>,
}

impl Actions {
    /// Reads the bytes of a `moves` file and numbers the actions anew.
    pub fn from_bytes(bytes: &[u8]) -> Result<Actions, TransitionError> {
        let file: MovesFile = rmp_serde::from_slice(bytes)?;
        let frequencies: LabelFrequencies = serde_json::from_str(&file.moves)?;
        let mut actions = Actions::new(&frequencies);
        actions.neg_key = file.cfg.neg_key;
        Ok(actions)
    }

    /// The bytes of a `moves` file, as spaCy writes them.
    pub fn to_bytes(&self) -> Vec<u8> {
        let file = MovesFile {
            moves: ascii_json(self.frequencies()),
            cfg: MovesConfig { neg_key: self.neg_key.clone() },
        };
        rmp_serde::to_vec_named(&file).expect("strings and maps always have a MessagePack form")
    }
}

fn ascii_json(value: &impl Serialize) -> String {
    let mut bytes = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, AsciiFormatter);
    value.serialize(&mut serializer).expect("maps of strings to numbers always have a JSON form");
    String::from_utf8(bytes).expect("JSON is written as ASCII")
}

/// Compact JSON in which everything beyond ASCII is escaped, as srsly (ujson) writes it.
struct AsciiFormatter;

impl Formatter for AsciiFormatter {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, text: &str) -> io::Result<()> {
        for part in text.split_inclusive(|letter: char| !letter.is_ascii()) {
            // A part is ASCII except for its last letter, which becomes one or two escapes: JSON's are UTF-16.
            let ascii = part.trim_end_matches(|letter: char| !letter.is_ascii());
            CompactFormatter.write_string_fragment(writer, ascii)?;
            for unit in part[ascii.len()..].encode_utf16() {
                write!(writer, "\\u{unit:04x}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_beyond_ascii_are_escaped_as_utf_16() {
        assert_eq!(ascii_json(&"a\"é😀b"), r#""a\"\u00e9\ud83d\ude00b""#);
        assert_eq!(ascii_json(&""), r#""""#);
    }
}
