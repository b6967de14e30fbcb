//! What a run is going to do that nobody may want, told before its first step.

use std::collections::BTreeSet;

use ner_config::TrainingConfig;
use ner_doc::Example;
use ner_pipeline::Pipeline;

use crate::unannotated::missing_labels;

/// Warns of a run that learns nothing, of components that it makes worse, and of labels that it forgets.
///
/// `examples` are those to learn from; none if they are streamed, since nobody has read a stream to its end.
pub(in crate::run) fn warn(pipeline: &Pipeline, settings: &TrainingConfig, examples: &[Example]) {
    let frozen = &settings.frozen_components;
    let learning: Vec<&str> = learning(pipeline, frozen).collect();
    if learning.is_empty() {
        tracing::warn!(
            "No component learns, so that every step leaves the pipeline as it is. Take the one that is to learn out \
             of training.frozen_components."
        );
    }
    for (upstream, listener) in moved_away(pipeline, frozen, &learning) {
        tracing::warn!(
            "{upstream:?} is trained, and {listener:?}, which takes its vectors, is frozen: it will get worse. Freeze \
             both, and give what is to learn vectors of its own (replace_listeners)."
        );
    }
    let outlook = match settings.rehearsal {
        Some(_) => {
            "they count as not annotated, and what it finds of them as right. Documents that have one are to be \
             annotated with it throughout"
        }
        None => {
            "it will forget them. Mix in examples of them, or let it rehearse ([training.rehearsal], or `ner update`)"
        }
    };
    for name in pipeline.sourced().filter(|name| learning.contains(name)) {
        let missing = missing_labels(pipeline.components()[name].labels(), examples);
        let missing = Vec::from_iter(missing);
        if !missing.is_empty() && !examples.is_empty() {
            tracing::warn!(
                "{name:?} knows {}, which no training document has: {outlook}.",
                missing.join(", ")
            );
        }
    }
}

/// The components that have something to learn. Those that only share their vectors learn from others alone.
fn learning<'a>(pipeline: &'a Pipeline, frozen: &'a [String]) -> impl Iterator<Item = &'a str> {
    let components = pipeline.components().iter();
    let components =
        components.filter(|(_, component)| component.is_trainable() && !component.shares_vectors());
    components.map(|(name, _)| name.as_str()).filter(|name| !is_in(frozen, name))
}

/// Each frozen component whose vectors others change by their learning, after the component that shares the vectors.
fn moved_away<'a>(
    pipeline: &'a Pipeline,
    frozen: &'a [String],
    learning: &'a [&str],
) -> impl Iterator<Item = (&'a str, &'a str)> {
    let changed: BTreeSet<&str> = learning.iter().filter_map(|name| pipeline.upstream_of(name)).collect();
    let listeners = frozen.iter().filter_map(|name| Some((pipeline.upstream_of(name)?, name.as_str())));
    listeners.filter(move |(upstream, _)| changed.contains(upstream) && !is_in(frozen, upstream))
}

fn is_in(names: &[String], name: &str) -> bool {
    names.iter().any(|other| other == name)
}
