use std::collections::HashMap;

use super::layers::{LabelColumn, label_column, span_layers};
use super::sentences::{Sentence, TokenLine, sentences};
use super::values::{LabelValue, label_values};
use crate::FormatError;
use crate::formats::Records;
use crate::read::ReadOptions;
use crate::record::{RawSpan, Record, Utf16Text, is_same_text};
use crate::source::Source;

/// Reads a document. It is one record, as it is one in the tool; offsets and numbers of annotations count over all of it.
pub(in crate::formats) fn read(source: &Source, options: &ReadOptions) -> Result<Records, FormatError> {
    Ok(vec![record(source, options)])
}

fn record(source: &Source, options: &ReadOptions) -> Result<Record, FormatError> {
    let sentences = sentences(source)?;
    let (layers, n_columns) = span_layers(source.text());
    let lines: Vec<_> = sentences.iter().flat_map(|sentence| &sentence.lines).collect();
    if let Some(line) = lines.iter().find(|line| line.columns.len() < n_columns) {
        return Err(short(source, line, n_columns));
    }
    let column = label_column(source, &layers, &lines)?;
    let text = document_text(&sentences);
    let mut record = Record::new(source.first());
    let words: Vec<_> = lines.iter().filter(|line| !line.is_part).map(|line| line.word.clone()).collect();
    // Files that were written by hand lack tokens, of punctuation for instance.
    if is_same_text(&text, &words.concat()) {
        record.words = Some(words);
    } else {
        record
            .findings
            .push("its tokens are not all of its text, which is split into tokens anew".to_owned());
    }
    if let Some(column) = &column {
        let annotations = annotations(&sentences, column);
        let units = Utf16Text::of(&text, options);
        let span = |annotation: Annotation| {
            let (start, end) = units.span(annotation.begin, annotation.end);
            RawSpan::new(start, end, annotation.label).with_text(annotation.text)
        };
        record.spans = Some(annotations.into_iter().map(span).collect());
        record.left_out = vec![("layers of spans", column.n_other_layers)];
        record.findings.extend(column.finding.clone());
    } else if !layers.is_empty() {
        // Its layers are declared and have no value, so it is annotated and has no entity.
        record.spans = Some(Vec::new());
    }
    record.text = Some(text);
    Ok(record)
}

/// The sentences with one space between those that do not touch: what stands there is not in the file.
fn document_text(sentences: &[Sentence<'_>]) -> String {
    let parts = sentences.iter().map(|sentence| [sentence.gap, &sentence.text]);
    parts.flatten().collect()
}

struct Annotation {
    label: String,
    /// In UTF-16 units of the document's text, as it is put together here.
    begin: usize,
    end: usize,
    text: String,
}

fn annotations(sentences: &[Sentence<'_>], column: &LabelColumn<'_>) -> Vec<Annotation> {
    let mut annotations: Vec<Annotation> = Vec::new();
    let mut numbered: HashMap<u32, usize> = HashMap::new();
    let mut sentence_begin = 0;
    for sentence in sentences {
        sentence_begin += sentence.gap.len();
        for line in &sentence.lines {
            let place = |offset: usize| sentence_begin + offset - sentence.begin;
            for LabelValue { label, number } in label_values(line.columns[column.index]) {
                match number.and_then(|number| numbered.get(&number)) {
                    Some(&index) => annotations[index].extend(place(line.end), &line.word),
                    None => {
                        // Without a number an annotation is of this token alone.
                        numbered.extend(number.map(|number| (number, annotations.len())));
                        let label = if label.is_empty() { column.unnamed.to_owned() } else { label };
                        let (begin, end) = (place(line.begin), place(line.end));
                        annotations.push(Annotation { label, begin, end, text: line.word.clone() });
                    }
                }
            }
        }
        sentence_begin += sentence.n_units;
    }
    annotations
}

impl Annotation {
    fn extend(&mut self, end: usize, word: &str) {
        self.end = end;
        self.text.push(' ');
        self.text += word;
    }
}

fn short(source: &Source, line: &TokenLine<'_>, n_columns: usize) -> FormatError {
    let found = line.columns.len();
    let message = format!(
        "the line has fewer columns ({found}) than the layers of the header need ({n_columns}); if it was cut or edited, export \
         the document again"
    );
    source.error(line.columns[0], None, message)
}
