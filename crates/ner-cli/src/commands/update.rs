//! `ner update`

use std::path::PathBuf;

use anyhow::bail;
use ner_config::Registry;
use ner_pipeline::{LoadOptions, Pipeline};
use ner_report::{Table, title};
use ner_training::{LabelChange, UpdateOptions, UpdateReport};

use crate::code::CodeArgs;
use crate::console::Console;
use crate::device::DeviceArgs;
use crate::failure::Interrupted;
use crate::interrupt::Interrupt;
use crate::{config_file, model, path, report};

/// Let a trained pipeline learn from a few annotated documents, without forgetting what it knows.
///
/// Recognisers learn the labels of the documents, also new ones, and rehearse what they did before on other texts; all else in
/// the pipeline stays as it is. A label that no document has counts as not annotated, and predictions of it as right. Values
/// of [training] can be set from outside, such as --training.max_epochs 20 or --training.rehearsal.weight 2.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The pipeline: its directory, a Python package of it, or the name of one.
    model: PathBuf,
    /// The documents: .spacy, .jsonl, or anything else that `ner convert` reads; or a directory of such files.
    #[arg(value_parser = path::existing())]
    data: PathBuf,
    /// Directory for the pipeline that has learned.
    #[arg(short, long)]
    output: PathBuf,
    /// Texts like those that the pipeline is used on, to rehearse on: .txt with a text a line, or any file that `ner convert`
    /// reads, whose annotation is ignored. Without them nothing keeps what DATA does not show.
    #[arg(long, value_parser = path::existing())]
    rehearse: Option<PathBuf>,
    /// A label that the pipeline does not know; may be given several times. Without it every label of DATA that is new is
    /// added.
    #[arg(long, value_name = "LABEL")]
    add_label: Vec<String>,
    /// Annotated documents to measure by, before and after; what is held back of DATA is measured in any case.
    #[arg(long, value_parser = path::existing())]
    eval: Option<PathBuf>,
    /// Fail, and write nothing, if an old label loses more than so many points of F, such as 0.5.
    #[arg(long, value_name = "POINTS", value_parser = points)]
    max_forgetting: Option<f64>,
    #[command(flatten)]
    device: DeviceArgs,
    #[command(flatten)]
    _code: CodeArgs,
}

fn points(text: &str) -> Result<f64, String> {
    let points = text.parse().ok().filter(|points| (0.0..=100.0).contains(points));
    points.ok_or_else(|| "expected a number from 0 to 100".to_owned())
}

pub(crate) fn run(args: &Args, overrides: &[String], registry: &Registry) -> anyhow::Result<()> {
    path::check_place_of_pipeline(&args.output)?;
    let options = UpdateOptions {
        data: args.data.clone(),
        rehearse: args.rehearse.clone(),
        eval: args.eval.clone(),
        new_labels: (!args.add_label.is_empty()).then(|| args.add_label.clone()),
        overrides: config_file::read_overrides(overrides)?,
    };
    let device = args.device.open()?;
    let pipeline =
        Pipeline::from_files(model::open(&args.model)?, &LoadOptions::default(), registry, &device)?;
    let work = tempfile::tempdir()?;
    let interrupt = Interrupt::listen()?;
    let (pipeline, update) = rayon::scope(|_| {
        let mut console = Console::new(interrupt.clone(), None);
        let is_interrupted = || interrupt.is_raised();
        let work = work.path();
        let outcome =
            ner_training::update(pipeline, &options, registry, &device, work, &mut console, &is_interrupted);
        console.finish()?;
        anyhow::Ok(outcome?)
    })?;
    if update.run.interrupted {
        return Err(Interrupted.into());
    }
    report::print(table(&update))?;
    remark(&update, args.max_forgetting.is_some());
    if let Some(points) = args.max_forgetting {
        let forgotten = update.forgotten(points / 100.0);
        if !forgotten.is_empty() {
            bail!(
                "nothing was written: {} lost more than {points} points of F; rehearse on more text (--rehearse), or \
                 with more weight (--training.rehearsal.weight)",
                forgotten.join(", ")
            );
        }
    }
    pipeline.save(&args.output)?;
    report::good(format_args!("Saved pipeline to output directory {}", args.output.display()));
    Ok(())
}

/// What the figures do not say of themselves.
fn remark(update: &UpdateReport, is_limited: bool) {
    if !update.is_held_back {
        report::warn(
            "DATA is too small for a part to be held back: it was measured on the documents that it learned from",
        );
    }
    if !update.unannotated.is_empty() {
        report::info(format_args!(
            "DATA has no entity of {}: the pipeline's own were taken as right",
            update.unannotated.join(", ")
        ));
    }
    let unmeasured = update.unmeasured();
    if is_limited && !unmeasured.is_empty() {
        report::warn(format_args!(
            "--max-forgetting says nothing of {}: the documents have none to measure by",
            unmeasured.join(", ")
        ));
    }
}

/// F of each label, in per cent.
fn table(update: &UpdateReport) -> String {
    let mut table = Table::of_numbers();
    let has_eval = update.labels.values().any(|change| change.eval.is_some());
    let part = if update.is_held_back { "held back" } else { "DATA" };
    let has_texts = update.labels.values().any(|change| change.agreement.is_some());
    let named = |is_there: bool, name| if is_there { name } else { "" };
    let header = ["", "", part, "", named(has_eval, "--eval"), "", named(has_texts, "as before")];
    table.add(header);
    for (label, change) in &update.labels {
        table.add(row(label, change));
    }
    format!("{}\n{table}", title("F before and after"))
}

fn row(label: &str, change: &LabelChange) -> [String; 7] {
    let percent =
        |score: Option<f64>| score.map_or_else(String::new, |score| format!("{:.2}", score * 100.0));
    let [before, after] = [0, 1].map(|index| percent(change.held_back.map(|pair| pair[index])));
    let [eval_before, eval_after] = [0, 1].map(|index| percent(change.eval.map(|pair| pair[index])));
    let kind = if change.is_new { "new" } else { "" };
    [label.to_owned(), kind.to_owned(), before, after, eval_before, eval_after, percent(change.agreement)]
}
