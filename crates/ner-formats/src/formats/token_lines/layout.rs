use ner_doc::{Doc, Sentencizer};

use super::boundaries::Boundaries;
use super::columns::Columns;
use crate::FormatError;
use crate::account::Message;
use crate::formats::job::Job;

/// What the options ask for beside the boundaries that a file has.
pub(super) struct Plan {
    /// Sentences are found by their full stops.
    segments: bool,
    /// Sentences of a document; 0: those that the file puts there.
    group: usize,
}

impl Plan {
    /// Follows the file's own boundaries where it has them, and the options where it has none.
    pub(super) fn of(job: &mut Job<'_>, file: &Boundaries<'_>) -> Result<Plan, FormatError> {
        warn_of_idle_options(job, file);
        let n_sents = if file.has_documents { 0 } else { job.options.n_sents };
        // spaCy: a file without any boundary is segmented with `-n 0` even if `-s` was not asked for
        // (training/converters/conll_ner_to_docs.py).
        let segments =
            !file.has_sentences && (job.options.seg_sents || (!file.has_documents && n_sents == 0));
        let groups = n_sents > 0 && (file.has_sentences || segments);
        if n_sents > 0 && !groups {
            job.warn(format!(
                "No sentence boundaries found to use with option `-n {n_sents}`. Use `-s` to automatically segment \
                 sentences or `-n 0` to disable."
            ));
        }
        if groups {
            job.report_grouping();
        }
        if segments {
            job.refuse_model()?;
            job.report(Message::info(
                "Segmenting sentences with sentencizer. (Use `-b model` for improved parser-based sentence segmentation.)",
            ));
        } else if !groups {
            warn_of_none(job, file.has_sentences, file.has_documents);
        }
        Ok(Plan { segments, group: if groups { n_sents } else { 0 } })
    }

    /// Puts the sentences of a file into documents. Sentences without a token are left out.
    pub(super) fn lay_out<'a>(
        &self,
        job: &mut Job<'_>,
        file: Boundaries<'a>,
        columns: &Columns,
    ) -> Result<Vec<Vec<&'a str>>, FormatError> {
        let mut documents = file.documents;
        for document in &mut documents {
            document.retain(|sentence| columns.lines(sentence).next().is_some());
            if self.segments {
                let segmented = document.iter().map(|sentence| segment(job, columns, sentence));
                *document = segmented.collect::<Result<Vec<_>, _>>()?.concat();
            }
        }
        if self.group > 0 {
            return Ok(documents.concat().chunks(self.group).map(<[&str]>::to_vec).collect());
        }
        documents.retain(|sentences| !sentences.is_empty());
        if self.segments {
            let n_sentences: usize = documents.iter().map(Vec::len).sum();
            warn_of_none(job, n_sentences > 1, file.has_documents);
        }
        Ok(documents)
    }
}

/// Warns of options that the file's own boundaries overrule.
fn warn_of_idle_options(job: &mut Job<'_>, file: &Boundaries<'_>) {
    if file.has_sentences && job.options.seg_sents {
        job.warn("Sentence boundaries found, automatic sentence segmentation with `-s` disabled.");
    }
    if file.has_documents && job.options.n_sents > 0 {
        job.warn("Document delimiters found, automatic document segmentation with `-n` disabled.");
    }
}

/// Warns of boundaries that there are none of.
fn warn_of_none(job: &mut Job<'_>, has_sentences: bool, has_documents: bool) {
    if !has_sentences {
        job.warn("No sentence boundaries found. Use `-s` to automatically segment sentences.");
    }
    if !has_documents {
        job.warn("No document delimiters found. Use `-n` to automatically group sentences into documents.");
    }
}

/// The sentences of a text without blank lines, found by their full stops.
fn segment<'a>(job: &Job<'_>, columns: &Columns, text: &'a str) -> Result<Vec<&'a str>, FormatError> {
    let lines: Vec<&str> = columns.lines(text).collect();
    let word = |line: &&'a str| columns.row(job.source, line).map(|row| row.word);
    let words = lines.iter().map(word).collect::<Result<Vec<_>, _>>()?;
    // The sentencizer reads words, so those of the lines become a document for the time being; sentences are cut out of
    // the text again by the places of their first lines, so that errors still name lines of the file.
    let doc = Doc::from_words(job.vocab.clone(), &words, &[]);
    let starts = Sentencizer::default().sentence_starts(&doc);
    let starts = lines.iter().zip(starts).skip(1).filter_map(|(line, starts)| starts.then_some(line));
    let mut bounds = vec![0];
    bounds.extend(starts.map(|line| line.as_ptr() as usize - text.as_ptr() as usize));
    bounds.push(text.len());
    Ok(bounds.windows(2).map(|bounds| text[bounds[0]..bounds[1]].trim_end_matches('\n')).collect())
}
