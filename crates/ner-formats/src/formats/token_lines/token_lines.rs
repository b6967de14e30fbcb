use ner_cpython::{strip, words};
use ner_doc::{Doc, Sentencizer};

use super::tagged_token::{TaggedToken, biluo_tags, n_entities, to_doc};
use crate::FormatError;
use crate::account::Message;
use crate::formats::job::Job;
use crate::source::Source;

const DOCUMENT_DELIMITER: &str = "-DOCSTART- -X- O O";
const SENTENCE_DELIMITER: &str = "\n\n";

/// Converts a file with a token a line, in columns of which the last is an IOB tag.
pub(crate) fn convert(job: &mut Job<'_>) -> Result<(), FormatError> {
    let layout = lay_out(job)?;
    if !layout.has_sentences {
        job.warn("No sentence boundaries found. Use `-s` to automatically segment sentences.");
    }
    if !layout.has_documents {
        job.warn("No document delimiters found. Use `-n` to automatically group sentences into documents.");
    }
    job.refuse_model()?;
    for sentences in layout.documents {
        read_document(job, &sentences)?;
    }
    Ok(())
}

/// The sentences of a file by documents, and whether the file has boundaries of either kind, its own or new ones.
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
    warn_of_idle_options(job, has_sentences, has_documents);
    let n_sents = if has_documents { 0 } else { job.options.n_sents };
    // spaCy: a file without any boundary is segmented with `-n 0` even if `-s` was not asked for
    // (training/converters/conll_ner_to_docs.py).
    let segments = !has_sentences && (job.options.seg_sents || (!has_documents && n_sents == 0));
    let groups = n_sents > 0 && (has_sentences || segments);
    if n_sents > 0 && !groups {
        job.warn(format!(
            "No sentence boundaries found to use with option `-n {n_sents}`. Use `-s` to automatically segment \
             sentences or `-n 0` to disable."
        ));
    }
    if !has_documents && (segments || groups) {
        job.report_grouping();
    }
    let sentences = if segments { segment_sentences(job)? } else { text.split(SENTENCE_DELIMITER).collect() };
    if groups {
        // Blank sentences count towards the group, as in spaCy, although they add nothing to its document.
        let documents = sentences.chunks(n_sents).map(<[&str]>::to_vec).collect();
        return Ok(Layout { documents, has_sentences: true, has_documents: true });
    }
    let has_sentences = if segments { sentences.len() > 1 } else { has_sentences };
    Ok(Layout { documents: split_documents(&sentences), has_sentences, has_documents })
}

/// Warns of options that the file's own boundaries overrule.
fn warn_of_idle_options(job: &mut Job<'_>, has_sentences: bool, has_documents: bool) {
    if has_sentences && job.options.seg_sents {
        job.warn("Sentence boundaries found, automatic sentence segmentation with `-s` disabled.");
    }
    if has_documents && job.options.n_sents > 0 {
        job.warn("Document delimiters found, automatic document segmentation with `-n` disabled.");
    }
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
    // The sentencizer reads words, so the lines' first columns become a document for the time being; sentences are cut
    // out of the text again by the places of their first lines, so that errors still name lines of the file.
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

/// Reads the sentences of a document, and passes it on unless there is nothing in them.
fn read_document(job: &mut Job<'_>, sentences: &[&str]) -> Result<(), FormatError> {
    let (mut tokens, mut tags, mut n_sentences) = (Vec::new(), Vec::new(), 0);
    for sentence in sentences.iter().filter(|sentence| !strip(sentence).is_empty()) {
        let sentence = read_sentence(job.source, sentence)?;
        tags.extend(biluo_tags(job, &sentence)?);
        tokens.extend(sentence);
        n_sentences += 1;
    }
    if tokens.is_empty() {
        return Ok(());
    }
    let doc = to_doc(job.source, &job.vocab, &tokens, &tags)?;
    job.keep(doc, n_sentences, n_entities(&tags))
}

/// The tokens of a sentence.
fn read_sentence<'a>(source: &Source, sentence: &'a str) -> Result<Vec<TaggedToken<'a>>, FormatError> {
    let lines: Vec<Vec<&str>> = sentence
        .split('\n')
        .map(|line| words(line).collect())
        .filter(|columns: &Vec<_>| !columns.is_empty())
        .collect();
    // spaCy: columns are zipped, so that the shortest line decides how many there are and the last of them is read as the
    // tag even in longer lines (training/converters/conll_ner_to_docs.py).
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
