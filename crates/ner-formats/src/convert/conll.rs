use ner_doc::{Doc, Sentencizer};

use super::Message;
use super::run::Job;
use super::source::{Source, strip, words};
use super::tagged_token::{TaggedToken, biluo_tags, to_doc};
use crate::FormatError;

const DOCUMENT_DELIMITER: &str = "-DOCSTART- -X- O O";
const SENTENCE_DELIMITER: &str = "\n\n";

/// Converts a file with a token a line, in columns of which the last is an IOB tag.
pub(super) fn convert(job: &mut Job<'_>) -> Result<(), FormatError> {
    let layout = lay_out(job)?;
    if !layout.has_sentences {
        job.warn("No sentence boundaries found. Use `-s` to automatically segment sentences.");
    }
    if !layout.has_documents {
        job.warn("No document delimiters found. Use `-n` to automatically group sentences into documents.");
    }
    job.refuse_model()?;
    for sentences in layout.documents {
        if let Some(doc) = read_document(job, &sentences)? {
            (job.keep)(doc)?;
        }
    }
    Ok(())
}

/// How a file falls into documents and these into sentences.
struct Layout<'a> {
    documents: Vec<Vec<&'a str>>,
    has_sentences: bool,
    has_documents: bool,
}

/// Follows the file's own boundaries where it has them, and the options where it has none.
fn lay_out<'a>(job: &mut Job<'a>) -> Result<Layout<'a>, FormatError> {
    let text = job.source.text();
    let has_sentences = text.contains(SENTENCE_DELIMITER);
    let has_documents = text.contains(DOCUMENT_DELIMITER);
    let (mut n_sents, mut seg_sents) = (job.options.n_sents, job.options.seg_sents);
    if has_sentences && seg_sents {
        job.warn("Sentence boundaries found, automatic sentence segmentation with `-s` disabled.");
        seg_sents = false;
    }
    if has_documents && n_sents > 0 {
        job.warn("Document delimiters found, automatic document segmentation with `-n` disabled.");
        n_sents = 0;
    }
    let as_found = |sentences: Vec<&'a str>, has_sentences| Layout {
        documents: split_documents(&sentences),
        has_sentences,
        has_documents,
    };
    let own_sentences = || text.split(SENTENCE_DELIMITER).collect();
    Ok(match (has_sentences, has_documents) {
        (true, false) if n_sents > 0 => {
            job.report_grouping();
            grouped(own_sentences(), n_sents)
        }
        (false, true) if seg_sents => {
            let sentences = segment_sentences(job)?;
            let has_sentences = sentences.len() > 1;
            as_found(sentences, has_sentences)
        }
        (false, false) if n_sents > 0 && !seg_sents => {
            job.warn(format!(
                "No sentence boundaries found to use with option `-n {n_sents}`. Use `-s` to automatically segment \
                 sentences or `-n 0` to disable."
            ));
            as_found(own_sentences(), false)
        }
        (false, false) => {
            job.report_grouping();
            let sentences = segment_sentences(job)?;
            let has_sentences = sentences.len() > 1;
            if n_sents > 0 { grouped(sentences, n_sents) } else { as_found(sentences, has_sentences) }
        }
        _ => as_found(own_sentences(), has_sentences),
    })
}

/// Documents of `n_sents` sentences. Blank ones count.
fn grouped(sentences: Vec<&str>, n_sents: usize) -> Layout<'_> {
    let documents = sentences.chunks(n_sents).map(<[&str]>::to_vec).collect();
    Layout { documents, has_sentences: true, has_documents: true }
}

/// Starts a document at every delimiter.
fn split_documents<'a>(sentences: &[&'a str]) -> Vec<Vec<&'a str>> {
    let mut documents = vec![Vec::new()];
    for sentence in sentences {
        for (index, part) in sentence.split(DOCUMENT_DELIMITER).enumerate() {
            if index > 0 {
                documents.push(Vec::new());
            }
            documents.last_mut().expect("there is a first one").push(part);
        }
    }
    documents
}

/// Sentences of a file without blank lines, found by their full stops.
fn segment_sentences<'a>(job: &mut Job<'a>) -> Result<Vec<&'a str>, FormatError> {
    job.refuse_model()?;
    job.report(Message::info(
        "Segmenting sentences with sentencizer. (Use `-b model` for improved parser-based sentence segmentation.)",
    ));
    let text = strip(job.source.text());
    let mut offset = 0;
    let mut line_offsets = Vec::new();
    let mut first_words = Vec::new();
    for line in text.split('\n') {
        let blank = || job.source.error(line, None, "a line without a token; expected a word and a tag");
        first_words.push(words(line).next().ok_or_else(blank)?);
        line_offsets.push(offset);
        offset += line.len() + 1;
    }
    let doc = Doc::from_words(job.vocab.clone(), &first_words, &[]);
    let starts = Sentencizer::default().sentence_starts(&doc);
    let mut bounds: Vec<usize> = line_offsets
        .into_iter()
        .zip(starts)
        .filter_map(|(offset, starts)| starts.then_some(offset))
        .collect();
    bounds.push(text.len());
    Ok(bounds.windows(2).map(|bounds| &text[bounds[0]..bounds[1]]).collect())
}

/// A document of sentences; `None` if there is nothing in them.
fn read_document(job: &mut Job<'_>, sentences: &[&str]) -> Result<Option<Doc>, FormatError> {
    let (mut tokens, mut tags) = (Vec::new(), Vec::new());
    for sentence in sentences.iter().filter(|sentence| !strip(sentence).is_empty()) {
        let sentence = read_sentence(job.source, sentence)?;
        tags.extend(biluo_tags(job, &sentence)?);
        tokens.extend(sentence);
    }
    if tokens.is_empty() {
        return Ok(None);
    }
    to_doc(job.source, &job.vocab, &tokens, &tags).map(Some)
}

/// The tokens of a sentence. The shortest line tells how many columns there are.
fn read_sentence<'a>(source: &Source, sentence: &'a str) -> Result<Vec<TaggedToken<'a>>, FormatError> {
    let lines: Vec<Vec<&str>> = sentence
        .split('\n')
        .map(|line| words(line).collect())
        .filter(|columns: &Vec<_>| !columns.is_empty())
        .collect();
    let shortest = lines.iter().min_by_key(|columns| columns.len());
    let n_columns = shortest.map_or(0, Vec::len);
    if let Some([word]) = shortest.map(Vec::as_slice) {
        let message =
            format!("expected a word and a tag, found {word:?} alone; check white space and delimiters");
        return Err(source.error(word, Some("E903"), message));
    }
    let to_token = |(index, columns): (usize, &Vec<&'a str>)| TaggedToken {
        word: columns[0],
        pos: if n_columns > 2 { columns[1] } else { "-" },
        iob: columns[n_columns - 1],
        starts_sentence: index == 0,
    };
    Ok(lines.iter().enumerate().map(to_token).collect())
}
