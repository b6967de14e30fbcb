use super::values::unescape;
use crate::FormatError;
use crate::source::Source;

/// A line of a token, or of a part of one.
pub(super) struct TokenLine<'a> {
    /// In UTF-16 units of the document.
    pub(super) begin: usize,
    pub(super) end: usize,
    pub(super) word: String,
    pub(super) is_part: bool,
    pub(super) columns: Vec<&'a str>,
}

/// A sentence: its text and its tokens.
pub(super) struct Sentence<'a> {
    /// What is put between the sentence before it and this one.
    pub(super) gap: &'static str,
    pub(super) text: String,
    /// Its text's length and its first unit in the document, in UTF-16 units.
    pub(super) n_units: usize,
    pub(super) begin: usize,
    pub(super) lines: Vec<TokenLine<'a>>,
}

const TEXT: &str = "#Text=";

/// The sentences of a document.
pub(super) fn sentences(source: &Source) -> Result<Vec<Sentence<'_>>, FormatError> {
    let mut sentences: Vec<Sentence<'_>> = Vec::new();
    let (mut texts, mut lines): (Vec<&str>, Vec<TokenLine<'_>>) = (Vec::new(), Vec::new());
    for line in source.text().lines() {
        if let Some(text) = line.strip_prefix(TEXT) {
            if !lines.is_empty() {
                sentences.extend(sentence(source, sentences.last(), &texts, std::mem::take(&mut lines))?);
                texts.clear();
            }
            texts.push(text);
        } else if line.starts_with(|first: char| first.is_ascii_digit()) {
            // A line of a token above the first text has nothing to be in.
            let token = token_line(line).filter(|_| !texts.is_empty());
            lines.push(token.ok_or_else(|| malformed(source, line))?);
        } else if !line.starts_with('#') && !line.trim().is_empty() {
            return Err(malformed(source, line));
        }
    }
    sentences.extend(sentence(source, sentences.last(), &texts, lines)?);
    Ok(sentences)
}

fn malformed(source: &Source, line: &str) -> FormatError {
    let found: String = line.chars().take(60).collect();
    let message = format!(
        "{found:?} is no line of WebAnno TSV 3; expected below a line #Text=.. the sentence's tokens, each as \
         1-1<tab>0-4<tab>word and a column a feature"
    );
    source.error(line, None, message)
}

fn token_line(line: &str) -> Option<TokenLine<'_>> {
    let columns: Vec<_> = line.split('\t').collect();
    let [index, offsets, raw, ..] = columns.as_slice() else { return None };
    let (_, token) = index.split_once('-')?;
    let (begin, end) = offsets.split_once('-')?;
    let (begin, end) = (begin.parse().ok()?, end.parse().ok()?);
    let word = text_of_length(raw, usize::checked_sub(end, begin)?);
    Some(TokenLine { begin, end, word, is_part: token.contains('.'), columns })
}

/// A text as it stands if it has this length in UTF-16 units, and without escapes if not: early versions of the format
/// write texts as they are, later ones escape what is reserved, and the offsets tell which it is.
fn text_of_length(raw: &str, n_units: usize) -> String {
    if raw.encode_utf16().count() == n_units { raw.to_owned() } else { unescape(raw) }
}

fn sentence<'a>(
    source: &Source,
    before: Option<&Sentence<'_>>,
    texts: &[&str],
    lines: Vec<TokenLine<'a>>,
) -> Result<Option<Sentence<'a>>, FormatError> {
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return Ok(None) };
    let begin = first.begin;
    if let Some(line) = lines.iter().find(|line| line.begin < begin) {
        let message =
            "the token begins before the first one of its sentence; tokens stand in the order of the text";
        return Err(source.error(line.columns[0], None, message));
    }
    let text = text_of_length(&texts.join("\n"), last.end.saturating_sub(begin));
    let n_units = text.encode_utf16().count();
    let gap = match before {
        None => "",
        Some(before) if before.begin + before.n_units == begin => "",
        Some(_) => " ",
    };
    Ok(Some(Sentence { gap, text, n_units, begin, lines }))
}
