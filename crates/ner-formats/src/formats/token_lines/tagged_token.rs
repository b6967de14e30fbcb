use std::sync::Arc;

use ner_doc::{BiluoTag, Doc, DocError, Syntax};
use ner_vocab::Vocab;

use crate::FormatError;
use crate::formats::job::Job;
use crate::source::Source;
use crate::tags::{Scheme, Tag, misplaced_tags, set_entities, to_biluo};

/// A token of a token-per-line or sentence-per-line file; its texts are parts of the file.
pub(super) struct TaggedToken<'a> {
    pub(super) word: &'a str,
    /// Part of speech; `-` where the file has none.
    pub(super) pos: &'a str,
    pub(super) tag: Tag<'a>,
    pub(super) starts_sentence: bool,
}

/// Appends the tags of tokens over which entities may run, and warns of those that do not follow.
pub(super) fn add_tags(
    job: &mut Job<'_>,
    scheme: Scheme,
    tokens: &[TaggedToken<'_>],
    tags: &mut Vec<Option<BiluoTag>>,
) {
    let own: Vec<Tag<'_>> = tokens.iter().map(|token| token.tag).collect();
    for misplaced in misplaced_tags(&own, scheme) {
        let word = tokens[misplaced.index].word;
        job.warn_of_tag(word, word, &misplaced);
    }
    tags.extend(to_biluo(&own, job.vocab.strings()));
}

/// A document of tagged tokens, and how many entities its tags begin.
pub(super) fn to_doc(
    source: &Source,
    vocab: &Arc<Vocab>,
    tokens: &[TaggedToken<'_>],
    tags: &[Option<BiluoTag>],
) -> Result<(Doc, usize), FormatError> {
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
    let n_entities = set_entities(&mut doc, tags).map_err(misfit)?;
    Ok((doc, n_entities))
}
