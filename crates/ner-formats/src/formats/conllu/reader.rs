use ner_doc::BiluoTag;

use super::doc::to_doc;
use super::line::{ConlluLine, Sentences};
use super::ranges::merge_ranges;
use super::word::{Word, read_word};
use crate::FormatError;
use crate::convert::ConvertError;
use crate::formats::job::Job;
use crate::tags::{Scheme, SchemeError, Survey, Tag, misplaced_tags, to_biluo};

/// Converts a CoNLL-U file, `n_sents` sentences to a document.
pub(crate) fn convert(job: &mut Job<'_>) -> Result<(), FormatError> {
    job.report_grouping();
    // A whole pass ahead: without any tag in the file, its tokens are unknown and not outside.
    let scheme = find_scheme(job)?;
    let n_sents = job.options.n_sents;
    if n_sents == 0 {
        return Err(ConvertError::NoSentencesPerDocument.into());
    }
    let mut group = Vec::new();
    for sentence in Sentences::of(job.source) {
        group.push(read_sentence(job, &sentence?, scheme)?);
        if group.len() == n_sents {
            keep(job, &std::mem::take(&mut group), scheme.is_some())?;
        }
    }
    if !group.is_empty() {
        keep(job, &group, scheme.is_some())?;
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

/// The scheme of all tags; `None` if there are none. Sentences that no blank line parts are named.
fn find_scheme(job: &mut Job<'_>) -> Result<Option<Scheme>, FormatError> {
    let mut survey = Survey::new(job.options.scheme);
    let (mut has_tags, mut without_label) = (false, None);
    let mut sentences = Sentences::of(job.source);
    for sentence in sentences.by_ref() {
        for line in sentence?.iter().filter(|line| line.is_word()) {
            if let Some(tag) = line.entity_tag() {
                survey.add(tag).map_err(|error| error.at(job.source))?;
                has_tags = true;
            } else if let Some(tag) = line.tag_without_label() {
                without_label = Some(SchemeError::NoTag(tag, job.options.scheme));
            }
        }
        survey.end_sentence();
    }
    // In a file without tags it is something else.
    if let Some(error) = without_label.filter(|_| has_tags) {
        return Err(error.at(job.source));
    }
    if let [first, ..] = sentences.all_unparted.as_slice() {
        let (count, line) = (sentences.all_unparted.len(), job.source.line_of(first));
        job.account.findings.push(format!(
            "blank lines are missing between sentences ({count}, the first before line {line}); a sentence begins where words \
             count from 1 again"
        ));
    }
    let scheme = survey.scheme().map_err(|error| error.at(job.source))?;
    Ok(has_tags.then_some(scheme))
}

fn read_sentence(
    job: &mut Job<'_>,
    lines: &[ConlluLine<'_>],
    scheme: Option<Scheme>,
) -> Result<Vec<Word>, FormatError> {
    let words = read_words(job, lines)?;
    let n_words = words.len();
    let mut sentence = Vec::with_capacity(n_words);
    // Tags belong to words, so they are put in order before words are merged into ranges.
    let entities = scheme.map_or_else(|| vec![None; n_words], |scheme| entity_tags(job, &words, scheme));
    for ((line, mut word), entity) in words.into_iter().zip(entities) {
        if word.head >= n_words {
            let message =
                format!("head {} lies outside of the sentence, whose last word is {n_words}", line.head);
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

/// The tags of a sentence's words, in the BILUO scheme whatever the file's is. Words without a tag are outside.
fn entity_tags(
    job: &mut Job<'_>,
    words: &[(&ConlluLine<'_>, Word)],
    scheme: Scheme,
) -> Vec<Option<BiluoTag>> {
    let tags = words.iter().map(|(line, _)| line.entity_tag().and_then(|tag| scheme.tag(tag)));
    let tags: Vec<_> = tags.map(|tag| tag.unwrap_or(Tag::Out)).collect();
    for misplaced in misplaced_tags(&tags, scheme) {
        let (line, _) = words[misplaced.index];
        job.warn_of_tag(line.misc, line.form, &misplaced);
    }
    to_biluo(&tags, job.vocab.strings())
}
