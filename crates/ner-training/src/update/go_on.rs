use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use burn::tensor::Device;
use ner_config::{Registry, Value};
use ner_doc::Example;
use ner_pipeline::{EntityRecognizer, Pipeline};

use super::change::{as_predicted, measure};
use super::held_back::hold_back;
use super::{LabelChange, UpdateOptions, UpdateReport};
use crate::run::Corpora;
use crate::unannotated::fill_in;
use crate::{EventSink, Output, TrainingError, TrainingRun};

/// A trained pipeline learns from a few documents: a run with defaults that do little harm, which rehearses what the
/// pipeline did before, if there are texts for it. Returns the pipeline of the best step with what became of its labels. All components but the
/// recognisers stay as they are, and so do shared token vectors that others take.
///
/// `work` gets the pipelines of the run, as the output of [`train`](crate::train) does. Between steps `interrupted` is asked
/// whether to stop; the report of the run says so.
///
/// # Errors
/// If the pipeline has no recogniser, the data cannot be read or hold no entity, or their labels are not those that were announced as new.
pub fn update(
    mut pipeline: Pipeline,
    options: &UpdateOptions,
    registry: &Registry,
    device: &Device,
    work: &Path,
    sink: &mut dyn EventSink,
    interrupted: &dyn Fn() -> bool,
) -> Result<(Pipeline, UpdateReport), TrainingError> {
    if recognizers(&pipeline).next().is_none() {
        let components = pipeline.components().keys().cloned().collect();
        return Err(TrainingError::NoRecognizer { components });
    }
    let mut data = options.data(pipeline.tokenizer())?;
    let texts = options.texts(pipeline.tokenizer())?;
    let known = labels_of(&pipeline);
    let found = labels_in(&data);
    if found.is_empty() {
        return Err(TrainingError::NoEntity);
    }
    check_labels(options, &known, &found)?;
    let unannotated: BTreeSet<String> = known.difference(&found).cloned().collect();
    // Before it gets labels that it knows nothing of.
    let tutor = pipeline.resume_training();
    fill_in(&tutor, &mut data, &unannotated)?;
    let (train, dev, is_held_back) = hold_back(data);
    let mut measured = Measured {
        held_back: dev.clone(),
        eval: options.eval(pipeline.tokenizer())?,
        texts: texts.as_ref().map(|texts| as_predicted(&pipeline, texts)).transpose()?,
    };
    let before = measured.measure(&mut pipeline)?;

    for recognizer in pipeline.recognizers_mut() {
        found.iter().for_each(|label| _ = recognizer.add_label(label));
    }
    let n_words: usize = train.iter().map(|example| example.predicted.len()).sum();
    let mut config = options.config(n_words)?;
    config.set("training.frozen_components", Value::from(frozen(&pipeline)));
    let corpora = Corpora::held(train, dev);
    let mut run = TrainingRun::go_on(&config, pipeline, corpora, texts.unwrap_or_default(), tutor, registry)?;
    let is_interrupted = run.follow(Some(&Output::to(work)), sink, interrupted)?;
    let report = run.report(is_interrupted);
    drop(run);
    let mut pipeline = Pipeline::load(&work.join("model-best"), registry, device)?;
    let after = measured.measure(&mut pipeline)?;
    let labels = known.union(&found).map(|label| (label.clone(), change(label, &known, &before, &after)));
    let unannotated = unannotated.into_iter().collect();
    let report = UpdateReport { run: report, labels: labels.collect(), is_held_back, unannotated };
    Ok((pipeline, report))
}

/// The documents that are predicted before and after.
struct Measured {
    held_back: Vec<Example>,
    eval: Option<Vec<Example>>,
    texts: Option<Vec<Example>>,
}

/// F by label on each of the documents.
type Scores = [Option<BTreeMap<String, f64>>; 3];

impl Measured {
    fn measure(&mut self, pipeline: &mut Pipeline) -> Result<Scores, TrainingError> {
        Ok([
            Some(measure(pipeline, &mut self.held_back)?),
            self.eval.as_mut().map(|eval| measure(pipeline, eval)).transpose()?,
            self.texts.as_mut().map(|texts| measure(pipeline, texts)).transpose()?,
        ])
    }
}

fn change(label: &str, known: &BTreeSet<String>, before: &Scores, after: &Scores) -> LabelChange {
    let of = |scores: &Scores, index: usize| scores[index].as_ref()?.get(label).copied();
    let pair = |index: usize| Some([of(before, index)?, of(after, index)?]);
    LabelChange { is_new: !known.contains(label), held_back: pair(0), eval: pair(1), agreement: of(after, 2) }
}

fn labels_of(pipeline: &Pipeline) -> BTreeSet<String> {
    recognizers(pipeline).flat_map(|name| pipeline.components()[name].labels()).collect()
}

fn labels_in(examples: &[Example]) -> BTreeSet<String> {
    let tokens = examples.iter().flat_map(|example| &example.reference.tokens);
    let ids: BTreeSet<_> = tokens.map(|token| token.ent_type).filter(|label| !label.is_empty()).collect();
    let strings = examples.iter().map(|example| example.reference.vocab().strings()).next();
    let names = ids.into_iter().filter_map(|id| Some(strings?.get(id)?.to_string()));
    names.collect()
}

/// The names of the recognisers.
fn recognizers(pipeline: &Pipeline) -> impl Iterator<Item = &str> {
    let components = pipeline.components().iter();
    components
        .filter(|(_, component)| component.downcast_ref::<EntityRecognizer>().is_some())
        .map(|(name, _)| name.as_str())
}

/// The components that stay as they are: all but the recognisers, and shared vectors that recognisers alone take.
fn frozen(pipeline: &Pipeline) -> Vec<String> {
    let learning: BTreeSet<&str> = recognizers(pipeline).collect();
    let names = || pipeline.components().keys().map(String::as_str);
    let listeners = |upstream: &str| -> Vec<&str> {
        names().filter(|name| pipeline.upstream_of(name) == Some(upstream)).collect()
    };
    let learns = |name: &str| {
        let listeners = listeners(name);
        learning.contains(name)
            || (!listeners.is_empty() && listeners.iter().all(|listener| learning.contains(listener)))
    };
    names().filter(|name| !learns(name)).map(str::to_owned).collect()
}

/// Fails unless the labels that are new in the documents are those that were announced, if any were.
fn check_labels(
    options: &UpdateOptions,
    known: &BTreeSet<String>,
    found: &BTreeSet<String>,
) -> Result<(), TrainingError> {
    let Some(announced) = &options.new_labels else { return Ok(()) };
    let announced: BTreeSet<String> = announced.iter().cloned().collect();
    let missing: Vec<String> = announced.difference(found).cloned().collect();
    let surprising = found.difference(known).filter(|label| !announced.contains(*label));
    let surprising: Vec<String> = surprising.cloned().collect();
    if missing.is_empty() && surprising.is_empty() {
        return Ok(());
    }
    let found = found.iter().cloned().collect();
    Err(TrainingError::NewLabels { missing, surprising, found })
}
