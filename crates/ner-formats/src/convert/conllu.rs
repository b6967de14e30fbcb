use std::collections::HashMap;

use ner_doc::{BiluoTag, Doc, EntIob, Syntax, iob_to_biluo, tags_to_entities};

use super::ConvertError;
use super::conllu_line::{ConlluLine, sentences};
use super::conllu_ranges::merge_ranges;
use super::morphology::{add_analysis, check_analysis, is_part_of_speech};
use super::run::Job;
use super::source::Source;
use super::tag_order::misplaced_iob;
use crate::{FormatError, storage};

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

/// Converts a CoNLL-U file, `n_sents` sentences to a document.
pub(super) fn convert(job: &mut Job<'_>) -> Result<(), FormatError> {
    job.report_grouping();
    let ner_map = read_ner_map(job)?;
    let has_entities = has_entities(job.source)?;
    let n_sents = job.options.n_sents;
    if n_sents == 0 {
        return Err(ConvertError::NoSentencesPerDocument.into());
    }
    let mut group = Vec::new();
    for sentence in sentences(job.source) {
        group.push(read_sentence(job, &sentence?, &ner_map)?);
        if group.len() == n_sents {
            let doc = to_doc(job, &std::mem::take(&mut group), has_entities)?;
            (job.keep)(doc)?;
        }
    }
    if !group.is_empty() {
        let doc = to_doc(job, &group, has_entities)?;
        (job.keep)(doc)?;
    }
    Ok(())
}

fn read_ner_map(job: &Job<'_>) -> Result<HashMap<String, String>, FormatError> {
    let Some(path) = &job.options.ner_map else { return Ok(HashMap::new()) };
    serde_json::from_reader(storage::open(path)?).map_err(|error| FormatError::Malformed {
        place: crate::Place::file(path.as_path()).line(error.line()).column(error.column()),
        message: format!("{error}; expected a JSON object from label to label"),
        code: None,
    })
}

fn has_entities(source: &Source) -> Result<bool, FormatError> {
    for sentence in sentences(source) {
        if sentence?.iter().any(|line| line.entity_tag().is_some()) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn read_sentence(
    job: &mut Job<'_>,
    lines: &[ConlluLine<'_>],
    ner_map: &HashMap<String, String>,
) -> Result<Vec<Word>, FormatError> {
    let words = read_words(job, lines)?;
    let n_words = words.len();
    let mut sentence = Vec::with_capacity(n_words);
    let entities = entity_tags(job, &words, ner_map);
    for ((line, mut word), entity) in words.into_iter().zip(entities) {
        if word.head >= n_words {
            let message = format!("head {} lies outside of the sentence of {n_words} words", line.head);
            return Err(job.source.error(line.head, Some("E190"), message));
        }
        word.entity = entity;
        sentence.push(word);
    }
    if job.options.merge_subtokens { merge_ranges(job.source, lines, sentence) } else { Ok(sentence) }
}

/// The words with their lines. Within a range only the last word is followed by a space.
fn read_words<'a>(
    job: &Job<'_>,
    lines: &'a [ConlluLine<'a>],
) -> Result<Vec<(&'a ConlluLine<'a>, Word)>, FormatError> {
    let mut words = Vec::new();
    let mut open_range: Option<(&ConlluLine<'_>, &str)> = None;
    for line in lines.iter().filter(|line| !line.is_empty_node()) {
        if let Some((_, last)) = line.range() {
            open_range = Some((line, last));
            continue;
        }
        let mut word = read_word(job.source, line)?;
        if let Some((range, last)) = open_range {
            if job.options.merge_subtokens {
                word.form = range.form.to_owned();
            }
            word.space_after = line.id == last && range.has_space_after();
            open_range = open_range.filter(|_| line.id != last);
        }
        words.push((line, word));
    }
    Ok(words)
}

fn read_word(source: &Source, line: &ConlluLine<'_>) -> Result<Word, FormatError> {
    let id = read_index(source, line.id)?;
    let known = |text: &str| if text == "_" { String::new() } else { text.to_owned() };
    if !is_part_of_speech(ner_doc::StringId::of(&known(line.upos))) {
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

/// The tags of a sentence's words, in the BILUO scheme whatever the file's is.
fn entity_tags(
    job: &mut Job<'_>,
    words: &[(&ConlluLine<'_>, Word)],
    ner_map: &HashMap<String, String>,
) -> Vec<Option<BiluoTag>> {
    let iob =
        words.iter().map(|(line, _)| line.entity_tag().map_or("O".to_owned(), |tag| tag.to_text(ner_map)));
    let iob: Vec<String> = iob.collect();
    for misplaced in misplaced_iob(&iob) {
        let (line, _) = words[misplaced.index];
        job.warn_of_tag(line.misc, line.form, &misplaced);
    }
    let biluo = iob_to_biluo(&iob).expect("every label has a letter at least");
    let strings = job.vocab.strings();
    biluo.iter().map(|tag| BiluoTag::parse(tag, strings).expect("the tag was just made")).collect()
}

/// A document of sentences, a space between any two of them.
fn to_doc(job: &Job<'_>, sentences: &[Vec<Word>], has_entities: bool) -> Result<Doc, FormatError> {
    let words: Vec<&Word> = sentences.iter().flatten().collect();
    let forms: Vec<&str> = words.iter().map(|word| word.form.as_str()).collect();
    let mut doc = Doc::from_words(job.vocab.clone(), &forms, &[]);
    doc.has_unknown_spaces = false;
    for (token, word) in doc.tokens.iter_mut().zip(&words) {
        token.space_after = word.space_after;
    }
    let mut end = 0;
    for sentence in &sentences[..sentences.len() - 1] {
        end += sentence.len();
        if let Some(last) = end.checked_sub(1).map(|last| &mut doc.tokens[last]) {
            last.space_after |= !last.is_space();
        }
    }
    for sentence in sentences {
        for (index, word) in sentence.iter().enumerate() {
            doc.syntax.push(to_syntax(job, index, word));
        }
    }
    if doc.syntax.iter().any(|syntax| !syntax.dep.is_empty()) {
        doc.start_sentences_at_roots();
    }
    if has_entities {
        let tags: Vec<_> = words.iter().map(|word| word.entity).collect();
        let misfit = |source| FormatError::Doc { place: job.source.place(job.source.text()), source };
        doc.set_entities(&tags_to_entities(&tags).map_err(misfit)?, EntIob::Out).map_err(misfit)?;
    }
    Ok(doc)
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
