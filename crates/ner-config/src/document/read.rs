//! From the bytes of a file to a document, whatever its syntax.

use std::path::Path;

use super::Document;
use crate::ConfigError;

/// Byte order marks, with which some editors begin a text.
const UTF16_MARKS: [&[u8]; 2] = [b"\xff\xfe", b"\xfe\xff"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Syntax {
    Cfg,
    Toml,
    Json,
}

impl Document {
    /// Reads a file of any of the three syntaxes: JSON if it begins with a brace, TOML if its name ends in `.toml`, else
    /// `.cfg`.
    pub fn read(path: &Path) -> Result<Document, ConfigError> {
        Document::from_bytes(&ner_files::read(path)?, path)
    }

    /// Reads the bytes of such a file. `name` is for messages, and tells TOML from `.cfg`; without an ending it does not,
    /// and the text decides.
    pub fn from_bytes(bytes: &[u8], name: &Path) -> Result<Document, ConfigError> {
        let document = text(bytes).and_then(|text| match syntax(text, name) {
            Syntax::Cfg => Document::from_cfg_str(text),
            Syntax::Toml => Document::from_toml_str(text),
            Syntax::Json => Document::from_json_str(text),
        });
        document.map(|document| document.of_file(name)).map_err(|error| error.in_file(name))
    }
}

/// The text of a file, without a byte order mark.
fn text(bytes: &[u8]) -> Result<&str, ConfigError> {
    if UTF16_MARKS.iter().any(|mark| bytes.starts_with(mark)) || is_utf16(bytes) {
        let message = "the text is in UTF-16; convert it to UTF-8: iconv -f UTF-16 -t UTF-8 OLD > NEW";
        return Err(ConfigError::syntax(1, message));
    }
    let bytes = ner_files::without_bom(bytes);
    str::from_utf8(bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()].iter().filter(|&&byte| byte == b'\n').count() + 1;
        ConfigError::syntax(line, "the text is not in UTF-8; convert the file to UTF-8")
    })
}

/// Whether every second byte of the beginning is zero, as in UTF-16 without a mark.
fn is_utf16(bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(64) / 2 * 2];
    let is_zero = |index: usize| start.iter().skip(index).step_by(2).all(|&byte| byte == 0);
    !start.is_empty() && (is_zero(0) != is_zero(1))
}

fn syntax(text: &str, name: &Path) -> Syntax {
    if text.trim_start().starts_with('{') {
        return Syntax::Json;
    }
    match name.extension() {
        Some(extension) if extension == "toml" => Syntax::Toml,
        Some(extension) if extension == "json" => Syntax::Json,
        // Of the two only TOML has quotes around a key, and every config has keys that begin with @.
        None if text.lines().any(|line| line.trim_start().starts_with("\"@")) => Syntax::Toml,
        _ => Syntax::Cfg,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], name: &str) {
        let document = Document::from_bytes(bytes, Path::new(name)).unwrap();
        assert_eq!(document.get("nlp.lang"), Some(&"en".into()));
    }

    #[test]
    fn every_syntax_is_found_out() {
        check(b"[nlp]\nlang = en\n", "config.cfg");
        check(b"\xef\xbb\xbf[nlp]\r\nlang = en\r\n", "config.cfg");
        check(b"[nlp]\nlang = \"en\"\n", "config.toml");
        check(b"\n{\"nlp\": {\"lang\": \"en\"}}", "config.cfg");
        check(b"\xef\xbb\xbf{\"nlp\": {\"lang\": \"en\"}}", "config.json");
        check(b"[nlp]\nlang = \"en\"\n[a]\n\"@misc\" = \"x\"\n", "stdin");
        check(b"[nlp]\nlang = en\n", "stdin");
    }

    #[test]
    fn other_encodings_are_named() {
        let utf16: Vec<u8> = "[nlp]\nlang = en\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [&utf16[..], &[b"\xff\xfe", &utf16[..]].concat()] {
            let error = Document::from_bytes(bytes, Path::new("a.cfg")).unwrap_err().to_string();
            assert!(error.starts_with("a.cfg: line 1: ") && error.contains("iconv"), "{error}");
        }
        let error = Document::from_bytes(b"[nlp]\nlang = \xe9", Path::new("a.cfg")).unwrap_err().to_string();
        assert_eq!(error, "a.cfg: line 2: the text is not in UTF-8; convert the file to UTF-8");
    }
}
