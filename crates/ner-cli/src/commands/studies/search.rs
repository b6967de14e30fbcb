//! `ner search`

use std::path::PathBuf;

use clap::{ValueEnum, value_parser};
use ner_config::{Registry, Value};
use ner_report::{Table, title};
use ner_studies::{CorpusPaths, SearchOptions, SearchReport, Space, TrialReport};

use super::StudyArgs;
use super::study::SeedArgs;
use super::tables::{SCORES, difference, percent, scores};
use crate::failure::Usage;
use crate::{path, report};

/// Try settings of a config: drawn from ranges, or a list of variants. The best config is written to best.toml in the output
/// directory.
///
/// SPACE is a TOML file with a section [space] of ranges, `"training.dropout" = { uniform = [0.1, 0.4] }` (or log_uniform,
/// integers, or a list of values), or with [[variants]], each with a name and values; [fixed] has values of all of them.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) study: StudyArgs,
    /// What to try, .toml.
    #[arg(value_parser = path::existing())]
    space: PathBuf,
    /// Configs to draw from the ranges, beside the config as it is.
    #[arg(long, default_value_t = 20, value_parser = value_parser!(u32).range(1..))]
    trials: u32,
    /// How far they are trained: all to their ends, or, at each of a few steps, the better third further.
    #[arg(long, value_enum, default_value = "random")]
    strategy: Strategy,
    /// A corpus for all trials, in place of --paths.train and --paths.dev; it may be given several times.
    #[arg(long, num_args = 3, value_names = ["NAME", "TRAIN", "DEV"])]
    corpus: Vec<String>,
    #[command(flatten)]
    seeds: SeedArgs,
}

/// How far trials are trained.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Strategy {
    /// Each to its end.
    Random,
    /// Successive halving: the better third goes on each time.
    Halving,
}

pub(crate) fn run(args: &Args, overrides: &[String], registry: &Registry) -> anyhow::Result<()> {
    if args.study.output.is_none() {
        return Err(
            Usage("expected --output DIR, a directory for the runs and the best config".to_owned()).into()
        );
    }
    let space = Space::read(&args.space)?;
    let corpora = args.corpus.chunks(3).filter_map(|words| match words {
        [name, train, dev] => Some(CorpusPaths { name: name.clone(), train: train.into(), dev: dev.into() }),
        _ => None,
    });
    let options = SearchOptions {
        n_trials: args.trials as usize,
        seeds: args.seeds.seeds(),
        strategy: match args.strategy {
            Strategy::Random => ner_studies::Strategy::Random,
            Strategy::Halving => ner_studies::Strategy::Halving,
        },
        corpora: corpora.collect(),
    };
    args.study.make(
        overrides,
        registry,
        |config, runner| {
            let results = ner_studies::search(config, &space, &options, runner)?;
            report::good(format_args!("Saved the best config to {}", results.best.display()));
            Ok(results)
        },
        tables,
    )
}

/// A table for each corpus, and one of the means if there are several.
fn tables(results: &SearchReport) -> String {
    let mut text = String::new();
    let corpora: Vec<&String> =
        results.trials.first().into_iter().flat_map(|trial| trial.corpora.keys()).collect();
    if corpora.len() > 1 {
        let mut table = Table::of_numbers();
        table.add(["", "F"].into_iter().chain(corpora.iter().map(|corpus| corpus.as_str())));
        for trial in &results.trials {
            let cell = |mean: Option<f64>| mean.map_or_else(|| "-".to_owned(), percent);
            let of_corpora = trial.corpora.values().map(|scores| cell(scores.f.map(|spread| spread.mean)));
            table.add([trial.name.clone(), cell(trial.f)].into_iter().chain(of_corpora));
        }
        text += &format!("{}\n{table}", title("All corpora"));
    }
    for corpus in corpora {
        text += &format!("{}\n{}", title(corpus), table(results, corpus));
    }
    text
}

fn table(results: &SearchReport, corpus: &str) -> Table {
    let mut table = Table::of_numbers();
    table.add([""].into_iter().chain(SCORES).chain(["over first", "values"]));
    for trial in &results.trials {
        let Some(of_corpus) = trial.corpora.get(corpus) else { continue };
        let remarks = [difference(trial.over_first.get(corpus)), remark(trial)];
        table.add([trial.name.clone()].into_iter().chain(scores(of_corpus)).chain(remarks));
    }
    table
}

/// The values of a trial, or why it has no score.
fn remark(trial: &TrialReport) -> String {
    let n_diverged: usize = trial.corpora.values().map(|scores| scores.diverged.len()).sum();
    if n_diverged > 0 {
        return format!("{n_diverged} runs diverged");
    }
    let value =
        |(key, value): (&String, &Value)| format!("{}={value}", key.rsplit('.').next().unwrap_or(key));
    let mut parts: Vec<String> = trial
        .given_up_after_one_of
        .map(|divisor| format!("after 1/{divisor} of the steps"))
        .into_iter()
        .collect();
    parts.extend(trial.values.iter().map(value));
    parts.join(" ")
}
