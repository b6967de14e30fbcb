//! Groups: an opening parenthesis and what follows it.

use super::cursor::Cursor;
use super::error::PatternError;
use super::flags::Flags;

/// The kind of a group, read up to its content.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Opening {
    /// A comment, already closed.
    Nothing,
    Group,
    Atomic,
    Look {
        behind: bool,
        negate: bool,
    },
}

/// Reads what follows `(`. Flags that hold inside the group are written to `flags`.
pub(super) fn open(cursor: &mut Cursor<'_>, flags: &mut Flags) -> Result<Opening, PatternError> {
    let at = cursor.at();
    if !cursor.eat("?") {
        return Ok(Opening::Group);
    }
    match cursor.next() {
        Some(':') => Ok(Opening::Group),
        Some('>') => Ok(Opening::Atomic),
        Some('=') => Ok(Opening::Look { behind: false, negate: false }),
        Some('!') => Ok(Opening::Look { behind: false, negate: true }),
        Some('<') if cursor.eat("=") => Ok(Opening::Look { behind: true, negate: false }),
        Some('<') if cursor.eat("!") => Ok(Opening::Look { behind: true, negate: true }),
        // Named groups are read and their names forgotten, since nothing can refer to them.
        Some('P') if cursor.eat("<") => name(cursor),
        Some('P') => Err(cursor.error_at(at, "references to groups are not supported")),
        Some('(') => Err(cursor.error_at(at, "conditional groups are not supported")),
        Some('#') => comment(cursor),
        Some(letter) => change_flags(cursor, at, letter, flags),
        None => Err(cursor.error_at(at, "unexpected end of pattern")),
    }
}

fn name(cursor: &mut Cursor<'_>) -> Result<Opening, PatternError> {
    let name = cursor.take_while(usize::MAX, |character| character != '>');
    let starts_well = name.chars().next().is_some_and(|first| first.is_alphabetic() || first == '_');
    if cursor.eat(">") && starts_well { Ok(Opening::Group) } else { Err(cursor.error("bad group name")) }
}

fn comment(cursor: &mut Cursor<'_>) -> Result<Opening, PatternError> {
    cursor.take_while(usize::MAX, |character| character != ')');
    if cursor.eat(")") {
        Ok(Opening::Nothing)
    } else {
        Err(cursor.error("missing `)`, unterminated comment"))
    }
}

/// `(?iu)`, which is allowed at the very start alone.
pub(super) fn leading_flags(cursor: &mut Cursor<'_>, flags: &mut Flags) -> Result<(), PatternError> {
    while let Some(after) = cursor.rest().strip_prefix("(?") {
        let letters = after.split(|letter: char| !letter.is_ascii_alphabetic()).next().unwrap_or_default();
        if letters.is_empty() || !after[letters.len()..].starts_with(')') {
            break;
        }
        letters.chars().try_for_each(|letter| flags.set(letter, true)).ok_or(cursor.error("unknown flag"))?;
        cursor.eat("(?");
        cursor.eat(letters);
        cursor.eat(")");
    }
    Ok(())
}

/// `(?i-s:...)`. `letter` is the first one.
fn change_flags(
    cursor: &mut Cursor<'_>,
    at: usize,
    letter: char,
    flags: &mut Flags,
) -> Result<Opening, PatternError> {
    let (mut next, mut on) = (Some(letter), true);
    loop {
        match next {
            Some('-') if on => on = false,
            Some(':') => return Ok(Opening::Group),
            Some(')') if on => {
                return Err(cursor.error_at(at, "global flags not at the start of the expression"));
            }
            Some(letter) if flags.set(letter, on).is_some() => {}
            _ => return Err(cursor.error_at(at, "unknown extension or flag")),
        }
        next = cursor.next();
    }
}
