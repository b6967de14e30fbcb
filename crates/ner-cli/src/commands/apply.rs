//! `ner apply`

mod annotated;
mod batches;
mod form;
mod inputs;
mod output;
mod records;
mod table;
mod texts;

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::bail;
use clap::ValueEnum;
use indicatif::ProgressBar;
use ner::StreamOptions;
use ner_config::Registry;
use ner_formats::account::Tally;
use ner_formats::record::OffsetUnit;

use self::inputs::{InputArgs, Reader};
use self::output::{Output, lines, write_doc_bin, write_lines};
use crate::beam::{BeamArgs, check_scores};
use crate::device::DeviceArgs;
use crate::failure::Usage;
use crate::interrupt::Interrupt;
use crate::model::ModelArgs;
use crate::{path, report};

/// Find the entities of texts.
///
/// JSON Lines are written as {"text": .., "ents": [{"start": .., "end": .., "label": ..}], ..} with the other fields
/// of the record that was read. What the record said of entities goes below the field "gold", so that the output can be
/// converted, trained on and evaluated. Texts are read, annotated and written in their order, a few at a time.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    model: ModelArgs,
    /// A file, a directory of files, or - for stdin. The content shows what a file is: .spacy documents, JSON records (one a
    /// line, in a list, or alone), a format that `convert` reads, a table, or else one text. Stdin has a text a line, if
    /// its first line is no JSON object.
    #[arg(value_parser = path::existing_or_dash())]
    data: PathBuf,
    /// A .spacy or .jsonl file, or - for JSON Lines on stdout. A file appears once it is complete.
    output: PathBuf,
    #[command(flatten)]
    input: InputArgs,
    /// Texts that a thread annotates at once.
    #[arg(short, long, default_value_t = 256, value_parser = parse_batch_size)]
    batch_size: usize,
    /// The unit of start and end in JSON Lines; if it is not characters, each record says so under "offsets".
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
    let unit = args.unit();
    let reader = Reader::new(&args.input, unit, pipeline.clone());
    let batches = reader.batches(&args.data, args.batch_size)?;
    let is_stopped = Arc::new(move || interrupt.is_raised());
    let options = StreamOptions { with_scores: args.scores, is_stopped };
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
    }?;
    bar.finish_and_clear();
    refuse_bad(&reader.bad.lock().expect("no holder panics"))
}

/// Fails if records were left out: what was written is complete but for them.
fn refuse_bad(bad: &Tally) -> anyhow::Result<()> {
    if bad.count == 0 {
        return Ok(());
    }
    let named = bad.first.join("\n");
    let more = if bad.count > bad.first.len() {
        format!("; the first {} are", bad.first.len())
    } else {
        String::new()
    };
    bail!("{} records cannot be read and were left out{more}:\n{named}", bad.count)
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
