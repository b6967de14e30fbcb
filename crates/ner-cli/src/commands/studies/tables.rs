use ner_report::Table;
use ner_studies::{SeedsReport, Spread};

/// The titles of [`scores`].
pub(super) const SCORES: [&str; 8] = ["F", "sd", "min", "max", "seeds", "words/s", "train s", "MB"];

/// F over the seeds in per cent, and what the pipeline costs.
pub(super) fn scores(report: &SeedsReport) -> Vec<String> {
    let mut cells = spread(report.f.as_ref()).to_vec();
    cells.extend([
        report.seeds.len().to_string(),
        format!("{:.0}", report.words_per_second),
        format!("{:.1}", report.train_seconds),
        format!("{:.1}", report.size as f64 / 1e6),
    ]);
    cells
}

/// Mean, standard deviation, minimum and maximum in per cent.
pub(super) fn spread(spread: Option<&Spread>) -> [String; 4] {
    let Some(spread) = spread else { return ["-"; 4].map(str::to_owned) };
    let sd = spread.sd.map_or_else(|| "-".to_owned(), percent);
    [percent(spread.mean), sd, percent(spread.min), percent(spread.max)]
}

pub(super) fn percent(share: f64) -> String {
    format!("{:.2}", 100.0 * share)
}

/// A difference in per cent, with its sign and its standard deviation.
pub(super) fn difference(spread: Option<&Spread>) -> String {
    match spread {
        None => String::new(),
        Some(Spread { mean, sd: Some(sd), .. }) => format!("{:+.2} ± {:.2}", 100.0 * mean, 100.0 * sd),
        Some(Spread { mean, .. }) => format!("{:+.2}", 100.0 * mean),
    }
}

/// F of each label over the seeds, with a column for each of several reports.
pub(super) fn labels(titles: &[String], reports: &[&SeedsReport]) -> Table {
    let mut table = Table::of_numbers();
    table.add([""].into_iter().map(str::to_owned).chain(titles.iter().cloned()));
    let names: std::collections::BTreeSet<&String> =
        reports.iter().flat_map(|report| report.labels.keys()).collect();
    for name in names {
        let cells = reports
            .iter()
            .map(|report| report.labels.get(name).map_or_else(String::new, |it| percent(it.mean)));
        table.add([name.clone()].into_iter().chain(cells));
    }
    table
}
