use super::header::{Columns, is_tag};
use super::row::{Row, error, place};
use crate::FormatError;
use crate::formats::Records;
use crate::record::Record;
use crate::source::Source;

/// A record for each sentence. One begins at a blank row, and where the cell of the sentence changes; an empty one goes on
/// with the sentence, as in tables that number it in its first row alone.
pub(super) fn records(source: &Source, columns: &Columns, sentence: Option<usize>, rows: &[Row]) -> Records {
    let mut records = Records::new();
    let (mut sentence_rows, mut number): (Vec<&Row>, &str) = (Vec::new(), "");
    for row in rows {
        let own_number = sentence.and_then(|column| row.cells.get(column)).unwrap_or_default().trim();
        // All cells or none: the beginning of a row that was cut short is not a blank one.
        let is_blank = row.cells.iter().all(|cell| cell.trim().is_empty())
            && [1, columns.names.len()].contains(&row.cells.len());
        let is_next = !own_number.is_empty() && own_number != number;
        if (is_blank || is_next || row.follows_blank) && !sentence_rows.is_empty() {
            records.push(record(source, columns, &sentence_rows));
            sentence_rows.clear();
        }
        if is_next {
            number = own_number;
        }
        if !is_blank {
            sentence_rows.push(row);
        }
    }
    if !sentence_rows.is_empty() {
        records.push(record(source, columns, &sentence_rows));
    }
    if let ([Ok(record)], None) = (records.as_mut_slice(), sentence) {
        let finding = "no column numbers sentences and no row is blank, so all rows are one text";
        record.findings.push(finding.to_owned());
    }
    records
}

fn record(source: &Source, columns: &Columns, rows: &[&Row]) -> Result<Record, FormatError> {
    let (mut words, mut tags) = (Vec::new(), Vec::new());
    for row in rows {
        let cell = |column| row.cells.get(column).map(str::trim).filter(|cell: &&str| !cell.is_empty());
        let named = |column: usize| {
            let (name, n_cells, n_names) = (&columns.names[column], row.cells.len(), columns.names.len());
            error(source, row, format!("no {name} in this row, which has {n_cells} of {n_names} cells"))
        };
        let word = cell(columns.text).ok_or_else(|| named(columns.text))?;
        if word.contains('\n') {
            let message =
                "the word runs over a line end; a quotation mark has to be doubled and quoted, as \"\"\"\"";
            return Err(error(source, row, message.to_owned()));
        }
        words.push(word.to_owned());
        let tag = cell(columns.annotation).ok_or_else(|| named(columns.annotation))?;
        // Otherwise any word would be taken for a tag and a label cut out of it.
        if !is_tag(tag) {
            let message =
                format!("{tag:?} is no entity tag; expected O, or a letter as B or I, a hyphen and a label");
            return Err(error(source, row, message));
        }
        tags.push(tag.to_owned());
    }
    Ok(Record::of_tags(place(source, rows[0]), words, tags))
}
