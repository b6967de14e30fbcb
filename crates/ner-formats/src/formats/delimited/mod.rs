//! Tables with a header, separated by commas, semicolons or tabs (RFC 4180): a row a token, or a row a text.

mod header;
mod python;
mod row;
mod texts;
mod tokens;

use std::io::Read;

use csv::{Reader, ReaderBuilder, StringRecord};

use self::header::{Columns, Rows};
use self::row::{Row, error};
use super::Records;
use crate::FormatError;
use crate::read::ReadOptions;
use crate::source::{Sample, Source};

/// Whether the first line names the columns of such a table.
pub(super) fn looks_like(sample: &Sample<'_>) -> bool {
    let Some(first) = sample.lines().next().filter(|_| sample.json.is_none()) else { return false };
    let separator = header::separator(first);
    let names: Vec<_> = first.split(char::from(separator)).map(|name| name.trim_matches('"')).collect();
    header::is_header(&names)
}

pub(super) fn read(source: &Source, options: &ReadOptions) -> Result<Records, FormatError> {
    let mut rows = rows(source)?.into_iter();
    let Some(header) = rows.next() else { return Ok(Records::new()) };
    let rows: Vec<_> = rows.collect();
    let columns =
        Columns::of(&header.cells, &rows, options).map_err(|message| error(source, &header, message))?;
    Ok(match columns.rows {
        Rows::Tokens { sentence } => tokens::records(source, &columns, sentence, &rows),
        Rows::Texts => rows.iter().map(|row| texts::record(source, &columns, row, options)).collect(),
    })
}

/// A row behind the text. A quotation mark that is not closed takes it into its cell, and so shows.
const END: &str = "\0";

fn rows(source: &Source) -> Result<Vec<Row>, FormatError> {
    let text = source.text();
    let first = text.lines().next().unwrap_or_default();
    let mut reader = ReaderBuilder::new()
        .delimiter(header::separator(first))
        .has_headers(false)
        // Rows of other lengths are told with their line, as what they lack.
        .flexible(true)
        .from_reader(text.as_bytes().chain(&b"\n"[..]).chain(END.as_bytes()));
    let (mut rows, mut cells, mut end) = (Vec::<Row>::new(), StringRecord::new(), 0);
    while read_row(&mut reader, &mut cells, source)? {
        let next = reader.position().byte() as usize;
        if next > text.len() && cells == [END][..] {
            return Ok(rows);
        }
        // The reader passes blank lines over; they stand where the row before it ended.
        let blank = text[end..].bytes().take_while(|&byte| byte == b'\n').count();
        let line = cells.position().map_or(0, |position| position.line() as usize);
        rows.push(Row { line, follows_blank: blank > 0, cells: cells.clone() });
        end = text.len().min(next);
    }
    let last = rows.last().expect("there is a row behind the text");
    let message = "a quotation mark is not closed; it has to be doubled and quoted, as \"\"\"\", or the file was cut short";
    Err(error(source, last, message.to_owned()))
}

fn read_row<R: Read>(
    reader: &mut Reader<R>,
    cells: &mut StringRecord,
    source: &Source,
) -> Result<bool, FormatError> {
    reader.read_record(cells).map_err(|problem| FormatError::Malformed {
        place: source.first(),
        message: format!("no table: {problem}"),
        code: None,
    })
}
