use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use ner_config::DistillationConfig;
use ner_formats::LabelMap;
use ner_pipeline::{EntityRecognizer, Pipeline, Teacher};

use super::DistillationError;
use crate::TrainingError;

/// The only recogniser that learns.
pub(super) fn student(pipeline: &Pipeline, frozen: &[String]) -> Result<String, DistillationError> {
    let learning = recognizers(pipeline).filter(|name| !frozen.iter().any(|other| other == name));
    let found: Vec<String> = learning.map(str::to_owned).collect();
    match &found[..] {
        [name] => Ok(name.clone()),
        _ => Err(DistillationError::Students { found }),
    }
}

/// The teachers of a recogniser, with all their labels mapped to its own.
///
/// # Errors
/// If a label of either side has no counterpart: a teacher that does not know a label teaches that there is none, and one
/// that knows more says little of what is outside.
pub(super) fn teachers(
    pipelines: Vec<(PathBuf, Pipeline)>,
    component: &str,
    labels: &BTreeSet<String>,
    settings: &DistillationConfig,
) -> Result<Vec<Teacher>, TrainingError> {
    let label_map = settings.label_map.as_deref().map(|file| LabelMap::open(Path::new(file)));
    let label_map = label_map.transpose()?.unwrap_or_default();
    let untaught: BTreeSet<String> = settings.untaught.iter().cloned().collect();
    if !untaught.is_subset(labels) {
        let unknown = untaught.difference(labels).cloned().collect();
        return Err(DistillationError::Untaught { labels: unknown, known: sorted(labels) }.into());
    }
    let mut known = BTreeSet::new();
    let mut teachers = Vec::new();
    for (place, pipeline) in pipelines {
        let teaching = teaching(&place, &pipeline, component)?;
        let theirs = pipeline.components()[&teaching].labels();
        let names: IndexMap<String, String> =
            theirs.into_iter().map(|label| (label.clone(), label_map.get(&label).to_owned())).collect();
        known.extend(names.keys().cloned());
        check_labels(&place, &names, labels, &untaught)?;
        teachers.extend(Teacher::new(pipeline, &teaching, names));
    }
    let unmapped = label_map.labels().into_iter().filter(|label| !known.contains(*label));
    let unmapped: Vec<String> = unmapped.map(str::to_owned).collect();
    match (unmapped.is_empty(), &settings.label_map) {
        (false, Some(file)) => {
            let file = file.clone();
            Err(DistillationError::Unmapped { file, labels: unmapped, known: sorted(&known) }.into())
        }
        _ => Ok(teachers),
    }
}

/// The recogniser of a pipeline that is to teach the one called `name`.
fn teaching(place: &Path, pipeline: &Pipeline, name: &str) -> Result<String, DistillationError> {
    let found: Vec<String> = recognizers(pipeline).map(str::to_owned).collect();
    match &found[..] {
        _ if found.iter().any(|found| found == name) => Ok(name.to_owned()),
        [single] => Ok(single.clone()),
        _ => Err(DistillationError::Teachers { teacher: place.to_owned(), name: name.to_owned(), found }),
    }
}

fn check_labels(
    place: &Path,
    names: &IndexMap<String, String>,
    labels: &BTreeSet<String>,
    untaught: &BTreeSet<String>,
) -> Result<(), DistillationError> {
    let teacher = place.to_owned();
    let named: BTreeSet<String> = names.values().filter(|name| !name.is_empty()).cloned().collect();
    let surplus: Vec<String> = named.difference(labels).cloned().collect();
    if !surplus.is_empty() {
        return Err(DistillationError::Surplus { teacher, surplus, known: sorted(labels) });
    }
    let missing = labels.difference(&named).filter(|label| !untaught.contains(*label));
    let missing: Vec<String> = missing.cloned().collect();
    if !missing.is_empty() {
        let known = names.iter().map(|(label, name)| if name.is_empty() { label } else { name });
        return Err(DistillationError::Missing {
            teacher,
            missing,
            known: sorted(&known.cloned().collect()),
        });
    }
    Ok(())
}

fn sorted(labels: &BTreeSet<String>) -> Vec<String> {
    labels.iter().cloned().collect()
}

/// The names of the recognisers.
fn recognizers(pipeline: &Pipeline) -> impl Iterator<Item = &str> {
    let components = pipeline.components().iter();
    components
        .filter(|(_, component)| component.downcast_ref::<EntityRecognizer>().is_some())
        .map(|(name, _)| name.as_str())
}
