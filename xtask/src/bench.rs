//! `cargo xtask bench`: the program against spaCy, side by side on one machine.

mod ours;
mod spacy;
mod table;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde_json::json;

use ours::Ner;
use spacy::Spacy;
use table::{Row, print};

/// Measure the program, and spaCy where an interpreter is named, by turns.
///
/// Rows whose data is not given are left out. The medians of all runs are printed as a table and can be written as
/// JSON. The entities that both predict must be the same.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The program.
    #[arg(long, default_value = "target/release/ner")]
    ner: PathBuf,
    /// A Python interpreter with spaCy.
    #[arg(long)]
    spacy: Option<PathBuf>,
    /// How often everything is measured.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
    /// A pipeline to predict with.
    #[arg(long = "model", requires = "texts")]
    models: Vec<PathBuf>,
    /// Texts to predict and to tokenise: JSON Lines.
    #[arg(long)]
    texts: Option<PathBuf>,
    /// More texts to tokenise, such as some with few repeated words: JSON Lines, or a text a line.
    #[arg(long = "tokenize")]
    more_texts: Vec<PathBuf>,
    /// The config to train with.
    #[arg(long, default_value = "configs/ner.toml")]
    config: PathBuf,
    /// Training and development corpus, in JSON Lines of `tokens`, `spaces` and `ents`, or of `text` and `entities`.
    #[arg(long = "train", num_args = 2, value_names = ["TRAIN", "DEV"])]
    corpora: Vec<PathBuf>,
    /// End each training after so many steps.
    #[arg(long)]
    max_steps: Option<u32>,
    /// Where to write the figures as JSON.
    #[arg(long)]
    output: Option<PathBuf>,
}

/// How exactly everything but pretrained encoders is computed, and these unless another precision is asked for.
const SINGLE: &str = "f32";

pub(crate) fn run(args: &Args) -> Result<()> {
    let ner = Ner::new(&args.ner)?;
    let spacy = args.spacy.as_deref().map(Spacy::new).transpose()?;
    let mut rows = vec![Row::only("size of the program", "MB", ner.megabytes()?)];
    for model in &args.models {
        let texts = args.texts.as_ref().context("--model needs --texts")?;
        rows.extend(predict(args, &ner, spacy.as_ref(), model, texts)?);
    }
    for texts in args.texts.iter().chain(&args.more_texts) {
        rows.push(tokenize(args, spacy.as_ref(), texts)?);
    }
    for corpus in args.corpora.chunks_exact(2) {
        rows.extend(train(args, &ner, spacy.as_ref(), &corpus[0], &corpus[1])?);
    }
    print(&rows);
    if let Some(path) = &args.output {
        let text = serde_json::to_string_pretty(&json!(rows.iter().map(Row::json).collect::<Vec<_>>()))?;
        fs::write(path, text + "\n").with_context(|| path.display().to_string())?;
    }
    Ok(())
}

fn predict(args: &Args, ner: &Ner, spacy: Option<&Spacy>, model: &PathBuf, texts: &Path) -> Result<Vec<Row>> {
    let name = name(model);
    let mut start = Row::new(format!("{name}: start, to the first entity"), "ms");
    let mut one = Row::new(format!("{name}: predict, one thread"), "words/s");
    let mut two = Row::new(format!("{name}: predict, two threads, against one"), "words/s");
    let mut rounded: Vec<(&str, Row)> = match ours::has_encoder(model)? {
        true => ["bf16", "int8"]
            .map(|precision| {
                (precision, Row::new(format!("{name}: predict in {precision}, against f32"), "words/s"))
            })
            .into(),
        false => Vec::new(),
    };
    let n_words = ours::count_words(model, texts)? as f64;
    for _ in 0..args.runs {
        // Both sides in every run: a machine's speed drifts, and would favour one of them.
        start.ours.push(1000.0 * ner.start(model)?);
        let (alone, entities) = ner.predict(model, texts, 1, SINGLE)?;
        let (together, _) = ner.predict(model, texts, 2, SINGLE)?;
        one.ours.push(n_words / alone);
        two.ours.push(n_words / together);
        // This row compares the program with itself: what does a second thread bring?
        two.other.push(n_words / alone);
        for (precision, row) in &mut rounded {
            row.ours.push(n_words / ner.predict(model, texts, 1, precision)?.0);
            row.other.push(n_words / alone);
        }
        if let Some(spacy) = spacy {
            start.other.push(1000.0 * spacy.start(model)?);
            let (speed, expected) = spacy.predict(model, texts)?;
            one.other.push(speed);
            let n_other = entities.iter().zip(&expected).filter(|(ours, theirs)| ours != theirs).count();
            // Speeds are compared only of those who do the same work.
            ensure!(
                n_other == 0 && entities.len() == expected.len(),
                "{name}: {n_other} of {} texts have other entities than spaCy finds",
                expected.len()
            );
        }
    }
    Ok([start, one, two].into_iter().chain(rounded.into_iter().map(|(_, row)| row)).collect())
}

fn tokenize(args: &Args, spacy: Option<&Spacy>, texts: &Path) -> Result<Row> {
    let mut row = Row::new(format!("{}: tokenise", name(texts)), "words/s");
    for _ in 0..args.runs {
        row.ours.push(ours::tokenize(texts)?);
        row.other.extend(spacy.map(|spacy| spacy.tokenize(texts)).transpose()?);
    }
    Ok(row)
}

fn train(args: &Args, ner: &Ner, spacy: Option<&Spacy>, train: &Path, dev: &Path) -> Result<Vec<Row>> {
    // Files of a corpus are called after their part; the folder says which corpus it is.
    let name = name(train.parent().unwrap_or(train));
    let row = |what: &str, unit| Row::new(format!("{name}: {what}"), unit);
    let mut command = row("train, whole command", "s");
    let mut in_loop = row("train, in the loop", "words/s");
    let mut memory = row("train, peak memory", "MB");
    let mut best = row("train, best F", "%");
    let mut to_best = row("train, to the best F of spaCy", "s");
    for _ in 0..args.runs {
        let ours = ner.train(&args.config, train, dev, args.max_steps)?;
        command.ours.push(ours.seconds);
        in_loop.ours.push(ours.words_per_second);
        memory.ours.push(ours.peak_megabytes);
        best.ours.push(100.0 * ours.best_f());
        if let Some(theirs) = spacy.map(|spacy| spacy.train(train, dev, args.max_steps)).transpose()? {
            command.other.push(theirs.seconds);
            in_loop.other.push(theirs.words_per_second);
            memory.other.push(theirs.peak_megabytes);
            best.other.push(100.0 * theirs.best_f());
            let best_f = theirs.best_f();
            // A run that never gets there has no time; those that do are compared in pairs.
            if let (Some(own), Some(their)) = (ours.seconds_to(best_f), theirs.seconds_to(best_f)) {
                to_best.ours.push(own);
                to_best.other.push(their);
            }
        }
    }
    let mut rows = vec![command, in_loop, memory, best];
    rows.extend((!to_best.ours.is_empty()).then_some(to_best));
    Ok(rows)
}

/// The name of a file in the table's rows.
fn name(path: impl AsRef<std::path::Path>) -> String {
    path.as_ref().file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
