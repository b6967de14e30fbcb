use ner_doc::BiluoTag;
use ner_vocab::StringId;

use super::line::ConlluLine;
use crate::FormatError;
use crate::formats::morphology::{check_analysis, is_part_of_speech};
use crate::source::Source;

/// A word of a sentence with its annotation.
#[derive(Clone)]
pub(super) struct Word {
    pub(super) form: String,
    pub(super) lemma: String,
    pub(super) tag: String,
    pub(super) pos: String,
    pub(super) morph: String,
    pub(super) dep: String,
    /// Index of the head in the sentence; the word's own for a root.
    pub(super) head: usize,
    pub(super) space_after: bool,
    pub(super) entity: Option<BiluoTag>,
}

/// The word of a line, still without its entity. Fails if a column holds what no CoNLL-U file has there.
pub(super) fn read_word(source: &Source, line: &ConlluLine<'_>) -> Result<Word, FormatError> {
    let id = read_index(source, line.id)?;
    let known = |text: &str| if text == "_" { String::new() } else { text.to_owned() };
    if !is_part_of_speech(StringId::of(&known(line.upos))) {
        let message =
            format!("{:?} is no universal part of speech, such as NOUN; expected one or _", line.upos);
        return Err(source.error(line.upos, Some("E1021"), message));
    }
    if let Err(feature) = check_analysis(&known(line.feats)) {
        let message = format!("feature {feature:?} is not of the form Name=Value");
        return Err(source.error(line.feats, None, message));
    }
    Ok(Word {
        form: line.form.to_owned(),
        lemma: line.lemma.to_owned(),
        tag: if line.xpos == "_" { line.upos } else { line.xpos }.to_owned(),
        pos: known(line.upos),
        morph: known(line.feats),
        dep: if line.deprel == "root" { "ROOT" } else { line.deprel }.to_owned(),
        head: if matches!(line.head, "0" | "_") { id } else { read_index(source, line.head)? },
        space_after: line.has_space_after(),
        entity: None,
    })
}

/// The index of a word that a file numbers from 1.
fn read_index(source: &Source, number: &str) -> Result<usize, FormatError> {
    let index = number.parse().ok().and_then(|number: usize| number.checked_sub(1));
    index
        .ok_or_else(|| source.error(number, None, format!("expected the number of a word, found {number:?}")))
}
