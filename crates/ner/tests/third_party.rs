//! One function of each kind that another program registers, and a pipeline that is trained with all of them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use burn::tensor::{Device, Tensor, TensorData};
use ner::{Config, Doc, Example, NoReports, Output, Registry, builtin, default_device, new_config};
use ner_config::{Block, Builder, ConfigError, Kind};
use ner_corpus::AugmentError;
use ner_corpus::augment::Augmenter;
use ner_corpus::reader::{ExampleSource, Examples};
use ner_cpython::{PythonRandom, SharedRandom};
use ner_doc::{DocError, EntIob, Entity};
use ner_layers::{Init, Mode};
use ner_model::{LayerTree, Parameter, Recipe, SharedKind, TokenSource, TokenVectors};
use ner_optim::{Gradient, OptimError, Optimizer, ParameterKey, ParameterUpdate, SavedOptimizer};
use ner_pipeline::{Component, ComponentRecipe, Pipeline};
use ner_scorer::{ScoreCounts, Scorer, Scores};
use ner_thinc::Layer;
use ner_tokenizer::{SplitText, Tokenizer, TokenizerSource};
use ner_training::{
    Batcher, Evaluation, EventSink, Grouped, Item, Logger, Pass, RunLog, RunPlan, TrainingError, train,
};
use ner_transitions::{INVALID, LogLoss, Objective};
use ner_vocab::Vectors;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// Whether a token is the second of its document, and whether it begins with a capital letter, as its vector.
#[derive(Debug)]
struct Places {
    width: usize,
    device: Device,
}

impl TokenVectors for Places {
    fn forward(&self, docs: &[&Doc], _: &mut Mode<'_>) -> Tensor<2> {
        let tokens = docs.iter().flat_map(|doc| doc.tokens.iter().enumerate());
        let vectors: Vec<f32> = tokens
            .flat_map(|(place, token)| {
                let is_title = token.text().starts_with(char::is_uppercase);
                let is_there = [1.0, f32::from(u8::from(place == 1)), f32::from(u8::from(is_title))];
                (0..self.width).map(move |index| is_there.get(index).copied().unwrap_or(0.0))
            })
            .collect();
        let shape = [vectors.len() / self.width, self.width];
        Tensor::from_data(TensorData::new(vectors, shape), &self.device)
    }

    fn width(&self) -> usize {
        self.width
    }

    fn parameters_mut(&mut self) -> Vec<&mut dyn Parameter> {
        Vec::new()
    }

    fn layer(&self, _: &mut LayerTree) -> Arc<Layer> {
        Layer::new("places").dim("nO", self.width).into()
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PlacesConfig {
    width: usize,
}

/// An architecture.
fn places(config: PlacesConfig, _: &Builder<'_>) -> Result<TokenSource, ConfigError> {
    let width = config.width;
    let make = move |init: &mut Init<'_>| {
        Box::new(Places { width, device: init.device().clone() }) as Box<dyn TokenVectors>
    };
    Ok(TokenSource::Own(Recipe::new(width, make)))
}

/// A kind of component that shares the vectors of such a network.
#[derive(Debug)]
struct PlacesComponent(Box<dyn TokenVectors>);

impl Component for PlacesComponent {
    fn token_vectors(&self) -> Option<&dyn TokenVectors> {
        Some(&*self.0)
    }

    fn shares(&self) -> Option<SharedKind> {
        Some(SharedKind::Tok2Vec)
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PlacesFactoryConfig {
    model: Block,
}

/// A factory.
fn places_factory(
    config: PlacesFactoryConfig,
    builder: &Builder<'_>,
) -> Result<ComponentRecipe, ConfigError> {
    match builder.build(Kind::Architectures, &config.model)? {
        TokenSource::Own(recipe) => Ok(ComponentRecipe::new(move |init| PlacesComponent(recipe.make(init)))),
        TokenSource::Listener(_) => Err(builder.invalid("model", "expected a network")),
    }
}

/// An optimiser: steps of a fixed length against the gradient.
#[derive(Debug)]
struct FixedSteps(f64);

impl Optimizer for FixedSteps {
    fn learn_rate(&self) -> f64 {
        self.0
    }

    fn step_schedules(&mut self) {}

    fn update_all(&mut self, updates: Vec<ParameterUpdate<'_>>) -> Result<(), OptimError> {
        self.check(&updates)?;
        for ParameterUpdate { weights, gradient, .. } in updates {
            let gradient = gradient.map(Gradient::into_dense).unwrap_or_default();
            for (weight, slope) in weights.iter_mut().zip(gradient) {
                *weight -= self.0 as f32 * slope;
            }
        }
        Ok(())
    }

    fn save(&self, _: &[ParameterKey]) -> SavedOptimizer {
        let (optimizer, arrays) = ("FixedSteps".to_owned(), Default::default());
        SavedOptimizer { optimizer, version: 1, values: Value::Null, arrays }
    }

    fn restore(&mut self, _: &[ParameterKey], saved: SavedOptimizer) -> Result<(), OptimError> {
        saved.check_kind("FixedSteps", 1)
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct FixedStepsConfig {
    length: ner_config::NumberOrBlock,
}

fn fixed_steps(config: FixedStepsConfig, builder: &Builder<'_>) -> Result<Box<dyn Optimizer>, ConfigError> {
    let mut lengths = ner_optim::Schedule::build(&config.length, builder)?;
    Ok(Box::new(FixedSteps(lengths.next().unwrap())))
}

/// A schedule. At a length of 0.1 the vectors grew beyond every bound after 65 steps.
fn short(_: Nothing, _: &Builder<'_>) -> Result<ner_optim::Schedule, ConfigError> {
    Ok(ner_optim::Schedule::constant(0.02))
}

/// A batcher: every item is a batch.
#[derive(Debug)]
struct Singly;

impl Batcher for Singly {
    fn start(&mut self) -> Result<Box<dyn Pass + '_>, TrainingError> {
        Ok(Box::new(Singly))
    }
}

impl Pass for Singly {
    fn push(&mut self, item: Item, grouped: &mut Grouped) -> Result<(), TrainingError> {
        grouped.batch([item]);
        Ok(())
    }

    fn finish(&mut self, _: &mut Grouped) -> Result<(), TrainingError> {
        Ok(())
    }
}

/// A reader of examples that are made in the program.
struct Made(Box<dyn Augmenter>);

impl ExampleSource for Made {
    fn examples<'a>(&'a self, tokenizer: &'a Tokenizer, random: &'a SharedRandom) -> Examples<'a> {
        let names = ["Ada", "Bob", "Charles", "Dora"];
        Box::new(names.into_iter().map(move |name| {
            let mut reference = tokenizer.tokenize(&format!("then {name} wrote")).unwrap();
            let label = reference.vocab().strings().add("PERSON");
            reference.set_entities(&[Entity { start: 1, end: 2, label }], EntIob::Out).unwrap();
            let predicted = tokenizer.tokenize(&reference.text()).unwrap();
            let example = Example::new(predicted, reference);
            Ok(random.draw(|random| self.0.augment(example, tokenizer, random)).unwrap())
        }))
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct MadeConfig {
    augmenter: Block,
}

fn made(config: MadeConfig, builder: &Builder<'_>) -> Result<Box<dyn ExampleSource>, ConfigError> {
    Ok(Box::new(Made(builder.build(Kind::Augmenters, &config.augmenter)?)))
}

/// An augmenter that counts what it sees.
struct Counted;

static N_AUGMENTED: AtomicUsize = AtomicUsize::new(0);

impl Augmenter for Counted {
    fn augment(
        &self,
        example: Example,
        _: &Tokenizer,
        _: &mut PythonRandom,
    ) -> Result<Example, AugmentError> {
        N_AUGMENTED.fetch_add(1, Ordering::SeqCst);
        Ok(example)
    }
}

/// A logger that counts evaluations.
struct Tally;

static N_EVALUATIONS: AtomicUsize = AtomicUsize::new(0);

impl Logger for Tally {
    fn start(&self, _: &RunPlan, _: &mut dyn EventSink) -> Result<Box<dyn RunLog>, TrainingError> {
        Ok(Box::new(Tally))
    }
}

impl RunLog for Tally {
    fn step(&mut self, _: &mut dyn EventSink) {}

    fn evaluation(&mut self, evaluation: &Evaluation, _: &mut dyn EventSink) -> Result<(), TrainingError> {
        assert!(evaluation.scores.contains_key("annotated"));
        N_EVALUATIONS.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    fn finish(&mut self, _: &mut dyn EventSink) {}
}

/// A scorer: the share of documents in which the right entity was found. A table of it is a score that is no number.
#[derive(Clone, Copy, Debug, Default)]
struct Annotated {
    n_docs: usize,
    n_found: usize,
}

impl Scorer for Annotated {
    fn start(&self) -> Box<dyn ScoreCounts> {
        Box::new(Annotated::default())
    }
}

impl ScoreCounts for Annotated {
    fn add(&mut self, examples: &[Example]) -> Result<(), DocError> {
        for example in examples {
            self.n_docs += 1;
            self.n_found += usize::from(example.predicted.entities()? == example.reference.entities()?);
        }
        Ok(())
    }

    fn scores(&self) -> Scores {
        let share = self.n_found as f64 / self.n_docs as f64;
        [("annotated".to_owned(), json!(share)), ("table".to_owned(), json!({"annotated": share}))].into()
    }
}

/// A tokenizer that splits at spaces and counts its texts.
#[derive(Debug)]
struct AtSpaces;

impl SplitText for AtSpaces {
    fn split(&self, text: &str) -> Result<Vec<(String, bool)>, String> {
        let n_spaces = text.matches(' ').count();
        Ok(text.split(' ').enumerate().map(|(index, word)| (word.to_owned(), index < n_spaces)).collect())
    }
}

/// An objective: the log loss with its gradient doubled, which is a step of twice the length.
#[derive(Debug)]
struct Twice;

impl Objective for Twice {
    fn gradient(&self, scores: &[f32], costs: &[u8], d_scores: &mut [f32]) -> f32 {
        let loss = LogLoss.gradient(scores, costs, d_scores);
        assert!(costs.iter().any(|cost| *cost != INVALID));
        N_STATES.fetch_add(1, Ordering::SeqCst);
        d_scores.iter_mut().for_each(|d_score| *d_score *= 2.0);
        loss
    }
}

static N_STATES: AtomicUsize = AtomicUsize::new(0);

fn register(registry: &mut Registry) {
    registry
        .add(Kind::Architectures, "acme.Places.v1", places)
        .add_component("acme_places", &[], places_factory)
        .add(Kind::Optimizers, "acme.FixedSteps.v1", fixed_steps)
        .add(Kind::Schedules, "acme.Short.v1", short)
        .add(Kind::Batchers, "acme.Singly.v1", |_: Nothing, _: &Builder<'_>| {
            Ok(Box::new(Singly) as Box<dyn Batcher>)
        })
        .add(Kind::Readers, "acme.Made.v1", made)
        .add(Kind::Augmenters, "acme.Counted.v1", |_: Nothing, _: &Builder<'_>| {
            Ok(Box::new(Counted) as Box<dyn Augmenter>)
        })
        .add(Kind::Loggers, "acme.Tally.v1", |_: Nothing, _: &Builder<'_>| {
            Ok(Box::new(Tally) as Box<dyn Logger>)
        })
        .add(Kind::Scorers, "acme.Annotated.v1", |_: Nothing, _: &Builder<'_>| {
            Ok(Box::new(Annotated::default()) as Box<dyn Scorer>)
        })
        .add(Kind::Tokenizers, "acme.AtSpaces.v1", |_: Nothing, _: &Builder<'_>| {
            Ok(TokenizerSource::Splitter(Arc::new(AtSpaces)))
        })
        .add(Kind::Vectors, "acme.Empty.v1", |_: Nothing, _: &Builder<'_>| Ok(Vectors::default()))
        .add(Kind::Objectives, "acme.Twice.v1", |_: Nothing, _: &Builder<'_>| {
            Ok(Box::new(Twice) as Box<dyn Objective>)
        });
}

fn block(json: Value) -> ner_config::Value {
    serde_json::from_value(json).unwrap()
}

/// A recogniser that listens to a component of another program, in a run in which everything is another program's.
fn config(registry: &Registry) -> Config {
    let mut config = new_config("en").unwrap();
    let model = json!({"@architectures": "acme.Places.v1", "width": 8});
    config.set("components.tok2vec", block(json!({"factory": "acme_places", "model": model})));
    let listener = json!({"@architectures": "spacy.Tok2VecListener.v1", "width": 8, "upstream": "*"});
    config.set("components.ner.model.tok2vec", block(listener));
    config.set("components.ner.scorer", block(json!({"@scorers": "acme.Annotated.v1"})));
    config.set("nlp.tokenizer", block(json!({"@tokenizers": "acme.AtSpaces.v1"})));
    config.set("nlp.vectors", block(json!({"@vectors": "acme.Empty.v1"})));
    let corpus = json!({"@readers": "acme.Made.v1", "augmenter": {"@augmenters": "acme.Counted.v1"}});
    config.set("corpora.train", block(corpus.clone()));
    config.set("corpora.dev", block(corpus));
    config.set("training.batcher", block(json!({"@batchers": "acme.Singly.v1"})));
    config.set("training.logger", block(json!({"@loggers": "acme.Tally.v1"})));
    let length = json!({"@schedules": "acme.Short.v1"});
    config.set("training.optimizer", block(json!({"@optimizers": "acme.FixedSteps.v1", "length": length})));
    config.set("training.objective", block(json!({"@objectives": "acme.Twice.v1"})));
    config.set("training.score_weights", block(json!({"annotated": 1.0, "ents_f": 0.0})));
    config.set("training.eval_frequency", 10);
    config.set("training.max_steps", 200);
    config.fill(registry).unwrap()
}

#[test]
fn a_pipeline_is_trained_with_functions_of_another_program() {
    let registry = builtin().with(register).registry();
    let device = default_device().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let config = config(&registry);
    let output = Output::to(folder.path());
    let report = train(&config, &registry, &device, Some(&output), &mut NoReports, &|| false).unwrap();
    assert_eq!(
        report.best.unwrap().score,
        1.0,
        "a name is the second token and begins with a capital letter"
    );
    assert_eq!(N_AUGMENTED.load(Ordering::SeqCst), 8, "both corpora are read once");
    assert_eq!(N_EVALUATIONS.load(Ordering::SeqCst), 21);
    assert!(N_STATES.load(Ordering::SeqCst) >= 200 * 3);

    let pipeline = Pipeline::load(&folder.path().join("model-best"), &registry, &device).unwrap();
    let doc = pipeline.annotate("then Eve! wrote").unwrap();
    let [entity] = doc.entities().unwrap()[..] else { panic!("one entity is found") };
    assert_eq!(doc.span_text(entity.start..entity.end), "Eve!", "words are split at spaces alone");
    assert!(!Path::new(&folder.path().join("model-best/tokenizer")).exists());
}

/// After an error in an evaluation, `model-last` holds averaged weights, as after any other end of a run.
#[test]
fn the_last_model_is_averaged_also_after_an_error_in_an_evaluation() {
    let registry = builtin().with(register).registry();
    let device = default_device().unwrap();
    let last_model = |weights: Value, max_steps: i64| {
        let folder = tempfile::tempdir().unwrap();
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus");
        let mut config = new_config("en").unwrap();
        for (name, limit) in [("train", 20), ("dev", 5)] {
            config.set(&format!("paths.{name}"), corpus.join(format!("{name}.jsonl")).to_str().unwrap());
            config.set(&format!("corpora.{name}.limit"), limit);
        }
        config.set("components.ner.scorer", block(json!({"@scorers": "acme.Annotated.v1"})));
        config.set("training.optimizer.use_averages", true);
        config.set("training.score_weights", block(weights));
        config.set("training.max_steps", max_steps);
        let config = config.fill(&registry).unwrap();
        let outcome =
            train(&config, &registry, &device, Some(&Output::to(folder.path())), &mut NoReports, &|| true);
        (outcome.err(), std::fs::read(folder.path().join("model-last/ner/model")).unwrap())
    };
    let (error, averaged) = last_model(json!({"annotated": 1.0}), 1);
    assert!(error.is_none());
    let (error, after_error) = last_model(json!({"table": 1.0}), 1);
    assert!(error.unwrap().to_string().contains("table"));
    assert!(after_error == averaged);
}
