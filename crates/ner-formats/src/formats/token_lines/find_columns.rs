use std::num::NonZeroI32;

use super::columns::Columns;
use super::first_rows::FirstRows;
use crate::FormatError;
use crate::formats::job::Job;
use crate::source::Source;
use crate::tags::{ANY_TAG, Scheme, Tag, mend};

/// Labels of chunks, by which the chunk column of CoNLL-2000 and 2003 is told from one of entities.
const CHUNKS: [&str; 14] =
    ["NP", "VP", "PP", "ADVP", "ADJP", "SBAR", "PRT", "CONJP", "INTJ", "LST", "UCP", "NC", "VC", "PC"];

/// Finds the columns of a file, whose sentences are given by documents, and takes off the line that names them.
pub(super) fn find_columns(job: &mut Job<'_>, documents: &mut [Vec<&str>]) -> Result<Columns, FormatError> {
    let mut rows = FirstRows::of(documents.iter().flatten().copied());
    let count = rows.n_columns;
    if count < 2 {
        let mut lines = documents.iter().flatten().flat_map(|sentence| sentence.split('\n'));
        let word = rows.rows.first().map(|row| row.line).or_else(|| lines.next()).unwrap_or_default();
        let hint = csv_hint(documents);
        let message = format!(
            "expected a word and a tag, found {word:?} alone; check white space and delimiters{hint}"
        );
        return Err(job.source.error(word, Some("E903"), message));
    }
    if let Some(header) = rows.take_header() {
        take_off(header, documents);
        let line = job.source.line_of(header);
        job.account.findings.push(format!("line {line} names the columns and is left out: {header:?}"));
    }
    let tag = match job.options.tag_column {
        Some(column) => resolve(job.source, column, count, "tag")?,
        None => last_column(job, &rows, documents)?,
    };
    let word = match job.options.token_column {
        Some(column) => resolve(job.source, column, count, "token")?,
        None => word_column(job.source, &rows, tag)?,
    };
    if word == tag {
        let message = format!("column {} is that of the tags; name another with --token-column", word + 1);
        return Err(job.source.error(job.source.text(), None, message));
    }
    let is_pos = |column: &usize| *column < count && *column != tag && !rows.holds_tags(*column);
    Ok(Columns {
        split: rows.split,
        count,
        word,
        pos: Some(word + 1).filter(is_pos),
        tag,
        scheme: job.options.scheme,
    })
}

/// The index of a column that an option counts from either end.
fn resolve(source: &Source, column: NonZeroI32, count: usize, name: &str) -> Result<usize, FormatError> {
    let at = usize::try_from(column.unsigned_abs().get()).unwrap_or(usize::MAX);
    if at > count {
        let message = format!("--{name}-column {column}: most lines have {count} columns");
        return Err(source.error(source.text(), None, message));
    }
    Ok(if column.get() > 0 { at - 1 } else { count - at })
}

/// The last column, or another if that has entities and the last has none. Fails if the last holds no tags; of others
/// that do, a finding tells.
fn last_column(
    job: &mut Job<'_>,
    rows: &FirstRows<'_>,
    documents: &[Vec<&str>],
) -> Result<usize, FormatError> {
    let last = rows.n_columns - 1;
    let others: Vec<usize> = (0..last).filter(|&column| is_of_entities(rows, column)).collect();
    // A column of labels alone looks like any other.
    if job.options.scheme != Some(Scheme::Io) && !rows.holds_tags(last) && !is_unknown(rows, last) {
        return Err(no_tags(job.source, rows, last, &others, documents));
    }
    // The last one is that of nested entities in some corpora (GermEval 2014), of which a file may have none.
    let n_labels = |column: usize| {
        rows.column(column).filter(|cell| Tag::parse(cell).and_then(Tag::label).is_some()).count()
    };
    let fullest = others.iter().copied().max_by_key(|&column| n_labels(column));
    let taken = fullest.filter(|&fullest| n_labels(last) == 0 && n_labels(fullest) > 0).unwrap_or(last);
    let left = others.iter().copied().chain([last]).find(|&column| column != taken);
    if let Some(left) = left {
        let finding = format!(
            "columns {} hold tags; column {} was read: take another with --tag-column {}",
            numbers(others.iter().copied().chain([last])),
            taken + 1,
            left + 1
        );
        job.account.findings.push(finding);
    }
    Ok(taken)
}

fn is_of_entities(rows: &FirstRows<'_>, column: usize) -> bool {
    let is_chunk = |cell| Tag::parse(cell).and_then(Tag::label).is_none_or(|label| CHUNKS.contains(&label));
    let has_labels = |cell| Tag::parse(cell).and_then(Tag::label).is_some();
    rows.holds_tags(column) && !(rows.column(column).any(has_labels) && rows.column(column).all(is_chunk))
}

/// Whether nothing is known of any token.
fn is_unknown(rows: &FirstRows<'_>, column: usize) -> bool {
    rows.column(column).all(|cell| Tag::parse(cell) == Some(Tag::Unknown))
}

fn no_tags(
    source: &Source,
    rows: &FirstRows<'_>,
    column: usize,
    others: &[usize],
    documents: &[Vec<&str>],
) -> FormatError {
    let mut wrong: Vec<&str> =
        rows.column(column).filter(|cell| Tag::parse(cell).is_none()).take(20).collect();
    let first = wrong[0];
    wrong.dedup();
    wrong.truncate(2);
    let mend = match others {
        [] => format!("{}{}", mend(first, None), csv_hint(documents)),
        [other, ..] => {
            let other = other + 1;
            format!("column {} does: name it with --tag-column {other}", numbers(others.iter().copied()))
        }
    };
    let message =
        format!("the last column holds no tags ({}, ..); expected {ANY_TAG}; {mend}", wrong.join(", "));
    source.error(first, Some("E177"), message)
}

/// The numbers of columns, from 1.
fn numbers(columns: impl Iterator<Item = usize>) -> String {
    columns.map(|column| (column + 1).to_string()).collect::<Vec<_>>().join(", ")
}

/// The first column that is neither a running number nor the tag.
fn word_column(source: &Source, rows: &FirstRows<'_>, tag: usize) -> Result<usize, FormatError> {
    let is_word = |&column: &usize| column != tag && !rows.is_running_number(column);
    (0..rows.n_columns).find(is_word).ok_or_else(|| {
        let message =
            "no column holds words: beside the tags there are running numbers; name it with --token-column";
        source.error(source.text(), Some("E903"), message)
    })
}

/// Cuts a sentence behind its line that names the columns.
fn take_off(header: &str, documents: &mut [Vec<&str>]) {
    let end = header.as_ptr() as usize + header.len();
    let sentence = documents.iter_mut().flatten().next().expect("the header was found in it");
    let length = end - sentence.as_ptr() as usize;
    *sentence = sentence[length..].strip_prefix('\n').unwrap_or_default();
}

/// A file of commas whose lines end in a tag is another format.
fn csv_hint(documents: &[Vec<&str>]) -> &'static str {
    let lines = documents.iter().flatten().flat_map(|sentence| sentence.split('\n')).take(20);
    let ends_with_tag =
        |line: &str| line.rsplit_once([',', ';']).is_some_and(|(_, cell)| Tag::parse(cell).is_some());
    if lines.filter(|line| ends_with_tag(line)).count() > 0 {
        "; it looks like CSV: read that with -c csv"
    } else {
        ""
    }
}
