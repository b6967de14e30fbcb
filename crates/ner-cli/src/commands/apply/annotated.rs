use std::io::Read;
use std::path::Path;

use anyhow::Context;
use ner::Content;
use ner_doc::{Doc, EntIob};
use ner_formats::account::RecordLoss;
use ner_formats::docbin::DocBin;
use ner_formats::record::OffsetUnit;
use ner_formats::{Format, JsonlWriter, Opened, Place, ReadOptions, Reading};
use ner_vocab::StringId;
use serde_json::Map;

use super::inputs::{Fields, Input, ReadError, Reader, Source, without_record};
use crate::report;

/// spaCy's documents. What they say of entities is kept, and predictions respect it, as in spaCy.
pub(super) fn docs(opened: Opened, reader: &Reader) -> Result<Source, ReadError> {
    let file = opened.file().clone();
    let mut bytes = Vec::new();
    let read = opened.into_reader().read_to_end(&mut bytes);
    read.with_context(|| file.display().to_string()).map_err(ReadError::File)?;
    let docs = DocBin::from_bytes(&bytes, file.clone()).map_err(ReadError::of_file)?;
    let place = Place::file(file);
    let at = move |(number, doc): (usize, _)| {
        Ok(without_record(Content::Doc(doc?), place.clone().document(number)))
    };
    Ok(Box::new((1..).zip(docs.into_docs(reader.pipeline.vocab().clone())).map(at)))
}

/// The documents of an annotated file, with its entities under `gold`. The file is read as a whole: readers of most
/// formats do so, and these are files that people have made.
pub(super) fn read(opened: Opened, format: &'static Format, reader: &Reader) -> Result<Source, ReadError> {
    let place = Place::file(opened.file().clone());
    let options =
        ReadOptions { format: Some(format), skip_bad: reader.args.skip_bad, ..ReadOptions::default() };
    let tokenizer = reader.pipeline.tokenizer();
    let mut reading = Reading::of(opened, tokenizer, &options).map_err(ReadError::of_file)?;
    let mut inputs = Vec::new();
    for (number, doc) in (1..).zip(reading.by_ref()) {
        let mut doc = doc.map_err(ReadError::of_file)?;
        let place = place.clone().document(number);
        let extra = take_gold(&mut doc, reader.unit, &place.file).map_err(ReadError::File)?;
        inputs.push(Ok(Input { content: Content::Doc(doc), place, extra }));
    }
    let mut account = reading.into_account();
    if let Some(bad) = account.records_lost.remove(&RecordLoss::Unreadable) {
        reader.bad.lock().expect("no holder panics").merge(bad);
    }
    account.messages().iter().for_each(report::line);
    Ok(Box::new(inputs.into_iter()))
}

/// Takes the entities out of a document, so that no prediction rests on them: `{"gold": {"ents": [..]}}`.
fn take_gold(doc: &mut Doc, unit: OffsetUnit, file: &Path) -> anyhow::Result<Fields> {
    if !doc.tokens.iter().any(|token| token.ent_iob != EntIob::Missing) {
        return Ok(Fields::new());
    }
    // Written as the prediction will be, so that the two can be compared.
    let mut line = Vec::new();
    JsonlWriter::new(&mut line, file).with_offsets(unit).write(doc, Map::new())?;
    let mut gold: Fields = serde_json::from_slice(&line)?;
    gold.shift_remove("text");
    for token in &mut doc.tokens {
        token.ent_iob = EntIob::Missing;
        (token.ent_type, token.ent_kb_id, token.ent_id) = (StringId::EMPTY, StringId::EMPTY, StringId::EMPTY);
    }
    Ok(Fields::from_iter([("gold".to_owned(), gold.into())]))
}
