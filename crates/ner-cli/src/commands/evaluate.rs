//! `ner evaluate`, `ner benchmark accuracy`

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use ner_config::Registry;
use ner_corpus::CorpusError;
use ner_corpus::reader::{Corpus, ExampleSource};
use ner_cpython::PythonRandom;
use ner_doc::{Doc, DocError, Example};
use ner_files::FileError;
use ner_pipeline::Pipeline;
use ner_scorer::{Scorer, Scores};
use rayon::prelude::*;
use serde_json::{Value, json};

use crate::args::Format;
use crate::device::DeviceArgs;
use crate::model::ModelArgs;
use crate::path;
use crate::report::{self, Table};

/// Measure precision, recall and F of a pipeline on annotated data, in all and for each label.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    model: ModelArgs,
    /// Annotated data: .spacy, .jsonl, or anything else that `ner convert` reads; or a directory of .spacy files.
    #[arg(value_parser = path::existing())]
    data: PathBuf,
    /// JSON file for the scores.
    #[arg(short, long)]
    output: Option<PathBuf>,
    /// How to print the scores.
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    /// Predict on the true sentences and tokens.
    #[arg(short = 'G', long)]
    gold_preproc: bool,
    #[command(flatten)]
    device: DeviceArgs,
}

pub(crate) fn run(args: &Args, registry: &Registry) -> anyhow::Result<()> {
    let pipeline = args.model.load(registry, &args.device.open()?)?;
    if pipeline.tokenizer().is_elsewhere() {
        report::warn(
            "The tokens of the data are taken: those of the pipeline's texts come from another program.",
        );
    }
    let corpus = Corpus::new(&args.data, "DATA");
    let corpus = if args.gold_preproc { corpus.gold_preproc() } else { corpus };
    let measured = measure(&pipeline, &corpus)?;
    match args.format {
        Format::Table => report::print(measured.tables())?,
        Format::Json => report::print_json(&measured.json())?,
    }
    if let Some(output) = &args.output {
        save(&measured.json(), output)?;
        report::good(format_args!("Saved results to {}", output.display()));
    }
    Ok(())
}

/// How many examples are in memory at a time.
const N_EXAMPLES: usize = 8192;

/// How many of them a thread compares at once.
const BATCH_SIZE: usize = 64;

/// What was measured.
struct Measured {
    scores: Scores,
    n_words: usize,
    /// Time spent on predictions.
    duration: Duration,
}

fn measure(pipeline: &Pipeline, corpus: &Corpus) -> anyhow::Result<Measured> {
    let new = if pipeline.finds_sentences() { Scorer::with_sentences } else { Scorer::default };
    let (mut scorer, mut n_words, mut duration) = (new(), 0, Duration::ZERO);
    let random = Mutex::new(PythonRandom::new(0));
    let mut examples = corpus.examples(pipeline.tokenizer(), &random);
    let bar = report::counter("docs");
    loop {
        let mut part: Vec<Example> =
            examples.by_ref().take(N_EXAMPLES).collect::<Result<_, CorpusError>>()?;
        if part.is_empty() {
            return Ok(Measured { scores: scorer.scores(), n_words, duration });
        }
        let start = Instant::now();
        let mut docs: Vec<&mut Doc> = part.iter_mut().map(|example| &mut example.predicted).collect();
        pipeline.predict(&mut docs);
        duration += start.elapsed();
        n_words += part.iter().map(|example| example.predicted.len()).sum::<usize>();
        score(&part, new)?.iter().for_each(|scored| scorer.merge(scored));
        bar.inc(part.len() as u64);
    }
}

/// The counts of each batch, in order.
fn score(examples: &[Example], new: fn() -> Scorer) -> Result<Vec<Scorer>, DocError> {
    let score = |batch: &[Example]| {
        let mut scorer = new();
        batch.iter().try_for_each(|example| scorer.add(example))?;
        Ok(scorer)
    };
    examples.par_chunks(BATCH_SIZE).map(score).collect()
}

fn save(scores: &Value, path: &Path) -> Result<(), FileError> {
    ner_files::write(path, |file| writeln!(file, "{scores:#}").map_err(FileError::io(path)))
}

impl Measured {
    fn speed(&self) -> f64 {
        self.n_words as f64 / self.duration.as_secs_f64()
    }

    /// All scores by spaCy's names, from 0 to 1, and the words per second.
    fn json(&self) -> Value {
        let mut scores = serde_json::to_value(&self.scores).expect("scores are numbers with names");
        scores["speed"] = json!(self.speed());
        scores
    }

    /// The scores of spaCy's tables, in percent.
    fn tables(&self) -> String {
        let Scores { token_acc, ents_p, ents_r, ents_f, ents_per_type, sents_p, sents_r, sents_f, .. } =
            &self.scores;
        let mut results = Table::new();
        for (name, score) in [("TOK", token_acc), ("NER P", ents_p), ("NER R", ents_r), ("NER F", ents_f)] {
            results.add([name.to_owned(), score.map_or_else(|| "-".to_owned(), percent)]);
        }
        for (name, score) in [("SENT P", sents_p), ("SENT R", sents_r), ("SENT F", sents_f)] {
            if let Some(score) = score {
                results.add([name.to_owned(), percent(*score)]);
            }
        }
        results.add(["SPEED".to_owned(), format!("{:.0}", self.speed())]);
        let mut text = format!("{}\n{results}", report::title("Results"));
        if let Some(labels) = ents_per_type.as_ref().filter(|labels| !labels.is_empty()) {
            let mut table = Table::of_numbers();
            table.add(["", "P", "R", "F"]);
            for (label, score) in labels {
                table.add([label.clone(), percent(score.p), percent(score.r), percent(score.f)]);
            }
            text += &format!("\n{}\n{table}", report::title("NER (per type)"));
        }
        text
    }
}

fn percent(score: f64) -> String {
    format!("{:.2}", score * 100.0)
}
