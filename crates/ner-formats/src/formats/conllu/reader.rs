use ner_doc::{BiluoTag, iob_to_biluo};

use super::doc::to_doc;
use super::line::{ConlluLine, sentences};
use super::ranges::merge_ranges;
use super::word::{Word, read_word};
use crate::FormatError;
use crate::convert::ConvertError;
use crate::formats::job::Job;
use crate::source::Source;
use crate::tags::misplaced_iob;

/// Converts a CoNLL-U file, `n_sents` sentences to a document.
pub(crate) fn convert(job: &mut Job<'_>) -> Result<(), FormatError> {
    job.report_grouping();
    // A whole pass ahead: without any tag in the file, its tokens are unknown and not outside.
    let has_entities = has_entities(job.source)?;
    let n_sents = job.options.n_sents;
    if n_sents == 0 {
        return Err(ConvertError::NoSentencesPerDocument.into());
    }
    let mut group = Vec::new();
    for sentence in sentences(job.source) {
        group.push(read_sentence(job, &sentence?)?);
        if group.len() == n_sents {
            keep(job, &std::mem::take(&mut group), has_entities)?;
        }
    }
    if !group.is_empty() {
        keep(job, &group, has_entities)?;
    }
    Ok(())
}

/// Passes on the document of some sentences.
fn keep(job: &mut Job<'_>, sentences: &[Vec<Word>], has_entities: bool) -> Result<(), FormatError> {
    let doc = to_doc(job, sentences, has_entities)?;
    let begins = |word: &&Word| matches!(word.entity, Some(BiluoTag::Begin(_) | BiluoTag::Unit(_)));
    let n_spans = sentences.iter().flatten().filter(begins).count();
    job.keep(doc, sentences.len(), n_spans)
}

fn has_entities(source: &Source) -> Result<bool, FormatError> {
    for sentence in sentences(source) {
        if sentence?.iter().any(|line| line.entity_tag().is_some()) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn read_sentence(job: &mut Job<'_>, lines: &[ConlluLine<'_>]) -> Result<Vec<Word>, FormatError> {
    let words = read_words(job, lines)?;
    let n_words = words.len();
    let mut sentence = Vec::with_capacity(n_words);
    // Tags belong to words, so they are put in order before words are merged into ranges.
    let entities = entity_tags(job, &words);
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
            // The line of the range has the form as it is written; `merge_ranges` takes that of the first word.
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

/// The tags of a sentence's words, in the BILUO scheme whatever the file's is.
fn entity_tags(job: &mut Job<'_>, words: &[(&ConlluLine<'_>, Word)]) -> Vec<Option<BiluoTag>> {
    let iob = words.iter().map(|(line, _)| line.entity_tag().map_or("O".to_owned(), |tag| tag.to_text()));
    let iob: Vec<String> = iob.collect();
    for misplaced in misplaced_iob(&iob) {
        let (line, _) = words[misplaced.index];
        job.warn_of_tag(line.misc, line.form, &misplaced);
    }
    let biluo = iob_to_biluo(&iob).expect("every label has a letter at least");
    let strings = job.vocab.strings();
    biluo.iter().map(|tag| BiluoTag::parse(tag, strings).expect("the tag was just made")).collect()
}
