use anyhow::anyhow;
use csv::{ErrorKind, StringRecord};
use ner::Content;
use ner_formats::{Opened, Place, take_annotation};
use serde_json::Value;

use super::inputs::{Fields, Input, ReadError, Reader, Source};

/// The column that holds the texts unless an option names it.
const TEXT: &str = "text";

/// The rows of a table, whose first row names the columns: the text of one column, and the others as fields.
pub(super) fn read(opened: Opened, reader: &Reader) -> Result<Source, ReadError> {
    let place = Place::file(opened.file().clone());
    let column = reader.args.text_column.as_deref().unwrap_or(TEXT);
    let delimiter = delimiter(opened.head());
    let mut table = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(opened.into_reader());
    let header = table.headers().map_err(|error| fault(&error, &place).whole_file())?.clone();
    let Some(text_column) = header.iter().position(|name| name.trim() == column) else {
        let names = header.iter().collect::<Vec<_>>().join(", ");
        return Err(ReadError::File(anyhow!(
            "{place}: the table has the columns {names}, and no {column:?}; name that of the texts with --text-column"
        )));
    };
    Ok(Box::new(table.into_records().map(move |row| {
        let row = row.map_err(|error| fault(&error, &place))?;
        let place = row.position().map_or(place.clone(), |at| place.clone().line(at.line() as usize));
        Ok(input(&header, &row, text_column, place))
    })))
}

/// The character between cells: the most frequent of those in use in the line of the header.
fn delimiter(head: &[u8]) -> u8 {
    let line = head.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let count = |delimiter: &u8| line.iter().filter(|byte| *byte == delimiter).count();
    // The last of equals is the largest: a table of one column is one of commas.
    b"\t;,".iter().copied().max_by_key(count).unwrap_or(b',')
}

fn input(header: &StringRecord, row: &StringRecord, text_column: usize, place: Place) -> Input {
    let cells = header.iter().zip(row).enumerate().filter(|&(column, _)| column != text_column);
    let mut fields: Fields = cells.map(|(_, (name, cell))| (name.to_owned(), Value::from(cell))).collect();
    take_annotation(&mut fields);
    let text = row.get(text_column).unwrap_or_default().to_owned();
    Input { content: Content::Text(text), place, extra: fields }
}

fn fault(error: &csv::Error, place: &Place) -> ReadError {
    let line = error.position().map_or(0, csv::Position::line);
    let place = place.clone().line(line as usize);
    match error.kind() {
        ErrorKind::UnequalLengths { expected_len, len, .. } => ReadError::Record(anyhow!(
            "{place}: the row has {len} cells, and the first row {expected_len}; text with the delimiter in it needs \
             quotes"
        )),
        ErrorKind::Utf8 { .. } => ReadError::Record(anyhow!(
            "{place}: the text is not in UTF-8; convert the file to UTF-8, or say --encoding windows-1252 if it is of \
             that encoding"
        )),
        _ => ReadError::File(anyhow!("{place}: {error}")),
    }
}
