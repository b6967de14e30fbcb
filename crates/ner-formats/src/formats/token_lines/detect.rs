use ner_cpython::{is_space, strip, words};

use super::boundaries::is_mark;
use super::first_rows::FirstRows;
use crate::formats::conllu;
use crate::source::Sample;
use crate::tags::Tag;

/// What a line holds.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Lines {
    Tokens,
    Sentences,
}

/// Whether the first lines are sentences of `word|TAG` or `word|POS|TAG`.
pub(crate) fn looks_like_sentences(sample: &Sample<'_>) -> bool {
    let is_tagged = |word: &str| word.rsplit_once('|').is_some_and(|(_, tag)| Tag::parse(tag).is_some());
    let mut lines = sample.lines().take(N_LINES).peekable();
    lines.peek().is_some() && lines.all(|line| words(line).all(is_tagged))
}

/// Whether most of the first lines have the same number of columns, of which one holds tags.
pub(crate) fn looks_like_tokens(sample: &Sample<'_>) -> bool {
    // CoNLL-U has tags in its last column too, and its words are not in the first.
    if sample.json.is_some() || conllu::looks_like(sample) {
        return false;
    }
    let is_token = |line: &&str| !line.starts_with('#') && !is_mark(line);
    let lines: Vec<&str> = sample.lines().filter(is_token).take(N_LINES * 10).collect();
    let rows = FirstRows::of(lines.iter().copied());
    rows.rows.len() * 4 > lines.len() * 3
        && rows.n_columns > 1
        && (0..rows.n_columns).any(|column| rows.holds_tags(column))
}

// spaCy: the first lines decide (cli/convert.py).
const N_LINES: usize = 20;

/// Whether a text has a token or a sentence a line; `None` if its first lines look like neither, or like both.
pub(crate) fn detect_lines(text: &str) -> Option<Lines> {
    let lines = || text.split('\n').take(N_LINES).map(strip);
    // A text in which both occur, or neither, is ambiguous; then the converter that was named is taken.
    match (lines().any(has_tagged_word), lines().any(ends_with_tag)) {
        (false, true) => Some(Lines::Tokens),
        (true, false) => Some(Lines::Sentences),
        _ => None,
    }
}

/// Whether something in the line reads `word|O` or `word|B-X`.
fn has_tagged_word(line: &str) -> bool {
    line.match_indices('|').any(|(place, _)| {
        let follows_word = line[..place].chars().next_back().is_some_and(|before| !is_space(before));
        follows_word && starts_with_tag(&line[place + 1..])
    })
}

/// Whether the line's last column is a tag.
fn ends_with_tag(line: &str) -> bool {
    let last = words(line).last().unwrap_or_default();
    last.len() < line.len()
        && (last == "O" || last.len() > 2 && starts_with_tag(last) && !last.starts_with('O'))
}

fn starts_with_tag(text: &str) -> bool {
    text.starts_with('O')
        || text
            .strip_prefix("B-")
            .or_else(|| text.strip_prefix("I-"))
            .is_some_and(|label| !label.is_empty() && !label.starts_with(is_space))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_lines_tell_the_format() {
        assert_eq!(detect_lines("EU B-ORG\nrejects O\n"), Some(Lines::Tokens));
        assert_eq!(detect_lines("EU|B-ORG rejects|O\n"), Some(Lines::Sentences));
        assert_eq!(detect_lines("EU|B-ORG\nrejects O\n"), None);
        assert_eq!(detect_lines("hello world\n"), None);
        assert_eq!(detect_lines("O\n|O\nx L-ORG"), None);
        assert_eq!(detect_lines(&format!("{}x O", "\n".repeat(20))), None);
    }
}
