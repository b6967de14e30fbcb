use indexmap::IndexMap;
use ner_config::{Block, Kind, TrainingConfig, Value};
use ner_doc::{Doc, Example};
use ner_pipeline::Pipeline;
use serde::Serialize;

/// What a run will need of memory, as far as networks decide it: documents and the program itself come on top.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MemoryPlan {
    /// The weights of each component, by name.
    pub components: IndexMap<String, usize>,
    /// Bytes of all weights, and of what training has for each of those that learn: a gradient and the optimiser's state.
    pub weights: usize,
    /// Bytes that the largest batch keeps until its backward pass.
    pub batch: usize,
    /// The same if encoders had `gradient_checkpointing`.
    pub batch_with_checkpoints: usize,
    /// The tokens of such a batch.
    pub batch_tokens: usize,
}

/// Documents from which it is learned how many pieces tokens have.
const SAMPLE: usize = 100;

impl MemoryPlan {
    /// Counts the weights of a pipeline, and estimates the largest batch by documents like these.
    pub(crate) fn of(pipeline: &mut Pipeline, settings: &TrainingConfig, examples: &[Example]) -> MemoryPlan {
        let frozen = &settings.frozen_components;
        // Gradient and two moments; an optimiser of its own kind may have more or less.
        let uses_averages = settings.optimizer.table().get("use_averages") != Some(&Value::Bool(false));
        let n_copies = 4 + usize::from(uses_averages);
        let counts = pipeline.weight_counts();
        let weights =
            counts.iter().map(|(name, count)| count * if frozen.contains(name) { 1 } else { n_copies });
        let weights = weights.sum::<usize>() * size_of::<f32>();
        let docs: Vec<&Doc> = examples.iter().map(|example| &example.predicted).take(SAMPLE).collect();
        let n_tokens = docs.iter().map(|doc| doc.len()).sum::<usize>().max(1);
        let batch_tokens = largest_batch(&settings.batcher, n_tokens as f64 / docs.len().max(1) as f64);
        let batch_tokens = batch_tokens.div_ceil(settings.accumulate_gradient.max(1));
        let kept = |checkpoints| {
            let kept = pipeline.kept_bytes(&docs, frozen, checkpoints);
            (kept as f64 / n_tokens as f64 * batch_tokens as f64) as usize
        };
        let (batch, batch_with_checkpoints) = (kept(None), kept(Some(true)));
        MemoryPlan { components: counts, weights, batch, batch_with_checkpoints, batch_tokens }
    }

    /// All bytes.
    pub fn total(&self) -> usize {
        self.weights + self.batch
    }
}

/// Tokens of the largest batch that a batcher of spaCy makes of documents of usual length: its `size`, which is a number or
/// a schedule that ends with one.
fn largest_batch(batcher: &Block, tokens_of_doc: f64) -> usize {
    let number = |value: &Value| match value {
        Value::Integer(number) => Some(*number as f64),
        Value::Float(number) => Some(*number),
        _ => None,
    };
    let size = batcher.table().get("size").and_then(|size| match size {
        Value::Table(schedule) => {
            ["stop", "rate", "start"].iter().find_map(|key| number(schedule.get(*key)?))
        }
        size => number(size),
    });
    // spaCy's other batchers count tokens.
    let is_of_docs = batcher
        .table()
        .get(Kind::Batchers.key())
        .and_then(Value::as_str)
        .is_some_and(|name| name.contains("sequence"));
    // What a batcher of another kind makes is anybody's guess; this is the usual size.
    (size.unwrap_or(1000.0).max(1.0) * if is_of_docs { tokens_of_doc.max(1.0) } else { 1.0 }) as usize
}
