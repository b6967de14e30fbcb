use std::fmt;
use std::str::FromStr;

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

/// The encoding of a text file.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte-order mark.
    Utf8,
    /// UTF-16, the low byte first: `Unicode` of Windows programs.
    Utf16Le,
    /// UTF-16, the high byte first.
    Utf16Be,
    /// Windows-1252, of which Latin-1 is a part.
    Windows1252,
}

const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";

impl Encoding {
    const ALL: [Encoding; 4] = [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Windows1252];

    /// The encoding of a file that begins with these bytes. Windows-1252 is never guessed: any bytes are text in it.
    pub(super) fn of(head: &[u8]) -> Encoding {
        match head {
            [0xff, 0xfe, ..] => Encoding::Utf16Le,
            [0xfe, 0xff, ..] => Encoding::Utf16Be,
            // Without a mark: text of Latin letters has a zero in every second byte, and UTF-8 never has one.
            [first, 0, second, 0, ..] if *first != 0 && *second != 0 => Encoding::Utf16Le,
            [0, first, 0, second, ..] if *first != 0 && *second != 0 => Encoding::Utf16Be,
            _ => Encoding::Utf8,
        }
    }

    /// The name, as `iconv` knows it.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Utf16Le => "utf-16le",
            Encoding::Utf16Be => "utf-16be",
            Encoding::Windows1252 => "windows-1252",
        }
    }

    /// The bytes as UTF-8 without a mark; UTF-8 itself is not checked. Fails at bytes that are no text.
    pub(super) fn to_utf8(self, bytes: Vec<u8>) -> Option<Vec<u8>> {
        let encoding = match self {
            Encoding::Utf8 => return Some(without_mark(bytes)),
            Encoding::Utf16Le => UTF_16LE,
            Encoding::Utf16Be => UTF_16BE,
            Encoding::Windows1252 => WINDOWS_1252,
        };
        let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes)?;
        Some(text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned().into_bytes())
    }
}

fn without_mark(mut bytes: Vec<u8>) -> Vec<u8> {
    if bytes.starts_with(UTF8_MARK) {
        bytes.drain(..UTF8_MARK.len());
    }
    bytes
}

/// Takes a byte-order mark off the front.
pub(super) fn skip_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(UTF8_MARK).unwrap_or(bytes)
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Encoding {
    type Err = String;

    fn from_str(name: &str) -> Result<Encoding, String> {
        let name = name.to_ascii_lowercase().replace('_', "-");
        let named = Encoding::ALL.into_iter().find(|encoding| encoding.name() == name);
        named.ok_or_else(|| {
            let names = Encoding::ALL.map(Encoding::name).join(", ");
            format!("unknown encoding {name:?}; expected one of {names}")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_told_from_the_first_bytes() {
        let check = |bytes: &[u8], expected| assert_eq!(Encoding::of(bytes), expected);
        check(b"\xff\xfeM\0", Encoding::Utf16Le);
        check(b"\xfe\xff\0M", Encoding::Utf16Be);
        check(b"M\0i\0", Encoding::Utf16Le);
        check(b"\0M\0i", Encoding::Utf16Be);
        check(b"\xef\xbb\xbfM", Encoding::Utf8);
        check(b"", Encoding::Utf8);
        check(b"caf\xe9", Encoding::Utf8);
    }

    #[test]
    fn a_mark_is_no_part_of_the_text() {
        let text = |encoding: Encoding, bytes: &[u8]| encoding.to_utf8(bytes.to_vec()).unwrap();
        assert_eq!(text(Encoding::Utf8, b"\xef\xbb\xbfa"), b"a");
        assert_eq!(text(Encoding::Utf16Le, b"\xff\xfea\0"), b"a");
        assert_eq!(text(Encoding::Utf16Be, b"\xfe\xff\0\xe9"), "é".as_bytes());
        assert_eq!(text(Encoding::Windows1252, b"caf\xe9 \x80"), "café €".as_bytes());
        assert_eq!(Encoding::Utf16Le.to_utf8(b"a\0\0\xd8".to_vec()), None);
    }
}
