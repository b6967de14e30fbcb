//! `ner apply`

mod inputs;

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ValueEnum;
use indicatif::ProgressBar;
use ner::{Stream, StreamOptions};
use ner_config::Registry;
use ner_files::FileError;
use ner_formats::JsonlWriter;
use ner_formats::docbin::DocBinWriter;
use ner_formats::record::OffsetUnit;
use ner_pipeline::EntityScore;

use self::inputs::{Fields, Inputs};
use crate::beam::{BeamArgs, check_scores};
use crate::code::CodeArgs;
use crate::device::DeviceArgs;
use crate::failure::Usage;
use crate::interrupt::Interrupt;
use crate::model::ModelArgs;
use crate::{path, report};

/// Find the entities of texts.
///
/// JSON Lines are written as {"text": .., "ents": [{"start": .., "end": .., "label": ..}], ..} with the other fields
/// of the record that was read. Texts are read, annotated and written in their order, a few at a time.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    model: ModelArgs,
    /// A .jsonl or .spacy file, any other file as one text, a directory of them, or - for a text a line on stdin.
    #[arg(value_parser = path::existing_or_dash())]
    data: PathBuf,
    /// A .spacy or .jsonl file, or - for JSON Lines on stdout.
    output: PathBuf,
    /// The field of JSON Lines that holds the text. Records without it may have "tokens".
    #[arg(long, default_value = "text")]
    text_key: String,
    /// Texts that a thread annotates at once.
    #[arg(short, long, default_value_t = 256, value_parser = parse_batch_size)]
    batch_size: usize,
    /// The unit of start and end in JSON Lines.
    #[arg(long, value_enum, default_value = "chars")]
    offsets: Offsets,
    /// Replace an output file that is there already.
    #[arg(short = 'F', long)]
    force: bool,
    /// Write how sure the beam is of each entity: its "score" in JSON Lines, from 0 to 1.
    #[arg(long)]
    scores: bool,
    #[command(flatten)]
    beam: BeamArgs,
    #[command(flatten)]
    device: DeviceArgs,
    #[command(flatten)]
    _code: CodeArgs,
}

#[derive(Copy, Clone, ValueEnum)]
enum Offsets {
    /// Unicode code points, as in Python.
    Chars,
    /// Bytes of UTF-8, as in Rust.
    Bytes,
    /// UTF-16 code units, as in JavaScript.
    Utf16,
}

fn parse_batch_size(text: &str) -> Result<usize, &'static str> {
    text.parse().ok().filter(|&size| size > 0).ok_or("expected a number above 0")
}

pub(crate) fn run(args: &Args, registry: &Registry) -> anyhow::Result<()> {
    // Before the model is loaded, so that a wrong name costs no time.
    let output = Output::of(&args.output)?;
    if let Output::Lines(path) | Output::DocBin(path) = &output {
        path::refuse_existing(path, args.force)?;
    }
    if let (Output::DocBin(path), true) = (&output, args.scores) {
        let name = path.display();
        return Err(Usage(format!("{name}: only JSON Lines can hold --scores: expected .jsonl or -")).into());
    }
    let interrupt = Interrupt::listen()?;
    let mut pipeline = args.model.load(registry, &args.device.open()?)?;
    args.beam.apply_to(&mut pipeline);
    if args.scores {
        check_scores(&pipeline)?;
    }
    let pipeline = Arc::new(pipeline);
    report::good(format_args!("Loaded model {}", args.model.model.display()));
    let batches = Inputs::open(&args.data, &args.text_key, &pipeline)?.batches(args.batch_size);
    let is_stopped = Arc::new(move || interrupt.is_raised());
    let options = StreamOptions { with_scores: args.scores, is_stopped };
    let unit = args.unit();
    // On a terminal the lines themselves show the progress, and a bar would run into them.
    let is_seen = matches!(output, Output::Stdout) && io::stdout().is_terminal();
    let bar = if is_seen { ProgressBar::hidden() } else { report::counter("docs") };
    match &output {
        Output::Stdout => {
            let lines = ner::stream(pipeline, batches, options, move |batch| lines(batch, unit));
            write_lines(lines, &bar, &mut io::stdout(), Path::new("stdout"))
        }
        Output::Lines(path) => ner_files::write(path, |file| {
            let lines = ner::stream(pipeline, batches, options, move |batch| lines(batch, unit));
            write_lines(lines, &bar, file, path)
        }),
        Output::DocBin(path) => ner_files::write(path, |file| {
            // One thread adds the documents, since they share the strings of a file; JSON is written where it
            // is annotated.
            let docs = ner::stream(pipeline, batches, options, Ok);
            write_doc_bin(docs, &bar, file, path)
        }),
    }
}

/// Where the annotated texts go.
enum Output {
    Stdout,
    Lines(PathBuf),
    DocBin(PathBuf),
}

impl Output {
    fn of(path: &Path) -> Result<Output, Usage> {
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

impl Args {
    fn unit(&self) -> OffsetUnit {
        match self.offsets {
            Offsets::Chars => OffsetUnit::Chars,
            Offsets::Bytes => OffsetUnit::Bytes,
            Offsets::Utf16 => OffsetUnit::Utf16,
        }
    }
}

/// A document with its entities, and the other fields of its record.
type Annotated = ner::Annotated<Fields>;

/// A batch as JSON Lines, with the number of its documents.
fn lines(batch: Vec<Annotated>, unit: OffsetUnit) -> anyhow::Result<(usize, Vec<u8>)> {
    let (n_docs, mut lines) = (batch.len(), Vec::new());
    let mut writer = JsonlWriter::new(&mut lines, Path::new("output")).with_offsets(unit);
    for Annotated { doc, extra, scores } in batch {
        writer.write_with_scores(&doc, extra, &|entity| {
            let is_same = |score: &&EntityScore| {
                (score.start, score.end, score.label) == (entity.start, entity.end, entity.label)
            };
            scores.iter().find(is_same).map(|found| found.score)
        })?;
    }
    Ok((n_docs, lines))
}

fn write_lines(
    batches: Stream<(usize, Vec<u8>), anyhow::Error>,
    bar: &ProgressBar,
    output: &mut dyn Write,
    path: &Path,
) -> anyhow::Result<()> {
    for batch in batches {
        let (n_docs, lines) = batch?;
        // Flushed batch by batch, so that a program behind a pipe gets results while the next ones are
        // computed.
        output.write_all(&lines).and_then(|()| output.flush()).map_err(FileError::io(path))?;
        bar.inc(n_docs as u64);
    }
    Ok(())
}

fn write_doc_bin(
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
