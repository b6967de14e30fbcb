//! `ner train-curve`

use clap::value_parser;
use ner_config::Registry;
use ner_report::{Table, title};
use ner_studies::{CurvePoint, Extrapolation, Spread, TrainCurve};

use super::StudyArgs;
use super::study::SeedArgs;
use super::tables::{SCORES, difference, labels, percent, scores};

/// Train with growing samples of the training corpus, and say what more data would bring.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) study: StudyArgs,
    /// Samples, the last of which is the whole corpus: 4 are a quarter, a half, three quarters, and all.
    #[arg(long, default_value_t = 4, value_parser = value_parser!(u32).range(1..))]
    n_samples: u32,
    #[command(flatten)]
    seeds: SeedArgs,
}

pub(crate) fn run(args: &Args, overrides: &[String], registry: &Registry) -> anyhow::Result<()> {
    let (n_samples, seeds) = (args.n_samples as usize, args.seeds.seeds());
    args.study.make(
        overrides,
        registry,
        |config, runner| ner_studies::train_curve(config, n_samples, seeds, runner),
        tables,
    )
}

fn tables(curve: &TrainCurve) -> String {
    let mut table = Table::of_numbers();
    table.add(["", "docs"].into_iter().chain(SCORES));
    let name = |point: &CurvePoint| format!("{:.0} %", 100.0 * point.share);
    for point in &curve.points {
        let cells = [name(point), point.documents.to_string()];
        table.add(cells.into_iter().chain(scores(&point.scores)));
    }
    let names: Vec<String> = curve.points.iter().map(name).collect();
    let reports: Vec<_> = curve.points.iter().map(|point| &point.scores).collect();
    let gain = curve.last_gain.as_ref().map_or_else(String::new, gain);
    let foretold = curve.extrapolation.as_ref().map_or_else(String::new, foretold);
    format!(
        "{}\n{table}{}\n{}{gain}{foretold}",
        title("Train curve"),
        title("F of each label"),
        labels(&names, &reports)
    )
}

/// What the last step says of more data, and how sure that is.
fn gain(gain: &Spread) -> String {
    let verdict = match gain.standard_error() {
        None => "with one seed nobody knows whether that is chance",
        // About the bound of 95 per cent, which is a little higher with few seeds.
        Some(error) if gain.mean > 2.0 * error => "more documents of this kind are likely to help",
        Some(_) => "that is no more than seeds differ",
    };
    format!("\nThe last step brought {}: {verdict}.\n", difference(Some(gain)))
}

/// What the whole curve says of more data, and how well it foretells what is known.
fn foretold(extrapolation: &Extrapolation) -> String {
    let Extrapolation { at_double, exponent, error_at_whole } = extrapolation;
    let mut text = match exponent.mean > 0.0 {
        true => format!(
            "Twice the documents would give F {} ({} to {} over seeds), if 1 - F goes on to fall as the power {:.2} of their number.\n",
            percent(at_double.mean),
            percent(at_double.min),
            percent(at_double.max),
            -exponent.mean
        ),
        false => "F does not rise with the number of documents, so nothing can be said of more.\n".to_owned(),
    };
    if let Some(error) = error_at_whole {
        text += &format!(
            "Foretold so from the points before, the last one would have been missed by {}.\n",
            difference(Some(error))
        );
    }
    text
}
