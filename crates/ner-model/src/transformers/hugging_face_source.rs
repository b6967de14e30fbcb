use std::sync::{Arc, Mutex, MutexGuard};

use ner_config::{Table as ConfigTable, Value as ConfigValue};
use ner_files::FileMap;
use ner_hub::{
    EncoderConfig, EncoderFiles, EncoderNames, EncoderPlaces, settings_for_shim, settings_of_shim,
};
use ner_layers::Init;
use ner_pieces::{FastTokenizer, SpanGetter};
use ner_thinc::{Array, ModelFile, Node, ShimSettings, ThincError, TorchShim};
use ner_transformer::{Encoder, Origin};
use serde_json::Value as Json;

use super::encoder_weights::{Arrays, check_finite, put};
use super::{EncoderSources, Preparation};
use crate::ModelError;

/// The node of a model file that wraps an encoder of transformers.
pub(super) const WRAPPER: &str = "hf-pytorch";

/// Where a network of spacy-transformers gets its encoder from.
#[derive(Debug)]
pub(crate) struct HuggingFaceSource {
    /// A folder, or a name that is looked for where encoders are.
    pub(super) name: String,
    pub(super) get_spans: SpanGetter,
    /// What replaces settings of `config.json`.
    pub(super) transformer_config: ConfigTable,
    pub(super) tokenizer_config: ConfigTable,
    /// What was found last.
    found: Mutex<Option<Found>>,
}

/// A pretrained encoder that was found.
#[derive(Debug)]
struct Found {
    parts: Arc<HuggingFaceParts>,
    /// Until a network has taken them.
    weights: Option<Arrays>,
}

/// All of a pretrained encoder but the weights that learn.
#[derive(Debug)]
pub(super) struct HuggingFaceParts {
    pub(super) config: EncoderConfig,
    pub(super) names: EncoderNames,
    pub(super) tokenizer: FastTokenizer,
    /// What a model file has beside the state.
    pub(super) settings: ShimSettings,
    /// Weights that no vector depends on: the pooler, and what is not known here.
    pub(super) others: Arrays,
    /// Whether the backward pass computes the forward pass again.
    pub(super) checkpoints: bool,
}

impl HuggingFaceSource {
    pub(super) fn new(
        name: String,
        get_spans: SpanGetter,
        tokenizer_config: ConfigTable,
        transformer_config: ConfigTable,
    ) -> HuggingFaceSource {
        HuggingFaceSource { name, get_spans, transformer_config, tokenizer_config, found: Mutex::default() }
    }

    /// Finds the encoder.
    pub(super) fn prepare(&self, preparation: &Preparation<'_>) -> Result<(), ModelError> {
        let found = match preparation {
            Preparation::Sources(sources) => Some(self.find_in(sources)?),
            Preparation::File(file) => self.read_from(file)?,
        };
        *self.found() = found;
        Ok(())
    }

    /// The encoder that was found, with its weights if no network has taken them yet; `None` if none was.
    pub(super) fn make(&self, init: &Init<'_>) -> Option<(Encoder, Arc<HuggingFaceParts>)> {
        let mut found = self.found();
        let Found { parts, weights } = found.as_mut()?;
        let encoder = Encoder::zeros(parts.config.clone(), Origin::HuggingFace, init);
        let mut encoder = encoder.with_checkpoints(parts.checkpoints);
        if let Some(weights) = weights.take() {
            put(&mut encoder, &parts.names, weights);
        }
        Some((encoder, parts.clone()))
    }

    fn found(&self) -> MutexGuard<'_, Option<Found>> {
        self.found.lock().expect("no holder panics")
    }

    fn find_in(&self, sources: &EncoderSources) -> Result<Found, ModelError> {
        let files = sources.places.find(&self.name, EncoderPlaces::MAIN)?;
        let (json, config) = self.with_own_settings(&files)?;
        let tokenizer_files = self.tokenizer_files(&files)?;
        let tokenizer = FastTokenizer::from_files(tokenizer_files).map_err(|source| {
            ModelError::Tokenizer { folder: files.folder().to_owned(), source: Box::new(source) }
        })?;
        files.check_tokenizer(tokenizer.n_ids().saturating_sub(1))?;
        let weights = files.weights_of(&config)?;
        let settings = self.settings(&json, &tokenizer);
        let checkpoints = json["gradient_checkpointing"].as_bool().unwrap_or(false);
        found(config, tokenizer, settings, weights, checkpoints)
    }

    /// `config.json` with the settings of the block in place of its own.
    fn with_own_settings(&self, files: &EncoderFiles) -> Result<(Json, EncoderConfig), ModelError> {
        let mut json = files.settings().clone();
        if let Some(settings) = json.as_object_mut() {
            for (key, value) in &self.transformer_config {
                settings.insert(key.clone(), value.to_json());
            }
        }
        let config = EncoderConfig::from_json(&json);
        let config = config.map_err(|error| ModelError::Argument {
            argument: "transformer_config",
            message: error.to_string(),
        })?;
        Ok((json, config))
    }

    /// The files of the tokenizer, with the settings of the block in place of those of `tokenizer_config.json`.
    fn tokenizer_files(&self, files: &EncoderFiles) -> Result<FileMap, ModelError> {
        const CONFIG: &str = "tokenizer_config.json";
        let mut found: FileMap = files.tokenizer_files()?.into_iter().collect();
        let own: Vec<_> = self.tokenizer_config.iter().filter(|(key, _)| *key != "use_fast").collect();
        if !own.is_empty() {
            let bytes = found.get(CONFIG).map_or(&b"{}"[..], Vec::as_slice);
            let mut json: Json =
                serde_json::from_slice(bytes).unwrap_or_else(|_| Json::Object(Default::default()));
            if let Some(settings) = json.as_object_mut() {
                settings.extend(own.into_iter().map(|(key, value)| (key.clone(), value.to_json())));
            }
            found.insert(CONFIG.to_owned(), json.to_string().into_bytes());
        }
        Ok(found)
    }

    /// What a model file has beside the state.
    fn settings(&self, config: &Json, tokenizer: &FastTokenizer) -> ShimSettings {
        let mut kwargs: Vec<_> =
            self.tokenizer_config.iter().map(|(key, value)| (key.clone(), value.to_json())).collect();
        if !self.tokenizer_config.contains_key("use_fast") {
            kwargs.push(("use_fast".to_owned(), true.into()));
        }
        let kwargs = settings_for_shim(&Json::Object(kwargs.into_iter().collect()));
        let mut entries = vec![("kwargs".into(), kwargs)];
        let files = tokenizer.files().iter();
        entries.extend(files.map(|(name, bytes)| (name.as_str().into(), rmpv::Value::Binary(bytes.clone()))));
        let empty = || rmpv::Value::Map(Vec::new());
        let values = [
            ("config", settings_for_shim(config)),
            ("tokenizer", rmpv::Value::Map(entries)),
            ("_init_tokenizer_config", empty()),
            ("_init_transformer_config", empty()),
        ];
        ShimSettings { values: values.map(|(key, value)| (key.to_owned(), value)).into_iter().collect() }
    }

    /// The encoder of a model file; `None` if the model was written before it had one.
    fn read_from(&self, file: &ModelFile) -> Result<Option<Found>, ModelError> {
        let (index, node) = wrapper(file, WRAPPER)?;
        let read = || {
            let shim = node.shims.first().ok_or_else(|| ThincError::Missing {
                what:
                    "the state of the encoder: pipelines of spacy-transformers 1.0 keep it in a directory; \
                       load and save them with version 1.1 or later"
                        .to_owned(),
            })?;
            TorchShim::from_bytes(shim)
        };
        let TorchShim { settings, state } = read().map_err(|error| error.in_node(index, &node.name))?;
        let Some(state) = state else { return Ok(None) };
        check_finite(&state.tensors).map_err(|error| error.in_node(index, &node.name))?;
        let config = settings_of_shim(&settings)?;
        let checkpoints = config["gradient_checkpointing"].as_bool().unwrap_or(false);
        let config = EncoderConfig::from_json(&config)?;
        let shapes = state.tensors.iter().map(|(name, array)| (name.clone(), array.shape().to_vec()));
        ner_hub::check_weights(&config, &shapes.collect())?;
        let tokenizer = FastTokenizer::from_files(tokenizer_files(&settings))?;
        found(config, tokenizer, settings, state.tensors, checkpoints).map(Some)
    }
}

fn found(
    config: EncoderConfig,
    tokenizer: FastTokenizer,
    settings: ShimSettings,
    mut weights: Arrays,
    checkpoints: bool,
) -> Result<Found, ModelError> {
    let names = EncoderNames::hugging_face(&config);
    let mut others = Arrays::new();
    for weight in names.weights(&config).into_iter().filter(|weight| weight.is_pooler) {
        // spaCy: without a pooler it warns when it loads the pipeline, so that one of zeros is written.
        let zeros = || Array::new(weight.shape.clone(), vec![0.0; weight.shape.iter().product()]);
        let array = weights.swap_remove(&weight.name).map_or_else(zeros, Ok).map_err(ModelError::File)?;
        others.insert(weight.name, array);
    }
    let known: Vec<String> = names.weights(&config).into_iter().map(|weight| weight.name).collect();
    let unknown: Vec<String> = weights.keys().filter(|name| !known.contains(name)).cloned().collect();
    for name in unknown {
        others.extend(weights.shift_remove_entry(&name));
    }
    let parts = HuggingFaceParts { config, names, tokenizer, settings, others, checkpoints };
    Ok(Found { parts: Arc::new(parts), weights: Some(weights) })
}

/// The node that wraps an encoder, with its place.
pub(super) fn wrapper<'a>(file: &'a ModelFile, name: &str) -> Result<(usize, &'a Node<usize>), ModelError> {
    let node = file.nodes.iter().enumerate().find(|(_, node)| node.name == name);
    node.ok_or_else(|| {
        let what = format!("a layer {name}, which holds the encoder");
        ModelError::File(ThincError::Missing { what })
    })
}

/// The files of a tokenizer that a model file holds.
fn tokenizer_files(settings: &ShimSettings) -> FileMap {
    let entries = settings.values.get("tokenizer").and_then(rmpv::Value::as_map);
    let entries = entries.into_iter().flatten();
    let files = entries.filter_map(|(name, value)| match (name.as_str(), value) {
        (Some(name), rmpv::Value::Binary(bytes)) => Some((name.to_owned(), bytes.clone())),
        _ => None,
    });
    files.collect()
}

/// A value of a config as JSON.
trait ToJson {
    fn to_json(&self) -> Json;
}

impl ToJson for ConfigValue {
    fn to_json(&self) -> Json {
        serde_json::to_value(self).unwrap_or(Json::Null)
    }
}
