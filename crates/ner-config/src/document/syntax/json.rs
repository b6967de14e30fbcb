//! JSON as Python reads it: the values of a `.cfg` file, or a whole document.

use crate::document::places::Places;
use crate::hints::excerpt;
use crate::path::join;
use crate::{ConfigError, Table, Value};

/// How deep lists and tables may be nested; a deeper text stays text. The reader is recursive, and a stack has an end.
const MAX_DEPTH: usize = 128;

/// The value of `text` in JSON with `NaN`, `Infinity` and `-Infinity`; none if it is not JSON.
///
/// An integer too large for 128 bits is read as a float.
pub(crate) fn parse(text: &str) -> Option<Value> {
    let mut reader = Reader::new(text);
    let value = reader.value()?;
    reader.is_at_end().then_some(value)
}

/// The object of sections that `text` is.
pub(crate) fn parse_document(text: &str) -> Result<(Table, Places), ConfigError> {
    let mut reader = Reader::new(text);
    let line = |n_left: usize| text[..text.len() - n_left].matches('\n').count() + 1;
    match reader.value() {
        Some(Value::Table(table)) if reader.is_at_end() => {
            let places = reader.places.into_iter().map(|(path, n_left)| (path, line(n_left)));
            Ok((table, places.collect()))
        }
        Some(value) if reader.is_at_end() => Err(ConfigError::syntax(
            1,
            format_args!("expected an object of sections, found {}", value.kind()),
        )),
        _ => {
            let rest = reader.rest.trim_start();
            let found = if rest.is_empty() { "the end".to_owned() } else { format!("`{}`", excerpt(rest)) };
            Err(ConfigError::syntax(line(rest.len()), format_args!("not JSON: found {found}")))
        }
    }
}

struct Reader<'a> {
    rest: &'a str,
    depth: usize,
    /// The path of the table that is being read.
    path: String,
    /// Each key that was read by its path, and the bytes that were left there.
    places: Vec<(String, usize)>,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Reader<'a> {
        Reader { rest: text, depth: 0, path: String::new(), places: Vec::new() }
    }

    fn is_at_end(&mut self) -> bool {
        self.skip_blanks();
        self.rest.is_empty()
    }

    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    fn take(&mut self, token: &str) -> Option<()> {
        self.rest = self.rest.strip_prefix(token)?;
        Some(())
    }

    /// Takes the blanks and the separator `token`, if it is next.
    fn take_separator(&mut self, token: &str) -> bool {
        self.skip_blanks();
        self.take(token).is_some()
    }

    fn value(&mut self) -> Option<Value> {
        self.skip_blanks();
        match self.rest.as_bytes().first()? {
            b'"' => self.string().map(Value::String),
            b'[' => self.nested(Reader::list),
            b'{' => self.nested(Reader::table),
            _ => self.constant().or_else(|| self.number()),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Option<Value>) -> Option<Value> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn constant(&mut self) -> Option<Value> {
        const CONSTANTS: [(&str, Value); 6] = [
            ("null", Value::Null),
            ("true", Value::Bool(true)),
            ("false", Value::Bool(false)),
            ("NaN", Value::Float(f64::NAN)),
            ("Infinity", Value::Float(f64::INFINITY)),
            ("-Infinity", Value::Float(f64::NEG_INFINITY)),
        ];
        CONSTANTS.into_iter().find(|(name, _)| self.take(name).is_some()).map(|(_, value)| value)
    }

    fn number(&mut self) -> Option<Value> {
        let (end, is_integer) = number_end(self.rest.as_bytes())?;
        let (number, rest) = self.rest.split_at(end);
        self.rest = rest;
        match number.parse() {
            Ok(integer) if is_integer => Some(Value::Integer(integer)),
            // Python would read an integer of any length.
            _ => number.parse().ok().map(Value::Float),
        }
    }

    fn list(&mut self) -> Option<Value> {
        self.take("[")?;
        let mut items = Vec::new();
        if self.take_separator("]") {
            return Some(Value::List(items));
        }
        loop {
            items.push(self.value()?);
            if self.take_separator("]") {
                return Some(Value::List(items));
            }
            self.take(",")?;
        }
    }

    fn table(&mut self) -> Option<Value> {
        self.take("{")?;
        let mut table = Table::new();
        if self.take_separator("}") {
            return Some(Value::Table(table));
        }
        loop {
            self.skip_blanks();
            let n_left = self.rest.len();
            let key = self.string()?;
            self.take_separator(":").then_some(())?;
            let path = join(&self.path, &key);
            let parent = std::mem::replace(&mut self.path, path.clone());
            self.places.push((path, n_left));
            table.insert(key, self.value()?);
            self.path = parent;
            if self.take_separator("}") {
                return Some(Value::Table(table));
            }
            self.take(",")?;
        }
    }

    fn string(&mut self) -> Option<String> {
        self.take("\"")?;
        let mut text = String::new();
        loop {
            let end = self.rest.find(|character: char| matches!(character, '"' | '\\' | '\0'..='\x1f'))?;
            text.push_str(&self.rest[..end]);
            self.rest = &self.rest[end..];
            if self.take("\"").is_some() {
                return Some(text);
            }
            self.take("\\")?;
            text.push(self.escape()?);
        }
    }

    fn escape(&mut self) -> Option<char> {
        let letter = self.rest.chars().next()?;
        self.rest = &self.rest[letter.len_utf8()..];
        match letter {
            '"' | '\\' | '/' => Some(letter),
            'b' => Some('\u{8}'),
            'f' => Some('\u{c}'),
            'n' => Some('\n'),
            'r' => Some('\r'),
            't' => Some('\t'),
            'u' => self.unicode_escape(),
            _ => None,
        }
    }

    fn unicode_escape(&mut self) -> Option<char> {
        let unit = self.hex()?;
        if !(0xd800..0xdc00).contains(&unit) {
            return char::from_u32(unit.into());
        }
        self.take("\\u")?;
        char::decode_utf16([unit, self.hex()?]).next()?.ok()
    }

    fn hex(&mut self) -> Option<u16> {
        let digits =
            self.rest.get(..4).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
        self.rest = &self.rest[4..];
        u16::from_str_radix(digits, 16).ok()
    }
}

/// Where the number at the start of `bytes` ends, and whether it is an integer.
fn number_end(bytes: &[u8]) -> Option<(usize, bool)> {
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut end = usize::from(bytes.first() == Some(&b'-'));
    end += match bytes.get(end)? {
        b'0' => 1,
        _ => Some(digits(end)).filter(|count| *count > 0)?,
    };
    let mut is_integer = true;
    if bytes.get(end) == Some(&b'.') && digits(end + 1) > 0 {
        is_integer = false;
        end += 1 + digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let start = end + 1 + usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        if start < bytes.len() && digits(start) > 0 {
            is_integer = false;
            end = start + digits(start);
        }
    }
    Some((end, is_integer))
}

#[cfg(test)]
mod tests {
    use ner_cpython::float_repr;
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, written: &str) {
        assert_eq!(parse(text).map(|value| value.to_string()).as_deref(), Some(written));
    }

    #[test]
    fn writes_as_python_does() {
        check("1e-8", "1e-08");
        check("1E5", "100000.0");
        check("1e16", "1e+16");
        check("1234567890123456.0", "1234567890123456.0");
        check("0.0001", "0.0001");
        check("0.00001", "1e-05");
        check("1.5e300", "1.5e+300");
        check("-0.0", "-0.0");
        check("[1e400, -Infinity, NaN]", "[Infinity, -Infinity, NaN]");
        check("12345678901234567890123", "12345678901234567890123");
        check(
            r#" {"k" :[1 ,"\ud83d\ude00\u00e9\/\n\u007f"]} "#,
            r#"{"k": [1, "\ud83d\ude00\u00e9/\n\u007f"]}"#,
        );
    }

    #[test]
    fn refuses_what_is_not_json() {
        for text in
            ["", "007", ".5", "5.", "+1", "1_000", "[1,]", "{'k': 1}", "\"a", "1 2", "\"\t\"", "\"\\ud800\""]
        {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(parse(&"[".repeat(100_000)), None);
    }

    proptest! {
        #[test]
        fn floats_read_back(number in proptest::num::f64::NORMAL | proptest::num::f64::SUBNORMAL) {
            prop_assert_eq!(parse(&float_repr(number)), Some(Value::Float(number)));
        }

        #[test]
        fn strings_read_back(text: String) {
            prop_assert_eq!(parse(&Value::String(text.clone()).to_string()), Some(Value::String(text)));
        }

        #[test]
        fn never_panics(text in "[\\[\\]{}\",:0-9eE.+\\-\\\\utrn ]{0,40}") {
            parse(&text);
        }
    }
}
