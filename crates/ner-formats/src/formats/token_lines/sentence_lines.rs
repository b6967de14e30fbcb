use ner_cpython::{is_space, strip, words};
use ner_doc::BiluoTag;

use super::tagged_token::{TaggedToken, biluo_tags, n_entities, to_doc};
use crate::FormatError;
use crate::formats::job::Job;
use crate::source::Source;

/// Converts a file with a sentence a line, of `word|TAG` or `word|POS|TAG`.
pub(crate) fn convert(job: &mut Job<'_>) -> Result<(), FormatError> {
    let n_sents = job.options.n_sents;
    // spaCy: with 0 sentences per document there are no documents.
    if n_sents == 0 {
        return Ok(());
    }
    job.report_grouping();
    let lines: Vec<&str> = job.source.text().split('\n').collect();
    // spaCy: blank lines count as sentences, so that a group of them becomes an empty document.
    for group in lines.chunks(n_sents) {
        let mut tokens = Vec::new();
        for line in group.iter().filter(|line| !strip(line).is_empty()) {
            read_sentence(job.source, line, &mut tokens)?;
        }
        let tags: Vec<Option<BiluoTag>> = biluo_tags(job, &tokens)?;
        let doc = to_doc(job.source, &job.vocab, &tokens, &tags)?;
        let n_lines = group.iter().filter(|line| !strip(line).is_empty()).count();
        let n_spans = n_entities(&tags);
        job.keep(doc, n_lines.max(1), n_spans)?;
    }
    Ok(())
}

/// Appends the tokens of a line. The first one decides whether the line has parts of speech.
fn read_sentence<'a>(
    source: &Source,
    line: &'a str,
    tokens: &mut Vec<TaggedToken<'a>>,
) -> Result<(), FormatError> {
    let first = words(line).next().unwrap_or_default();
    let n_fields = first.split('|').count();
    if !matches!(n_fields, 2 | 3) {
        let message = format!("expected word|TAG or word|POS|TAG, found {first:?}; check the delimiters");
        return Err(source.error(line.trim_start_matches(is_space), Some("E902"), message));
    }
    for (index, token) in words(line).enumerate() {
        // One field more than are read, so that `a|b|NN|O` has its first fields taken and not its last joined.
        let fields: Vec<&str> = token.splitn(n_fields + 1, '|').collect();
        let (word, pos, iob) = match (n_fields, fields.as_slice()) {
            (2, [word, iob, ..]) => (*word, "-", *iob),
            (3, [word, pos, iob, ..]) => (*word, *pos, *iob),
            _ => {
                let message = format!("expected {n_fields} fields as in {first:?}, found {token:?}");
                return Err(source.error(token, None, message));
            }
        };
        tokens.push(TaggedToken { word, pos, iob, starts_sentence: index == 0 });
    }
    Ok(())
}
