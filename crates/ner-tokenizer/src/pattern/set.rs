//! Bracketed sets.

use super::case;
use super::char_set::CharSet;
use super::cursor::Cursor;
use super::error::PatternError;
use super::escape::{self, Escape};
use super::flags::Flags;

/// Moves past the set whose `[` at `at` was read, and gives what stands between the brackets.
pub(super) fn text<'p>(cursor: &mut Cursor<'p>, at: usize) -> Result<&'p str, PatternError> {
    let (from, rest) = (cursor.at(), cursor.rest());
    // A bracket that comes first, or first behind the caret, is a member and does not close.
    cursor.eat("^");
    cursor.eat("]");
    loop {
        match cursor.next() {
            Some(']') => return Ok(&rest[..cursor.at() - from - 1]),
            Some('\\') => {
                cursor.next();
            }
            Some(_) => {}
            None => return Err(cursor.error_at(at, "unterminated character set")),
        }
    }
}

/// The set that `text` between brackets describes. `at` is the place of the set in the pattern.
pub(super) fn parse(text: &str, at: usize, flags: Flags) -> Result<CharSet, PatternError> {
    let mut cursor = Cursor::new(text);
    let negate = cursor.eat("^");
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    while cursor.peek().is_some() {
        item(&mut cursor, flags, &mut ranges)
            .map_err(|error| PatternError { at: at + 1 + error.at, ..error })?;
    }
    let set = CharSet::from_ranges(ranges);
    // The case is folded before the complement is taken: `[^a]` without regard to case excludes `A` too.
    let set = if flags.ignore_case { case::fold(&set, flags.ascii) } else { set };
    Ok(if negate { set.complement() } else { set })
}

/// A character, a range, or a class.
fn item(cursor: &mut Cursor<'_>, flags: Flags, ranges: &mut Vec<(u32, u32)>) -> Result<(), PatternError> {
    let first = member(cursor, flags)?;
    // A dash at the end is a member.
    let is_range = cursor.rest().len() > 1 && cursor.eat("-");
    let last = if is_range { Some(member(cursor, flags)?) } else { None };
    match (first, last) {
        (Escape::Set(set), None) => ranges.extend(set.ranges()),
        (Escape::Character(only), None) => ranges.push((only, only)),
        (Escape::Character(first), Some(Escape::Character(last))) if first <= last => {
            ranges.push((first, last));
        }
        _ => return Err(cursor.error("bad character range")),
    }
    Ok(())
}

fn member(cursor: &mut Cursor<'_>, flags: Flags) -> Result<Escape, PatternError> {
    match cursor.next() {
        Some('\\') => escape::read(cursor, flags.ascii, true),
        Some(character) => Ok(Escape::Character(character as u32)),
        None => Err(cursor.error("bad character range")),
    }
}
