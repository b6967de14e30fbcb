use std::io::{self, Write};

/// A string as `json.dumps` writes it: in double quotes, and in printable ASCII alone.
pub fn json_string(text: &str) -> String {
    // Here alone the two differ in strings: srsly writes the character DEL as it is.
    super::srsly_json(text).replace('\u{7f}', "\\u007f")
}

/// Writes a part of a string in which nothing but characters beyond ASCII is to be escaped.
pub(super) fn write_ascii<W: Write + ?Sized>(writer: &mut W, fragment: &str) -> io::Result<()> {
    for part in fragment.split_inclusive(|c: char| !c.is_ascii()) {
        // A part is ASCII except for its last letter, which becomes one or two escapes: JSON's are UTF-16.
        let ascii = part.trim_end_matches(|c: char| !c.is_ascii());
        writer.write_all(ascii.as_bytes())?;
        for unit in part[ascii.len()..].encode_utf16() {
            write!(writer, "\\u{unit:04x}")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::srsly_json;

    #[test]
    fn strings_are_escaped_as_by_json_and_by_srsly() {
        let text = "a\"\\\n\u{1}/é\u{2028}😀b";
        let escaped = r#""a\"\\\n\u0001/\u00e9\u2028\ud83d\ude00b""#;
        assert_eq!((json_string(text).as_str(), srsly_json(text).as_str()), (escaped, escaped));
        assert_eq!(json_string("\u{7f}~"), r#""\u007f~""#);
        assert_eq!(srsly_json("\u{7f}"), "\"\u{7f}\"");
    }
}
