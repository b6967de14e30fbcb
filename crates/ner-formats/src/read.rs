use std::path::Path;

use ner_doc::Doc;
use ner_tokenizer::Tokenizer;

use crate::FormatError;
use crate::convert::{ConvertOptions, Converter, Level, convert_file};
use crate::docbin::{DocBin, DocBinWriter};
use crate::jsonl::{JsonlReader, JsonlSettings};

/// Documents of any format, as they are read.
pub type Docs<'a> = Box<dyn Iterator<Item = Result<Doc, FormatError>> + Send + 'a>;

/// Reads a file of any format that is known by its suffix: `.spacy`, `.jsonl`, or what `convert` reads. The
/// documents have the tokenizer's vocabulary. Spans of JSON Lines that do not fit the tokens, and decisions that
/// contradict each other, are warned of; to get at them, use [`JsonlReader`].
pub fn read_docs<'a>(file: &Path, tokenizer: &'a Tokenizer) -> Result<Docs<'a>, FormatError> {
    match converter(file) {
        None | Some(Converter::Spacy) => {
            Ok(Box::new(DocBin::open(file)?.into_docs(tokenizer.vocab().clone())))
        }
        Some(Converter::Jsonl) => {
            let lines = ner_files::open(file)?;
            let reader = JsonlReader::new(lines, file, tokenizer, JsonlSettings::default());
            Ok(Box::new(WithWarnings { reader, n_misfits: 0, n_conflicts: 0 }))
        }
        Some(_) => converted(file, tokenizer),
    }
}

/// The suffixes that [`read_docs`] knows; a folder is searched for the first.
pub const READABLE: [&str; 8] =
    [".spacy", ".jsonl", ".json", ".conll", ".ner", ".iob", ".conllu", ".conllubio"];

fn converter(file: &Path) -> Option<Converter> {
    file.extension()?.to_str()?.parse().ok()
}

/// The documents that would be read had the file been converted before.
fn converted<'a>(file: &Path, tokenizer: &'a Tokenizer) -> Result<Docs<'a>, FormatError> {
    let docs = convert_file(file, &ConvertOptions::default(), &mut |message| match message.level {
        Level::Warn => tracing::warn!(file = %file.display(), "{}", message.text),
        Level::Info | Level::Good => tracing::info!(file = %file.display(), "{}", message.text),
    })?;
    // By way of `.spacy`, which gives the documents the tokenizer's vocabulary: converters give them one of no language.
    // What the format cannot hold is lost here as it would be in a file.
    let mut writer = DocBinWriter::new();
    docs.iter().for_each(|doc| writer.add(doc));
    drop(docs);
    Ok(Box::new(writer.into_doc_bin(file)?.into_docs(tokenizer.vocab().clone())))
}

/// The documents of JSON Lines, with a warning for each loss.
struct WithWarnings<'a, R> {
    reader: JsonlReader<'a, R>,
    n_misfits: usize,
    n_conflicts: usize,
}

impl<R: std::io::BufRead> Iterator for WithWarnings<'_, R> {
    type Item = Result<Doc, FormatError>;

    fn next(&mut self) -> Option<Result<Doc, FormatError>> {
        let doc = self.reader.next();
        let report = self.reader.report();
        for misfit in &report.misfits[self.n_misfits..] {
            tracing::warn!("{misfit}");
        }
        for conflict in &report.conflicts[self.n_conflicts..] {
            tracing::warn!("{conflict}");
        }
        (self.n_misfits, self.n_conflicts) = (report.misfits.len(), report.conflicts.len());
        doc
    }
}
