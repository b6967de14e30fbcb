use csv::StringRecord;

use super::row::Row;
use crate::read::ReadOptions;

/// Names of columns as they are met, in small letters and without white space and underscores: of words, of texts, of tags or
/// spans, and of what tells sentences apart.
const WORDS: [&str; 5] = ["word", "token", "words", "tokens", "form"];
const TEXTS: [&str; 5] = ["text", "sentence", "content", "sentences", "texts"];
const ANNOTATION: [&str; 14] = [
    "nertags",
    "nertag",
    "ner",
    "tag",
    "tags",
    "entities",
    "spans",
    "ents",
    "annotations",
    "annotation",
    "labels",
    "label",
    "iob",
    "bio",
];
const SENTENCES: [&str; 8] =
    ["sentence#", "sentence", "sentenceid", "sentenceidx", "sentid", "sentenceno", "sentencenumber", "sent"];

/// The columns that are read.
pub(super) struct Columns {
    pub(super) names: Vec<String>,
    /// Words or texts.
    pub(super) text: usize,
    /// Tags or spans.
    pub(super) annotation: usize,
    pub(super) rows: Rows,
}

/// What a row holds.
pub(super) enum Rows {
    /// A token, and maybe the number of its sentence.
    Tokens { sentence: Option<usize> },
    /// A text, with a list of spans or of tags.
    Texts,
}

/// The separator of which the header has most.
pub(super) fn separator(first_line: &str) -> u8 {
    let count = |separator: &u8| first_line.bytes().filter(|byte| byte == separator).count();
    [b'|', b';', b'\t', b','].into_iter().max_by_key(count).unwrap_or(b',')
}

pub(super) fn is_header(names: &[&str]) -> bool {
    let has = |known: &[&str]| column_of(names, known).is_some();
    names.len() > 1 && has(&ANNOTATION) && (has(&WORDS) || has(&TEXTS))
}

/// The column of the first of these names that the header has.
fn column_of<S: AsRef<str>>(names: &[S], known: &[&str]) -> Option<usize> {
    let plain = |name: &S| -> String {
        name.as_ref()
            .chars()
            .filter(|c| c.is_alphanumeric() || *c == '#')
            .flat_map(char::to_lowercase)
            .collect()
    };
    let names: Vec<String> = names.iter().map(plain).collect();
    known.iter().find_map(|known| names.iter().position(|name| name == known))
}

impl Columns {
    /// Finds the columns by their names, and by the first rows whether these hold tokens or texts. The error is a message.
    pub(super) fn of(header: &StringRecord, rows: &[Row], options: &ReadOptions) -> Result<Columns, String> {
        let names: Vec<String> = header.iter().map(|name| name.trim().to_owned()).collect();
        let unknown = |what: &str| {
            format!(
                "no column of {what} is known among {names:?}; expected a first line that names them, word and tag, or text and \
                 entities, or name the column of words or texts with --text-column"
            )
        };
        let annotation = column_of(&names, &ANNOTATION).ok_or_else(|| unknown("tags or spans"))?;
        let cells =
            || rows.iter().filter_map(|row| row.cells.get(annotation)).filter(|cell| !cell.trim().is_empty());
        let is_list = cells().next().is_some_and(|cell| cell.trim_start().starts_with(['[', '{', '(']));
        // A table of lists may have a column of words besides, and one of tokens a column of the whole text.
        let known = if is_list { [TEXTS, WORDS] } else { [WORDS, TEXTS] }.concat();
        let text = match &options.text_column {
            Some(name) => {
                let named = names.iter().position(|other| other == name);
                named.ok_or_else(|| format!("--text-column names {name:?}, and the header has {names:?}"))?
            }
            None => column_of(&names, &known).ok_or_else(|| unknown("words or texts"))?,
        };
        if let Some(cell) = cells().next().filter(|cell| !is_list && !is_tag(cell)) {
            return Err(format!(
                "the column {:?} holds {cell:?}; expected an entity tag, as O or B-PERSON, in a table of tokens, or a list \
                 of spans, as [[0, 4, \"PERSON\"]], in one of texts",
                names[annotation]
            ));
        }
        let sentence = column_of(&names, &SENTENCES).filter(|&sentence| sentence != text);
        let rows = if is_list { Rows::Texts } else { Rows::Tokens { sentence } };
        Ok(Columns { names, text, annotation, rows })
    }
}

/// Whether a cell is a tag of any scheme: a letter, a hyphen and a label, or nothing.
pub(super) fn is_tag(cell: &str) -> bool {
    let cell = cell.trim();
    matches!(cell, "O" | "o" | "-") || cell.get(1..2) == Some("-")
}
