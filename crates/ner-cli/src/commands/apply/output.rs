use std::io::{self, Write};
use std::path::{Path, PathBuf};

use indicatif::ProgressBar;
use ner::Stream;
use ner_files::FileError;
use ner_formats::JsonlWriter;
use ner_formats::docbin::DocBinWriter;
use ner_formats::record::OffsetUnit;
use ner_pipeline::EntityScore;

use super::inputs::Fields;
use crate::failure::Usage;
use crate::path;

/// Where the annotated texts go.
pub(super) enum Output {
    Stdout,
    Lines(PathBuf),
    DocBin(PathBuf),
}

impl Output {
    pub(super) fn of(path: &Path) -> Result<Output, Usage> {
        if path::is_dash(path) {
            return Ok(Output::Stdout);
        }
        match path.extension().map(|suffix| suffix.to_string_lossy()).as_deref() {
            None => Ok(Output::DocBin(path.with_extension("spacy"))),
            Some("spacy") => Ok(Output::DocBin(path.to_owned())),
            Some("jsonl") => Ok(Output::Lines(path.to_owned())),
            Some(_) => {
                let name = path.display();
                Err(Usage(format!("{name}: expected a name that ends in .spacy or .jsonl, or - for stdout")))
            }
        }
    }
}

/// A document with its entities, and the other fields of its record.
pub(super) type Annotated = ner::Annotated<Fields>;

/// A batch as JSON Lines, with the number of its documents.
pub(super) fn lines(batch: Vec<Annotated>, unit: OffsetUnit) -> anyhow::Result<(usize, Vec<u8>)> {
    let (n_docs, mut lines) = (batch.len(), Vec::new());
    let mut writer = JsonlWriter::new(&mut lines, Path::new("output")).with_offsets(unit);
    for Annotated { doc, mut extra, scores } in batch {
        if unit != OffsetUnit::Chars {
            // Characters are what readers expect.
            extra.insert("offsets".to_owned(), unit.name().into());
        }
        writer.write_with_scores(&doc, extra, &|entity| {
            let is_same = |score: &&EntityScore| {
                (score.start, score.end, score.label) == (entity.start, entity.end, entity.label)
            };
            scores.iter().find(is_same).map(|found| found.score)
        })?;
    }
    Ok((n_docs, lines))
}

pub(super) fn write_lines(
    batches: Stream<(usize, Vec<u8>), anyhow::Error>,
    bar: &ProgressBar,
    output: &mut dyn Write,
    path: &Path,
) -> anyhow::Result<()> {
    for batch in batches {
        let (n_docs, lines) = batch?;
        // Flushed batch by batch, so that a program behind a pipe gets results while the next ones are
        // computed.
        match output.write_all(&lines).and_then(|()| output.flush()) {
            // The program behind the pipe, such as `head`, has seen enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
            written => written.map_err(FileError::io(path))?,
        }
        bar.inc(n_docs as u64);
    }
    Ok(())
}

pub(super) fn write_doc_bin(
    batches: Stream<Vec<Annotated>, anyhow::Error>,
    bar: &ProgressBar,
    output: &mut dyn Write,
    path: &Path,
) -> anyhow::Result<()> {
    let mut writer = DocBinWriter::new();
    for batch in batches {
        let batch = batch?;
        batch.iter().for_each(|annotated| writer.add(&annotated.doc));
        bar.inc(batch.len() as u64);
    }
    Ok(writer.write(output, path)?)
}
