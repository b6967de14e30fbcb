use std::collections::HashSet;

use ner_config::{Document, Overrides, Registry, Table};
use ner_training::TrainingError;

use super::{CorpusPaths, Range, Space};
use crate::StudyError;

/// A config to be tried.
pub(super) struct Trial {
    pub(super) name: String,
    /// The values that are its own.
    pub(super) values: Table,
    /// The complete config, on the corpora that the config names.
    pub(super) config: Document,
}

/// The name of the trial that has the values of the config itself.
const AS_IT_IS: &str = "as-it-is";

/// A config with the values of all trials.
pub(super) fn with_fixed(
    config: &Document,
    space: &Space,
    registry: &Registry,
) -> Result<Document, StudyError> {
    with_values(config, &space.fixed, "[fixed]", space, registry)
}

/// The trials of a space: its variants, or, after the config as it is, trials with drawn values. `fixed` is the config with
/// the values of all of them.
pub(super) fn trials(
    fixed: &Document,
    space: &Space,
    drawn: Vec<Table>,
    registry: &Registry,
) -> Result<Vec<Trial>, StudyError> {
    let named = if space.variants.is_empty() {
        let drawn =
            drawn.into_iter().enumerate().map(|(index, values)| (format!("trial-{}", index + 1), values));
        [(AS_IT_IS.to_owned(), Table::new())].into_iter().chain(drawn).collect()
    } else {
        space.variants.clone()
    };
    let mut folders = HashSet::new();
    named
        .into_iter()
        .map(|(name, values)| {
            if !folders.insert(folder(&name)) {
                let message = format!("there are two variants {name:?}; give each a name of its own");
                return Err(StudyError::Space { file: space.file.clone(), message });
            }
            let config = with_values(fixed, &values, &format!("variant {name:?}"), space, registry)?;
            Ok(Trial { name, values, config })
        })
        .collect()
}

/// Checks every range by its first and last value, before anything is drawn.
pub(super) fn check_ranges(fixed: &Document, space: &Space, registry: &Registry) -> Result<(), StudyError> {
    for (key, range) in &space.ranges {
        let values = match range {
            Range::Choice(values) => values.clone(),
            Range::Uniform(low, high) | Range::LogUniform(low, high) => vec![(*low).into(), (*high).into()],
            Range::Integers(first, last) => vec![(*first).into(), (*last).into()],
        };
        for value in values {
            let values = Table::from_iter([(key.clone(), value)]);
            with_values(fixed, &values, "[space]", space, registry)?;
        }
    }
    Ok(())
}

fn with_values(
    config: &Document,
    values: &Table,
    trial: &str,
    space: &Space,
    registry: &Registry,
) -> Result<Document, StudyError> {
    let changed = config.with_overrides(&Overrides::from(values.clone()));
    changed.and_then(|config| config.fill(registry)).map_err(|source| wrong(trial, space, source.into()))
}

/// What is wrong with the values of a trial.
pub(super) fn wrong(trial: &str, space: &Space, source: TrainingError) -> StudyError {
    StudyError::Trial { file: space.file.clone(), trial: trial.to_owned(), source: Box::new(source) }
}

/// A config on other corpora.
pub(super) fn on_corpus(
    config: &Document,
    paths: &CorpusPaths,
    registry: &Registry,
) -> Result<Document, StudyError> {
    let text = |path: &std::path::Path| path.display().to_string().into();
    let values = Table::from_iter([
        ("paths.train".to_owned(), text(&paths.train)),
        ("paths.dev".to_owned(), text(&paths.dev)),
    ]);
    Ok(config.with_overrides(&Overrides::from(values))?.fill(registry)?)
}

/// A name as that of a folder.
pub(super) fn folder(name: &str) -> String {
    let kept = |c: char| if c.is_alphanumeric() || "._-+=".contains(c) { c } else { '-' };
    let folder: String = name.chars().map(kept).collect();
    // Not `.` or `..`, nor hidden.
    folder.trim_start_matches('.').to_owned()
}
