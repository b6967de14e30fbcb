use ner_doc::{Doc, Syntax};

use super::word::Word;
use crate::FormatError;
use crate::formats::job::Job;
use crate::formats::morphology::add_analysis;
use crate::tags::set_entities;

/// A document of sentences, a space between any two of them. Without `has_entities` its tokens are unknown, not
/// outside.
pub(super) fn to_doc(job: &Job<'_>, sentences: &[Vec<Word>], has_entities: bool) -> Result<Doc, FormatError> {
    let words: Vec<&Word> = sentences.iter().flatten().collect();
    let forms: Vec<&str> = words.iter().map(|word| word.form.as_str()).collect();
    let mut doc = Doc::from_words(job.vocab.clone(), &forms, &[]);
    set_spaces(&mut doc, sentences);
    for sentence in sentences {
        // Heads count from the start of their sentence in the file, and from their own token in a document.
        doc.syntax.extend(sentence.iter().enumerate().map(|(index, word)| to_syntax(job, index, word)));
    }
    // Only relations make a document parsed; with columns of `_` it keeps no sentences.
    if doc.syntax.iter().any(|syntax| !syntax.dep.is_empty()) {
        doc.start_sentences_at_roots();
    }
    if has_entities {
        let tags: Vec<_> = words.iter().map(|word| word.entity).collect();
        let misfit = |source| FormatError::Doc { place: job.source.place(job.source.text()), source };
        set_entities(&mut doc, &tags).map_err(misfit)?;
    }
    Ok(doc)
}

fn set_spaces(doc: &mut Doc, sentences: &[Vec<Word>]) {
    doc.has_unknown_spaces = false;
    for (token, word) in doc.tokens.iter_mut().zip(sentences.iter().flatten()) {
        token.space_after = word.space_after;
    }
    let mut end = 0;
    for sentence in &sentences[..sentences.len() - 1] {
        end += sentence.len();
        // spaCy: sentences become documents first and are joined with a space between them, whatever SpaceAfter says,
        // unless the last word is white space itself (tokens/doc.pyx).
        if let Some(last) = end.checked_sub(1).map(|last| &mut doc.tokens[last]) {
            last.space_after |= !last.is_space();
        }
    }
}

fn to_syntax(job: &Job<'_>, index: usize, word: &Word) -> Syntax {
    let strings = job.vocab.strings();
    let appended = job.options.morphology && !word.morph.is_empty();
    Syntax {
        tag: if appended {
            strings.add(&format!("{}__{}", word.tag, word.morph))
        } else {
            strings.add(&word.tag)
        },
        pos: strings.add(&word.pos),
        morph: add_analysis(&word.morph, strings).expect("each word's analysis was checked when it was read"),
        lemma: strings.add(&word.lemma),
        dep: strings.add(&word.dep),
        head: word.head as i32 - index as i32,
    }
}
