use ner_config::Document;
use ner_files::FileError;

use super::draw::draw_trials;
use super::fields::{check_trials, fields, laps, run_lap, runs_of};
use super::halving::FACTOR;
use super::trials::{Trial, check_ranges, trials, with_fixed};
use super::{SearchOptions, SearchReport, Space, TrialReport};
use crate::data::Settings;
use crate::{Runner, StudyError};

/// Runs the trials of a space on one or several corpora, ranks them by their mean F on dev, and writes the complete config of
/// the best one.
///
/// # Errors
/// If a value does not fit the config, a corpus cannot be read, all trials diverge, or the study is interrupted.
pub fn search(
    config: &Document,
    space: &Space,
    options: &SearchOptions,
    runner: &mut Runner<'_>,
) -> Result<SearchReport, StudyError> {
    let registry = runner.registry();
    let fixed = with_fixed(config, space, registry)?;
    check_ranges(&fixed, space, registry)?;
    let seed = Settings::of(&fixed)?.training.seed;
    let drawn = draw_trials(&space.ranges, options.n_trials, seed);
    if drawn.len() < options.n_trials && space.variants.is_empty() {
        runner.remark(format!("the space has no more than {} different trials", drawn.len()));
    }
    let trials = trials(&fixed, space, drawn, registry)?;
    let fields = fields(&fixed, options, runner)?;
    check_trials(&trials, &fields, space, runner)?;
    let laps = laps(&fields, options.strategy, trials.len())?;
    let mut going: Vec<usize> = (0..trials.len()).collect();
    let mut ranked: Vec<TrialReport> = Vec::new();
    for (number, &divisor) in laps.iter().enumerate() {
        let reports = run_lap(&trials, &going, &fields, divisor, runner)?;
        let mut lap: Vec<(usize, TrialReport)> = going.drain(..).zip(reports).collect();
        // A stable sort, so that of equals the first stays first; trials that diverged come last.
        lap.sort_by(|(_, left), (_, right)| rank(right).total_cmp(&rank(left)));
        if number + 1 < laps.len() {
            let mut given_up = lap.split_off(lap.len().div_ceil(FACTOR));
            for (index, report) in &mut given_up {
                report.given_up_after_one_of = Some(divisor);
                let runs = runs_of(&trials[*index], &fields, divisor, registry)?;
                runs.iter().try_for_each(|run| runner.give_up(run))?;
            }
            going.extend(lap.iter().map(|(index, _)| *index));
            // In the order of the space again, in which the runs of each lap are made.
            going.sort_unstable();
            lap = given_up;
        }
        // Those who came further stand before those who were given up.
        ranked.splice(0..0, lap.into_iter().map(|(_, report)| report));
    }
    finish(&trials, ranked, runner)
}

fn rank(report: &TrialReport) -> f64 {
    report.f.unwrap_or(-1.0)
}

/// Compares all trials with the first one of the space, and writes the config of the best.
fn finish(
    trials: &[Trial],
    mut ranked: Vec<TrialReport>,
    runner: &Runner<'_>,
) -> Result<SearchReport, StudyError> {
    if let Some(first) = ranked.iter().find(|report| report.name == trials[0].name).cloned() {
        ranked
            .iter_mut()
            .filter(|report| report.name != first.name)
            .for_each(|report| report.compare(&first));
    }
    let best = trials.iter().find(|trial| ranked.first().is_some_and(|best| best.name == trial.name));
    let best = best.filter(|_| ranked.first().is_some_and(|best| best.f.is_some()));
    let Some(best) = best else {
        let message =
            ranked.first().and_then(|report| report.corpora.values().flat_map(|it| &it.diverged).next());
        return Err(StudyError::Diverged {
            run: trials[0].name.clone(),
            message: message.cloned().unwrap_or_default(),
        });
    };
    let file = runner.folder().join("best.toml");
    let text = best.config.to_toml_string()?;
    ner_files::write(&file, |out| out.write_all(text.as_bytes()).map_err(FileError::io(&file)))?;
    let report = SearchReport { trials: ranked, best: file };
    runner.write_results(&report)?;
    Ok(report)
}
