//! The standard sections of a document, as strict structs.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{Block, Table};

/// `[system]`: the machine and its randomness.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct SystemConfig {
    /// The seed of every random number.
    pub seed: u64,
    /// Which library allocates memory of a GPU.
    pub gpu_allocator: Option<String>,
}

/// `[nlp]`: the pipeline.
///
/// The section is read from the configs of saved pipelines as well. Those of older versions of spaCy lack keys, and have
/// some that mean nothing here; so keys may be missing, and unknown ones are an error only where a config is filled.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
pub struct NlpConfig {
    /// The code of the language, such as `en`.
    pub lang: String,
    /// The components in the order in which they run.
    pub pipeline: Vec<String>,
    /// Components that are loaded and do not run.
    #[serde(default)]
    pub disabled: Vec<String>,
    /// Changes the language before the pipeline is made.
    pub before_creation: Option<Block>,
    /// Changes the pipeline before its components are made.
    pub after_creation: Option<Block>,
    /// Changes the pipeline after its components are made.
    pub after_pipeline_creation: Option<Block>,
    /// How many texts are predicted at once.
    pub batch_size: Option<usize>,
    /// From text to tokens.
    pub tokenizer: Option<Block>,
    /// The table of word vectors.
    pub vectors: Option<Block>,
}

/// `[training]`: how the pipeline learns, and when it stops.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct TrainingConfig {
    /// The seed of every random number in training.
    pub seed: u64,
    /// Which library allocates memory of a GPU.
    pub gpu_allocator: Option<String>,
    /// The share of inner values that are left out of each update.
    pub dropout: f64,
    /// How many updates share one step of the optimiser.
    pub accumulate_gradient: usize,
    /// How many steps without a better score end training; 0: any number.
    pub patience: usize,
    /// How often the corpus is read; 0: any number of times; -1: it is streamed and never held in memory.
    pub max_epochs: i64,
    /// How many steps at most; 0: any number.
    pub max_steps: usize,
    /// Before how many steps `max_epochs` does not end a run: of few documents a handful of epochs is too short to learn
    /// anything. Written as little as `objective`.
    pub min_steps: Option<usize>,
    /// After how many steps the pipeline is evaluated.
    pub eval_frequency: usize,
    /// Whether the last step is evaluated too, if its turn has not come: where the rate falls to 0, it is the best. Written as
    /// little as `objective`.
    pub evaluate_last: Option<bool>,
    /// Components that are not updated.
    pub frozen_components: Vec<String>,
    /// Components whose predictions the later ones see in training.
    pub annotating_components: Vec<String>,
    /// The dotted path of the block that reads the evaluation data.
    pub dev_corpus: String,
    /// The dotted path of the block that reads the training data.
    pub train_corpus: String,
    /// Changes the pipeline before it is saved.
    pub before_to_disk: Option<Block>,
    /// Runs before each update.
    pub before_update: Option<Block>,
    /// Reports the run.
    pub logger: Block,
    /// Groups examples to batches.
    pub batcher: Block,
    /// Changes weights by gradients.
    pub optimizer: Block,
    /// From scores to the loss and its gradient, in place of the recogniser's own.
    // It has no line in `defaults/config.toml`, so `fill` writes none where a config has none: spaCy refuses keys in
    // `[training]` that it does not know (spacy/schemas.py), and pipelines that we write are to be opened by it.
    pub objective: Option<Block>,
    /// The share of the training documents that is set apart to measure by, in place of `dev_corpus`; more than 0 and
    /// less than 1. Written as little as `objective`.
    pub dev_split: Option<f64>,
    /// Whether states follow the gold annotation in training, in place of the model's own actions. Written as little.
    pub use_gold_spans: Option<bool>,
    /// The steps in which the share of states that follow the model's own action grows from none to all; the others follow
    /// the gold annotation. Written as little.
    pub exploration_warmup: Option<usize>,
    /// How much a state counts whose token belongs to an entity of the label; 1 for labels that are not here. Written as
    /// little.
    pub label_weights: Option<IndexMap<String, f32>>,
    /// Whether each epoch reads the training corpus anew, so that its augmenters vary it in another way. Written as little.
    pub augment_each_epoch: Option<bool>,
    /// Whether a number is added to the score of leaving a token outside, with which the final score on the evaluation corpus is
    /// highest; it is chosen at each evaluation and saved with the best pipeline alone. Written as little.
    pub tune_out_bias: Option<bool>,
    /// Whether each half of the evaluation corpus is scored by the step and the bias that the other half would choose, too: the
    /// best score on a corpus that has chosen both flatters. Patience goes by all of it. Written as little.
    pub dev_halves: Option<bool>,
    /// How many documents of a streamed corpus are held, to draw the next one from. Written as little.
    pub shuffle_buffer: Option<usize>,
    /// Keeps what a sourced component has learned before. Written as little.
    pub rehearsal: Option<RehearsalConfig>,
    /// How much each score counts in the final one; null: it is not shown either.
    pub score_weights: IndexMap<String, Option<f64>>,
}

/// `[training.rehearsal]`: texts on which components that have a source are taught to predict as they did before.
// The defaults are chosen by docs/measurements.md, "Not forgetting".
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct RehearsalConfig {
    /// The dotted path of the block that reads the texts; annotation of entities in them is not read.
    pub corpus: String,
    /// How much a state of these texts counts, beside one of the training data.
    #[serde(default = "one")]
    pub weight: f64,
    /// The scores of actions are divided by it before they become probabilities; above 1, unlikely actions count for
    /// more.
    #[serde(default = "one")]
    pub temperature: f64,
    /// Every so many steps there is a rehearsal.
    #[serde(default = "every_step")]
    pub frequency: usize,
    /// Words of the texts that one rehearsal takes, at least one text.
    #[serde(default = "batch_words")]
    pub batch_words: usize,
}

fn one() -> f64 {
    1.0
}

fn every_step() -> usize {
    1
}

fn batch_words() -> usize {
    1000
}

/// `[initialize]`: the sources that a pipeline starts from.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct InitializeConfig {
    /// A pipeline whose word vectors are taken over.
    pub vectors: Option<String>,
    /// Pretrained weights of the token-to-vector layer.
    pub init_tok2vec: Option<String>,
    /// A file of words with their attributes.
    pub vocab_data: Option<String>,
    /// Lookup tables.
    pub lookups: Option<Block>,
    /// Runs first.
    pub before_init: Option<Block>,
    /// Runs last.
    pub after_init: Option<Block>,
    /// Arguments for the tokenizer.
    pub tokenizer: Table,
    /// Arguments for components, by name, such as their labels.
    pub components: IndexMap<String, Block>,
}

/// `[pretraining]`: how the token-to-vector layer learns from raw text.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct PretrainingConfig {
    /// How often the corpus is read.
    pub max_epochs: usize,
    /// The share of inner values that are left out of each update.
    pub dropout: f64,
    /// After how many batches the weights are saved within an epoch.
    pub n_save_every: Option<usize>,
    /// After how many epochs the weights are saved; null: after each.
    pub n_save_epoch: Option<usize>,
    /// The component that learns.
    pub component: String,
    /// The part of its model that learns; empty: all of it.
    pub layer: String,
    /// The dotted path of the block that reads the texts.
    pub corpus: String,
    /// Groups texts to batches.
    pub batcher: Block,
    /// The quantity to predict.
    pub objective: Block,
    /// Changes weights by gradients.
    pub optimizer: Block,
}

/// `[distillation]`: how a pipeline learns from teachers on raw text, beside the training data.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct DistillationConfig {
    /// How much a state of the raw text counts, beside one of the training data.
    pub weight: f64,
    /// The scores of actions are divided by it before they become probabilities; above 1, unlikely actions count for more.
    pub temperature: f64,
    /// Every so many steps there is raw text beside the training data.
    pub frequency: usize,
    /// Words of raw text in one step, at least one text. A text of more is cut.
    pub batch_words: usize,
    /// Words of raw text that are read; 0: all.
    pub max_words: usize,
    /// A JSON file that maps labels of the teachers to those of the pipeline, or to "" to count their entities as outside.
    pub label_map: Option<String>,
    /// Labels of the pipeline that no teacher need know: they are learned from the training data alone.
    pub untaught: Vec<String>,
}
