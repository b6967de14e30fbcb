//! `ner evaluate`, `ner benchmark accuracy`

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Context;
use ner_config::Registry;
use ner_corpus::reader::{Corpus, ExampleSource};
use ner_corpus::{CorpusError, CorpusSummary};
use ner_cpython::SharedRandom;
use ner_doc::Example;
use ner_evaluation::{Evaluation, Evaluator, Mistakes};
use ner_files::FileError;
use ner_pipeline::Pipeline;
use ner_report::{Table, title};
use serde_json::{Value, json};

use crate::args::Format;
use crate::code::CodeArgs;
use crate::device::DeviceArgs;
use crate::model::ModelArgs;
use crate::path;
use crate::report;

/// Measure precision, recall and F of a pipeline on annotated data, in all and for each label.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    model: ModelArgs,
    /// Annotated data: .spacy, .jsonl, or anything else that `ner convert` reads; or a directory of such files.
    #[arg(value_parser = path::existing())]
    data: PathBuf,
    /// JSON file for the scores.
    #[arg(short, long)]
    output: Option<PathBuf>,
    /// JSON Lines file for the documents with mistakes: entities that are wrong, and those that were missed.
    #[arg(long)]
    mistakes: Option<PathBuf>,
    /// How to print the scores.
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    /// Predict on the true sentences and tokens.
    #[arg(short = 'G', long)]
    gold_preproc: bool,
    #[command(flatten)]
    device: DeviceArgs,
    #[command(flatten)]
    _code: CodeArgs,
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
    let (measured, data) = match &args.mistakes {
        None => measure(&pipeline, &corpus, None)?,
        Some(path) => {
            let mut found = None;
            ner_files::write(path, |file| {
                let mut write = |mistakes: &Mistakes| -> anyhow::Result<()> {
                    Ok(writeln!(file, "{}", serde_json::to_string(mistakes)?).map_err(FileError::io(path))?)
                };
                found = Some(measure(&pipeline, &corpus, Some(&mut write))?);
                anyhow::Ok(())
            })?;
            report::good(format_args!("Saved mistakes to {}", path.display()));
            found.context("nothing was measured")?
        }
    };
    warn_of_data(&data, &pipeline);
    match args.format {
        Format::Table => report::print(tables(&measured))?,
        Format::Json => report::print_json(&json(&measured))?,
    }
    if let Some(output) = &args.output {
        save(&json(&measured), output)?;
        report::good(format_args!("Saved results to {}", output.display()));
    }
    Ok(())
}

/// Examples that are in memory at a time.
// Memory must not grow with the corpus, and parts must not be small: at the end of each, threads wait for the slowest.
const N_EXAMPLES: usize = 8192;

/// Takes the mistakes of each document that has some.
type Keep<'a> = &'a mut dyn FnMut(&Mistakes) -> anyhow::Result<()>;

fn measure(
    pipeline: &Pipeline,
    corpus: &Corpus,
    mut keep: Option<Keep<'_>>,
) -> anyhow::Result<(Evaluation, CorpusSummary)> {
    let mut evaluator = Evaluator::new(pipeline);
    // Nothing draws from it: this corpus has no augmenter.
    let random = SharedRandom::new(0);
    let mut examples = corpus.examples(pipeline.tokenizer(), &random);
    let bar = report::counter("docs");
    let mut summary = CorpusSummary::default();
    loop {
        let mut part: Vec<Example> =
            examples.by_ref().take(N_EXAMPLES).collect::<Result<_, CorpusError>>()?;
        if part.is_empty() {
            summary.add_losses(&corpus.accounts());
            return Ok((evaluator.finish(), summary));
        }
        part.iter().for_each(|example| summary.add(example));
        evaluator.add(&mut part)?;
        if let Some(keep) = &mut keep {
            for example in &part {
                Mistakes::of(example)?.iter().try_for_each(&mut **keep)?;
            }
        }
        bar.inc(part.len() as u64);
    }
}

/// Says why scores may be low, or missing, for reasons that lie in the data.
fn warn_of_data(data: &CorpusSummary, pipeline: &Pipeline) {
    let (documents, unknown) = (data.documents, data.unknown());
    if unknown > 0 {
        report::warn(format_args!(
            "{unknown} of {documents} documents have no annotation of entities and were not counted"
        ));
    } else if data.n_entities() == 0 {
        report::warn(format_args!(
            "there is no entity in the data (documents: {documents}): scores cannot rise above 0"
        ));
    }
    let known: BTreeSet<String> =
        pipeline.components().values().flat_map(|component| component.labels()).collect();
    let unseen: Vec<_> = data.entities.keys().filter(|label| !known.contains(*label)).cloned().collect();
    if !unseen.is_empty() {
        let known: Vec<_> = known.into_iter().collect();
        let (unseen, known) = (unseen.join(", "), known.join(", "));
        report::warn(format_args!("the pipeline does not know {unseen}; it knows {known}"));
    }
    if data.spans_lost > 0 {
        report::warn(format_args!("{} of {} spans are lost, as said above", data.spans_lost, data.spans));
    }
}

fn save(scores: &Value, path: &Path) -> Result<(), FileError> {
    ner_files::write(path, |file| writeln!(file, "{scores:#}").map_err(FileError::io(path)))
}

/// All scores by spaCy's names, from 0 to 1, and the words per second.
fn json(evaluation: &Evaluation) -> Value {
    let scores = evaluation.scores.iter().map(|(name, score)| (name.clone(), score.clone()));
    scores.chain([("speed".to_owned(), json!(evaluation.speed()))]).collect()
}

/// The scores of spaCy's tables, in per cent.
fn tables(evaluation: &Evaluation) -> String {
    let mut results = Table::new();
    for (title, name) in [("TOK", "token_acc"), ("NER P", "ents_p"), ("NER R", "ents_r"), ("NER F", "ents_f")]
    {
        results.add([title.to_owned(), evaluation.number(name).map_or_else(|| "-".to_owned(), percent)]);
    }
    for (title, name) in [("SENT P", "sents_p"), ("SENT R", "sents_r"), ("SENT F", "sents_f")] {
        if let Some(score) = evaluation.number(name) {
            results.add([title.to_owned(), percent(score)]);
        }
    }
    results.add(["SPEED".to_owned(), format!("{:.0}", evaluation.speed())]);
    let mut text = format!("{}\n{results}", title("Results"));
    let labels = evaluation.scores.get("ents_per_type").and_then(Value::as_object);
    if let Some(labels) = labels.filter(|labels| !labels.is_empty()) {
        let mut table = Table::of_numbers();
        table.add(["", "P", "R", "F"]);
        for (label, score) in labels {
            let part = |name: &str| percent(score[name].as_f64().unwrap_or_default());
            table.add([label.clone(), part("p"), part("r"), part("f")]);
        }
        text += &format!("\n{}\n{table}", title("NER (per type)"));
    }
    text
}

fn percent(score: f64) -> String {
    format!("{:.2}", score * 100.0)
}
