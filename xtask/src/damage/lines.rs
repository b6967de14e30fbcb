//! Damages to text of any format.

use ner_cpython::PythonRandom;

use super::good::{Good, below};

pub(super) fn lines(good: &Good) -> Option<Vec<&str>> {
    Some(good.text()?.split_inclusive('\n').collect()).filter(|lines: &Vec<_>| lines.len() > 3)
}

pub(super) fn joined(lines: &[&str]) -> Option<Vec<u8>> {
    Some(lines.concat().into_bytes())
}

/// Inside of a word: what a full disk or a broken connection leaves. Between words a line may end that is shorter, and
/// what is left of a line with `#` may be a comment.
pub(super) fn cut(good: &Good, random: &mut PythonRandom) -> Option<Vec<u8>> {
    // In the second half: of a label that is cut nobody can tell if it was not met before.
    let half = good.bytes.len() / 2;
    let (kept, rest) = good.bytes.split_at(half + below(random, half));
    let is_in_word = |byte: Option<&u8>| byte.is_some_and(|byte| !byte.is_ascii_whitespace());
    let line = kept.rsplit(|&byte| byte == b'\n').next()?;
    (is_in_word(kept.last()) && is_in_word(rest.first()) && !line.starts_with(b"#")).then(|| kept.to_vec())
}

pub(super) fn cut_at_line(good: &Good, random: &mut PythonRandom) -> Option<Vec<u8>> {
    let lines = lines(good)?;
    joined(&lines[..1 + below(random, lines.len() - 1)])
}

pub(super) fn drop_line(good: &Good, random: &mut PythonRandom) -> Option<Vec<u8>> {
    let mut lines = lines(good)?;
    lines.remove(below(random, lines.len()));
    joined(&lines)
}

pub(super) fn swap_lines(good: &Good, random: &mut PythonRandom) -> Option<Vec<u8>> {
    let mut lines = lines(good)?;
    let first = below(random, lines.len() - 1);
    lines.swap(first, first + 1);
    joined(&lines)
}

/// The marks of a merge that was not finished.
pub(super) fn conflict(good: &Good, random: &mut PythonRandom) -> Option<Vec<u8>> {
    let mut lines = lines(good)?;
    let place = below(random, lines.len());
    let repeated = lines[place];
    lines.splice(place..place, ["<<<<<<< HEAD\n", repeated, "=======\n"]);
    lines.insert(place + 4, ">>>>>>> main\n");
    joined(&lines)
}

/// What a Windows program saves, with `?` for what the encoding lacks. Without any Latin letter beyond ASCII nothing
/// shows the encoding.
pub(super) fn windows_1252(good: &Good, _: &mut PythonRandom) -> Option<Vec<u8>> {
    // The letters that have the same place in Unicode are enough for a damage.
    let encode = |c: char| u8::try_from(u32::from(c)).ok().filter(|byte| !(0x80..0xa0).contains(byte));
    let encoded: Vec<u8> = good.text()?.chars().map(|c| encode(c).unwrap_or(b'?')).collect();
    (!encoded.is_ascii()).then_some(encoded)
}

pub(super) fn flip_byte(good: &Good, random: &mut PythonRandom) -> Option<Vec<u8>> {
    let mut damaged = good.bytes.clone();
    let place = below(random, damaged.len());
    damaged[place] ^= 1 << below(random, 8);
    Some(damaged)
}
