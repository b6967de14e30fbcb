//! Registers token vectors of one's own under a name for configs, and trains a recogniser that stands on them.
//!
//!     cargo run --release --example register_an_architecture -- corpus/train.jsonl corpus/dev.jsonl
//!
//! Letters without neighbours say little, so F stays near 0.2; the point is how such vectors come in.
//! Programs that use such an extension need `ner` alone; the extension itself implements traits of the crates below it.
#![expect(clippy::print_stdout, reason = "the output of the program")]

use std::env;
use std::error::Error;
use std::path::Path;
use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData};
use ner::{Config, Doc, NoReports, Registry, TrainingRun};
use ner_config::{Builder, ConfigError, Kind};
use ner_layers::{Init, Linear, Mode};
use ner_model::{LayerTree, Parameter, Recipe, TokenSource, TokenVectors};
use ner_thinc::Layer;

/// How often each letter stands in a token, whether it begins with a capital, and whether it has digits.
const N_FEATURES: usize = 28;

/// Vectors of nothing but the spelling of a token, mixed by a layer that learns.
#[derive(Debug)]
struct Spelling {
    linear: Linear,
    width: usize,
    device: Device,
}

impl TokenVectors for Spelling {
    fn forward(&self, docs: &[&Doc], _: &mut Mode<'_>) -> Tensor<2> {
        let tokens = docs.iter().flat_map(|doc| doc.words());
        let features: Vec<f32> = tokens.flat_map(spelling).collect();
        let shape = [features.len() / N_FEATURES, N_FEATURES];
        let features = Tensor::<2>::from_data(TensorData::new(features, shape), &self.device);
        features.matmul(self.linear.weight.val().transpose()) + self.linear.bias.val().unsqueeze::<2>()
    }

    fn width(&self) -> usize {
        self.width
    }

    fn parameters_mut(&mut self) -> Vec<&mut dyn Parameter> {
        vec![&mut self.linear.weight, &mut self.linear.bias]
    }

    fn layer(&self, tree: &mut LayerTree) -> Arc<Layer> {
        // Files name weights by the layer that holds them, here as Thinc's own `Linear` does.
        let layer = Layer::new("spelling").dim("nO", self.width).dim("nI", N_FEATURES);
        tree.leaf(layer, &[("W", &self.linear.weight), ("b", &self.linear.bias)])
    }
}

fn spelling(word: &str) -> [f32; N_FEATURES] {
    let mut features = [0.0; N_FEATURES];
    for letter in word.bytes().map(|byte| byte.to_ascii_lowercase()).filter(u8::is_ascii_lowercase) {
        features[usize::from(letter - b'a')] += 1.0;
    }
    features[26] = f32::from(word.starts_with(char::is_uppercase));
    features[27] = f32::from(word.contains(char::is_numeric));
    features
}

/// The arguments of the block in a config.
#[derive(serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct SpellingConfig {
    width: usize,
}

fn build(config: SpellingConfig, _: &Builder<'_>) -> Result<TokenSource, ConfigError> {
    let SpellingConfig { width } = config;
    let make = move |init: &mut Init<'_>| -> Box<dyn TokenVectors> {
        let device = init.device().clone();
        Box::new(Spelling { linear: Linear::init(width, N_FEATURES, init), width, device })
    };
    Ok(TokenSource::Own(Recipe::new(width, make)))
}

fn register(registry: &mut Registry) {
    registry.add(Kind::Architectures, "example.Spelling.v1", build);
}

const CONFIG: &str = r#"
nlp.pipeline = ["ner"]
components.ner.model.tok2vec = { "@architectures" = "example.Spelling.v1", width = 64 }
training.max_steps = 1000
training.eval_frequency = 200
"#;

fn main() -> Result<(), Box<dyn Error>> {
    let (Some(train), Some(dev)) = (env::args().nth(1), env::args().nth(2)) else {
        return Err("usage: register_an_architecture TRAIN DEV".into());
    };
    let mut config = ner::new_config("en")?.merge(&Config::from_toml_str(CONFIG)?);
    config.set("paths.train", train);
    config.set("paths.dev", dev.as_str());

    let registry = ner::builtin().with(register).registry();
    let config = config.fill(&registry)?;
    let mut run = TrainingRun::start(&config, &registry, &ner::default_device()?, &mut NoReports)?;
    run.follow(None, &mut NoReports, &|| false)?;
    let evaluation = ner::evaluate(run.pipeline(), Path::new(&dev))?;
    println!("{} steps, F {:.3}", run.state().step, evaluation.number("ents_f").unwrap_or_default());
    Ok(())
}
