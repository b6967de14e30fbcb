use super::boundaries::Boundaries;
use super::columns::Columns;
use super::find_columns::find_columns;
use super::layout::Plan;
use super::tagged_token::{TaggedToken, add_tags, to_doc};
use crate::FormatError;
use crate::formats::job::Job;
use crate::tags::{Scheme, Survey};

/// Converts a file with a token a line, in columns of which one is a tag.
pub(crate) fn convert(job: &mut Job<'_>) -> Result<(), FormatError> {
    let mut boundaries = Boundaries::of(job.source.text());
    let plan = Plan::of(job, &boundaries)?;
    if boundaries.documents.iter().all(Vec::is_empty) {
        return Ok(());
    }
    if boundaries.documents.last().is_some_and(Vec::is_empty) {
        job.account
            .findings
            .push("no sentence follows the last document mark: the file was probably cut short".to_owned());
    }
    // Once for the file: a line that differs is at fault then, and not the lines around it.
    let columns = find_columns(job, &mut boundaries.documents)?;
    let documents = plan.lay_out(job, boundaries, &columns)?;
    job.refuse_model()?;
    let scheme = find_scheme(job, &columns, documents.iter().flatten().copied())?;
    for sentences in documents {
        read_document(job, &columns, scheme, &sentences)?;
    }
    Ok(())
}

/// The scheme of all tags. Fails at the first line that is in disorder, before any document is passed on.
fn find_scheme<'a>(
    job: &Job<'_>,
    columns: &Columns,
    sentences: impl Iterator<Item = &'a str>,
) -> Result<Scheme, FormatError> {
    let mut survey = Survey::new(job.options.scheme);
    for sentence in sentences {
        for line in columns.lines(sentence) {
            let row = columns.row(job.source, line)?;
            survey.add(row.tag).map_err(|error| error.at(job.source))?;
        }
        survey.end_sentence();
    }
    survey.scheme().map_err(|error| error.at(job.source))
}

/// Reads the sentences of a document, and passes it on.
fn read_document(
    job: &mut Job<'_>,
    columns: &Columns,
    scheme: Scheme,
    sentences: &[&str],
) -> Result<(), FormatError> {
    let (mut tokens, mut tags) = (Vec::new(), Vec::new());
    for sentence in sentences {
        let start = tokens.len();
        for (index, line) in columns.lines(sentence).enumerate() {
            let row = columns.row(job.source, line)?;
            let tag = scheme.tag(row.tag).expect("the scheme was found with this tag among others");
            tokens.push(TaggedToken { word: row.word, pos: row.pos, tag, starts_sentence: index == 0 });
        }
        add_tags(job, scheme, &tokens[start..], &mut tags);
    }
    let (doc, n_spans) = to_doc(job.source, &job.vocab, &tokens, &tags)?;
    job.keep(doc, sentences.len(), n_spans)
}
