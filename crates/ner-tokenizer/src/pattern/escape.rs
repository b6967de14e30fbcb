//! Escapes: a backslash and what follows it.

use super::char_set::{CharSet, Class};
use super::cursor::Cursor;
use super::error::PatternError;
use super::syntax::Assertion;

/// The meaning of an escape.
#[derive(Clone, Debug)]
pub(super) enum Escape {
    /// A code point; lone surrogates, which are in no text, among them.
    Character(u32),
    Set(CharSet),
    Assertion(Assertion),
}

/// Reads what follows a backslash, inside or outside a bracketed set.
pub(super) fn read(cursor: &mut Cursor<'_>, ascii: bool, in_set: bool) -> Result<Escape, PatternError> {
    let at = cursor.at();
    let Some(letter) = cursor.next() else {
        return Err(cursor.error("bad escape (end of pattern)"));
    };
    if let Some(set) = class(letter, ascii) {
        return Ok(Escape::Set(set));
    }
    // `\b` is a word boundary outside a set, and a backspace inside.
    if let Some(assertion) = assertion(letter, ascii).filter(|_| !in_set) {
        return Ok(Escape::Assertion(assertion));
    }
    let code = match letter {
        'x' => digits(cursor, at, 2)?,
        'u' => digits(cursor, at, 4)?,
        'U' => digits(cursor, at, 8)?,
        '0'..='9' => octal(cursor, at, letter, in_set)?,
        _ => control(letter, in_set).ok_or(cursor.error_at(at, "bad escape"))? as u32,
    };
    if code > char::MAX as u32 {
        return Err(cursor.error_at(at, "bad escape: no such character"));
    }
    Ok(Escape::Character(code))
}

fn class(letter: char, ascii: bool) -> Option<CharSet> {
    let class = match letter.to_ascii_lowercase() {
        'd' => Class::Digit,
        's' => Class::Space,
        'w' => Class::Word,
        _ => return None,
    };
    let set = CharSet::class(class, ascii);
    Some(if letter.is_ascii_uppercase() { set.complement() } else { set.clone() })
}

fn assertion(letter: char, ascii: bool) -> Option<Assertion> {
    match letter {
        'A' => Some(Assertion::Start),
        'Z' => Some(Assertion::End),
        'b' | 'B' => Some(Assertion::WordBoundary { negate: letter == 'B', ascii }),
        _ => None,
    }
}

fn control(letter: char, in_set: bool) -> Option<char> {
    match letter {
        'a' => Some('\x07'),
        'b' if in_set => Some('\x08'),
        'f' => Some('\x0c'),
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        'v' => Some('\x0b'),
        // Python: letters without a meaning are refused, so that they can be given one.
        _ if letter.is_ascii_alphanumeric() => None,
        _ => Some(letter),
    }
}

fn digits(cursor: &mut Cursor<'_>, at: usize, count: usize) -> Result<u32, PatternError> {
    let digits = cursor.take_while(count, |character| character.is_ascii_hexdigit());
    let complete = Some(digits).filter(|digits| digits.len() == count);
    complete
        .and_then(|digits| u32::from_str_radix(digits, 16).ok())
        .ok_or(cursor.error_at(at, "incomplete escape: hexadecimal digits are missing"))
}

/// `\0`, `\012`, and three octal digits of any kind; other numbers refer to groups.
fn octal(cursor: &mut Cursor<'_>, at: usize, first: char, in_set: bool) -> Result<u32, PatternError> {
    let more = cursor.take_while(2, |character| ('0'..='7').contains(&character));
    let is_octal = first == '0' || (first <= '7' && (in_set || more.len() == 2));
    if !is_octal {
        return Err(cursor.error_at(at, "references to groups are not supported"));
    }
    let digits = first.to_string() + more;
    u32::from_str_radix(&digits, 8)
        .ok()
        .filter(|&code| code <= 0o377)
        .ok_or(cursor.error_at(at, "octal escape outside the range 0-0o377"))
}
