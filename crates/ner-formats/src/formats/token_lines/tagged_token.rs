use std::sync::Arc;

use ner_doc::{BiluoTag, Doc, DocError, EntIob, Syntax, iob_to_biluo, tags_to_entities};
use ner_vocab::Vocab;

use crate::FormatError;
use crate::formats::job::Job;
use crate::source::Source;
use crate::tags::misplaced_iob;

/// A token of a token-per-line or sentence-per-line file; its texts are parts of the file.
pub(super) struct TaggedToken<'a> {
    pub(super) word: &'a str,
    /// Part of speech; `-` where the file has none.
    pub(super) pos: &'a str,
    pub(super) iob: &'a str,
    pub(super) starts_sentence: bool,
}

/// The tags of tokens over which entities may run, in the BILUO scheme.
pub(super) fn biluo_tags(
    job: &mut Job<'_>,
    tokens: &[TaggedToken<'_>],
) -> Result<Vec<Option<BiluoTag>>, FormatError> {
    let source = job.source;
    let iob: Vec<&str> = tokens.iter().map(|token| token.iob).collect();
    let wrong_tag = |error: DocError| {
        let DocError::UnknownTag { tag } = &error else {
            return source.error(source.text(), None, error.to_string());
        };
        let part = iob.iter().find(|iob| *iob == tag).copied().unwrap_or_default();
        source.error(
            part,
            Some("E177"),
            format!("tag {tag:?} is none of the IOB scheme; expected O, B-LABEL or I-LABEL"),
        )
    };
    let biluo = iob_to_biluo(&iob).map_err(wrong_tag)?;
    for misplaced in misplaced_iob(&iob) {
        let token = &tokens[misplaced.index];
        job.warn_of_tag(token.iob, token.word, &misplaced);
    }
    biluo.iter().map(|tag| BiluoTag::parse(tag, job.vocab.strings()).map_err(wrong_tag)).collect()
}

/// The entities that tags begin.
pub(super) fn n_entities(tags: &[Option<BiluoTag>]) -> usize {
    let begins = |tag: &&Option<BiluoTag>| matches!(tag, Some(BiluoTag::Begin(_) | BiluoTag::Unit(_)));
    tags.iter().filter(begins).count()
}

/// A document of tagged tokens.
pub(super) fn to_doc(
    source: &Source,
    vocab: &Arc<Vocab>,
    tokens: &[TaggedToken<'_>],
    tags: &[Option<BiluoTag>],
) -> Result<Doc, FormatError> {
    let words: Vec<&str> = tokens.iter().map(|token| token.word).collect();
    let mut doc = Doc::from_words(vocab.clone(), &words, &[]);
    // The formats say nothing of spaces; flagged as unknown, the words are kept as they are in training, and the text
    // made of them is not tokenized again.
    doc.has_unknown_spaces = true;
    for (token, tagged) in doc.tokens.iter_mut().zip(tokens) {
        token.sent_start = if tagged.starts_sentence { 1 } else { -1 };
    }
    // The part of speech of such corpora is the fine-grained one, spaCy's `tag`.
    let syntax =
        |token: &TaggedToken<'_>| Syntax { tag: vocab.strings().add(token.pos), ..Syntax::default() };
    doc.syntax = tokens.iter().map(syntax).collect();
    let first = words.first().copied().unwrap_or_default();
    let misfit = |error: DocError| FormatError::Doc { place: source.place(first), source: error };
    let entities = tags_to_entities(tags).map_err(misfit)?;
    doc.set_entities(&entities, EntIob::Out).map_err(misfit)?;
    Ok(doc)
}
