use ner_cpython::{is_space, strip, words};

use super::tagged_token::{TaggedToken, add_tags, to_doc};
use crate::FormatError;
use crate::formats::job::Job;
use crate::source::Source;
use crate::tags::{Scheme, Survey};

/// Converts a file with a sentence a line, of `word|TAG` or `word|POS|TAG`.
pub(crate) fn convert(job: &mut Job<'_>) -> Result<(), FormatError> {
    job.report_grouping();
    let text = job.source.text();
    let scheme = find_scheme(job, lines(text))?;
    let mut lines = lines(text).peekable();
    let n_sents = if job.options.n_sents == 0 { usize::MAX } else { job.options.n_sents };
    while lines.peek().is_some() {
        read_document(job, scheme, lines.by_ref().take(n_sents))?;
    }
    Ok(())
}

/// The sentences. Blank lines are none.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n').filter(|line| !strip(line).is_empty())
}

/// The scheme of all tags. Fails at the first line that is in disorder, before any document is passed on.
fn find_scheme<'a>(job: &Job<'_>, lines: impl Iterator<Item = &'a str>) -> Result<Scheme, FormatError> {
    let mut survey = Survey::new(job.options.scheme);
    for line in lines {
        for fields in read_sentence(job.source, line)? {
            survey.add(fields?.tag).map_err(|error| error.at(job.source))?;
        }
        survey.end_sentence();
    }
    survey.scheme().map_err(|error| error.at(job.source))
}

fn read_document<'a>(
    job: &mut Job<'_>,
    scheme: Scheme,
    lines: impl Iterator<Item = &'a str>,
) -> Result<(), FormatError> {
    let (mut tokens, mut n_lines) = (Vec::new(), 0);
    for line in lines {
        n_lines += 1;
        for (index, fields) in read_sentence(job.source, line)?.enumerate() {
            let Fields { word, pos, tag } = fields?;
            let tag = scheme.tag(tag).expect("the scheme was found with this tag among others");
            tokens.push(TaggedToken { word, pos, tag, starts_sentence: index == 0 });
        }
    }
    let mut tags = Vec::with_capacity(tokens.len());
    // spaCy: an entity goes on in the next line of its document (training/converters/iob_to_docs.py).
    add_tags(job, scheme, &tokens, &mut tags);
    let (doc, n_spans) = to_doc(job.source, &job.vocab, &tokens, &tags)?;
    job.keep(doc, n_lines, n_spans)
}

/// What stands between the bars of a token.
struct Fields<'a> {
    word: &'a str,
    pos: &'a str,
    tag: &'a str,
}

/// The tokens of a line. The first one decides whether the line has parts of speech.
fn read_sentence<'a>(
    source: &Source,
    line: &'a str,
) -> Result<impl Iterator<Item = Result<Fields<'a>, FormatError>>, FormatError> {
    let first = words(line).next().unwrap_or_default();
    let n_fields = first.split('|').count();
    if !matches!(n_fields, 2 | 3) {
        let message = format!("expected word|TAG or word|POS|TAG, found {first:?}; check the delimiters");
        return Err(source.error(line.trim_start_matches(is_space), Some("E902"), message));
    }
    Ok(words(line).map(move |token| {
        let mut fields = token.split('|');
        let found = match (n_fields, fields.next(), fields.next(), fields.next(), fields.next()) {
            (2, Some(word), Some(tag), None, _) => Fields { word, pos: "-", tag },
            (3, Some(word), Some(pos), Some(tag), None) => Fields { word, pos, tag },
            _ => {
                let message = format!("expected {n_fields} fields as in {first:?}, found {token:?}");
                return Err(source.error(token, Some("E177"), message));
            }
        };
        Ok(found)
    }))
}
