//! `ner cross-validate`

use clap::value_parser;
use ner_config::Registry;
use ner_report::{Table, title};
use ner_studies::{CrossValidation, CrossValidationOptions, GroupBy};

use super::StudyArgs;
use super::tables::spread;

/// Score each document of the training corpus by a pipeline that has not learned from it.
///
/// The corpus is cut into folds, with as nearly the same share of each label as can be. For each of them a pipeline is trained
/// on the others, chosen by the dev corpus (or by --training.dev_split), and scored. The predictions are written for review,
/// with the annotation beside them: predictions-seed-0.jsonl in the output directory.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) study: StudyArgs,
    /// The number of folds.
    #[arg(short, long = "folds", default_value_t = 5, value_parser = value_parser!(u32).range(2..))]
    k: u32,
    /// Keep documents in one fold that have the same value of a key, with dots between the levels: of the records of a JSON
    /// file, such as meta.source, or of the user data in a .spacy file. A number keeps so many together that follow each other.
    /// Equal texts unless given.
    #[arg(long, value_name = "KEY|NUMBER", value_parser = group_by)]
    group_by: Option<GroupBy>,
    /// Runs of each fold, with seeds from that of the config on.
    #[arg(long, default_value_t = 1, value_parser = value_parser!(u32).range(1..))]
    seeds: u32,
}

fn group_by(text: &str) -> Result<GroupBy, String> {
    match text.parse::<usize>() {
        Ok(0) => Err("expected at least 1 document".to_owned()),
        Ok(n) => Ok(GroupBy::Consecutive(n)),
        Err(_) if text.is_empty() => Err("expected a key".to_owned()),
        Err(_) => Ok(GroupBy::Key(text.to_owned())),
    }
}

pub(crate) fn run(args: &Args, overrides: &[String], registry: &Registry) -> anyhow::Result<()> {
    let options = CrossValidationOptions {
        k: args.k as usize,
        group_by: args.group_by.clone().unwrap_or(GroupBy::Text),
        n_seeds: args.seeds as usize,
    };
    args.study.make(
        overrides,
        registry,
        |config, runner| ner_studies::cross_validate(config, &options, runner),
        tables,
    )
}

fn tables(results: &CrossValidation) -> String {
    let mut folds = Table::of_numbers();
    folds.add(["", "docs", "P", "R", "F", "train s"]);
    let n_seeds = results.f.map_or(1, |spread| spread.n);
    for fold in &results.folds {
        let name = match n_seeds {
            1 => format!("fold {}", fold.fold),
            _ => format!("fold {}, seed {}", fold.fold, fold.seed),
        };
        let scores = [fold.score.p, fold.score.r, fold.score.f].map(|score| format!("{:.2}", 100.0 * score));
        let cells = [name, fold.documents.to_string()].into_iter().chain(scores);
        folds.add(cells.chain([format!("{:.1}", fold.train_seconds)]));
    }
    let mut labels = Table::of_numbers();
    labels.add(["", "F", "folds: mean", "sd", "min", "max", "entities", "folds"]);
    let together =
        |mean: Option<f64>| mean.map_or_else(|| "-".to_owned(), |mean| format!("{:.2}", 100.0 * mean));
    for (label, scores) in &results.labels {
        let cells = [label.clone(), together(Some(scores.f.mean))].into_iter();
        let counts = [scores.entities.to_string(), scores.folds.to_string()];
        labels.add(cells.chain(spread(scores.f_of_folds.as_ref())).chain(counts));
    }
    let n_folds = results.folds.len() / n_seeds;
    let n_entities: u64 = results.labels.values().map(|label| label.entities).sum();
    let all = ["all".to_owned(), together(results.f.map(|spread| spread.mean))].into_iter();
    let counts = [n_entities.to_string(), n_folds.to_string()];
    labels.add(all.chain(spread(results.f_of_folds.as_ref())).chain(counts));
    format!("{}\n{folds}{}\n{labels}", title("Folds"), title("F over all folds"))
}
