//! The piece encoders of spacy-curated-transformers.

use std::sync::Arc;

use ner_config::{Builder, ConfigError};
use ner_pieces::{
    ByteBpe, ByteBpeSettings, PieceEncoder, PieceVocabulary, Sentencepiece, Shift, StridedPieces, Wordpiece,
    WordpieceSettings,
};
use ner_thinc::{Attr, Layer, ModelFile, Node, ThincError};
use schemars::JsonSchema;
use serde::Deserialize;

use super::loaders::{ByteBpeConfig, SentencepieceConfig, WordpieceConfig};
use super::{EncoderSources, PieceLoader};
use crate::ModelError;

/// How documents are cut into pieces; with which ones is known once they are loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PieceKind {
    /// BERT's word pieces.
    Wordpiece {
        /// Whether words are cut at punctuation first.
        splits_punctuation: bool,
    },
    /// GPT-2's byte-level pieces.
    ByteBpe,
    /// SentencePiece.
    Sentencepiece(Shift),
}

/// Windows of pieces.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StridedSpansConfig {
    /// Pieces from the beginning of a window to that of the next.
    #[serde(default = "stride")]
    stride: usize,
    /// Pieces of a window.
    #[serde(default = "window")]
    window: usize,
    /// Windows that go through the encoder together; without a meaning here, where nothing is padded.
    #[serde(default = "batch_size")]
    batch_size: usize,
}

fn stride() -> usize {
    96
}

fn window() -> usize {
    128
}

fn batch_size() -> usize {
    384
}

/// `WithStridedSpans.v1`, as the model file notes it down.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StridedSpans {
    pub(super) pieces: StridedPieces,
    pub(super) stride: usize,
    pub(super) window: usize,
    batch_size: usize,
}

/// `spacy-curated-transformers.WithStridedSpans.v1`
pub(super) fn strided_spans(
    config: StridedSpansConfig,
    builder: &Builder<'_>,
) -> Result<StridedSpans, ConfigError> {
    let StridedSpansConfig { stride, window, batch_size } = config;
    let pieces =
        StridedPieces::new(stride, window).map_err(|error| builder.invalid("stride", error.to_string()))?;
    Ok(StridedSpans { pieces, stride, window, batch_size })
}

impl StridedSpans {
    /// The windows as Thinc describes them, without the encoder that they hold.
    pub(super) fn layer(self) -> Layer {
        let layer = Layer::new("with_strided_spans").attr("stride", self.stride as u64);
        layer.attr("window", self.window as u64).attr("batch_size", self.batch_size as u64)
    }
}

impl PieceKind {
    /// The pieces that a loader names.
    pub(super) fn load(self, sources: &EncoderSources) -> Result<Option<PieceEncoder>, ModelError> {
        let Some(loader) = &sources.piecer_loader else { return Ok(None) };
        let vocabulary = match (self, loader) {
            (kind, PieceLoader::HuggingFace(config)) => {
                let files = sources.places.find(&config.name, &config.revision)?;
                let files = files.tokenizer_files()?.into_iter().collect();
                match kind {
                    PieceKind::Wordpiece { splits_punctuation } => {
                        PieceVocabulary::bert_from_files(&files, splits_punctuation)?
                    }
                    PieceKind::ByteBpe => PieceVocabulary::roberta_from_files(&files)?,
                    PieceKind::Sentencepiece(shift) => {
                        PieceVocabulary::sentencepiece_from_files(&files, shift)?
                    }
                }
            }
            (PieceKind::ByteBpe, PieceLoader::ByteBpe(ByteBpeConfig { vocab_path, merges_path })) => {
                let (vocab, merges) = (ner_files::read(vocab_path)?, ner_files::read(merges_path)?);
                let [vocab_place, merges_place] =
                    [vocab_path, merges_path].map(|path| path.display().to_string());
                let settings = ByteBpeSettings::default();
                PieceVocabulary::ByteBpe(ByteBpe::from_files(
                    (&vocab, &vocab_place),
                    (&merges, &merges_place),
                    settings,
                )?)
            }
            (PieceKind::Wordpiece { splits_punctuation }, PieceLoader::Wordpiece(config)) => {
                let WordpieceConfig { path, bos_piece, eos_piece, unk_piece, lowercase, strip_accents } =
                    config.clone();
                let settings = WordpieceSettings {
                    splits_punctuation,
                    lowercase,
                    strip_accents,
                    bos_piece,
                    eos_piece,
                    unk_piece,
                };
                let place = path.display().to_string();
                PieceVocabulary::Wordpiece(Wordpiece::from_file(&ner_files::read(&path)?, settings, &place)?)
            }
            (PieceKind::Sentencepiece(shift), PieceLoader::Sentencepiece(SentencepieceConfig { path })) => {
                let place = path.display().to_string();
                PieceVocabulary::Sentencepiece(Sentencepiece::new(ner_files::read(path)?, shift, &place)?)
            }
            (kind, _) => {
                return Err(ModelError::Argument {
                    argument: "piecer_loader",
                    message: format!(
                        "expected {} or HFPieceEncoderLoader.v1, which load the pieces of this piece_encoder",
                        kind.loader()
                    ),
                });
            }
        };
        Ok(Some(PieceEncoder::new(vocabulary)))
    }

    fn loader(self) -> &'static str {
        match self {
            PieceKind::Wordpiece { .. } => "WordpieceLoader.v1",
            PieceKind::ByteBpe => "ByteBpeLoader.v1",
            PieceKind::Sentencepiece(_) => "SentencepieceLoader.v1",
        }
    }

    /// The pieces of a model file.
    pub(super) fn read(self, file: &ModelFile) -> Result<PieceEncoder, ModelError> {
        let (index, node) = super::hugging_face_source::wrapper(file, self.layer_name())?;
        let in_node = |error: ThincError| ModelError::File(error.in_node(index, &node.name));
        let processor = match self {
            PieceKind::Wordpiece { .. } => "wordpiece_processor",
            PieceKind::ByteBpe => "byte_bpe_processor",
            PieceKind::Sentencepiece(_) => "sentencepiece_processor",
        };
        let bytes = node.attrs.get(processor).map(Attr::packed).ok_or_else(|| {
            in_node(ThincError::Missing {
                what: format!("the attribute {processor}, which holds the pieces"),
            })
        })?;
        let text = |name: &str, default: String| {
            let value = node.attrs.get(name).and_then(Attr::value);
            value.and_then(|value| value.as_str().map(str::to_owned)).unwrap_or(default)
        };
        let vocabulary = match self {
            PieceKind::Wordpiece { splits_punctuation } => {
                let defaults = WordpieceSettings::new(splits_punctuation);
                let settings = WordpieceSettings {
                    splits_punctuation,
                    lowercase: is_set(node, "lowercase"),
                    strip_accents: is_set(node, "strip_accents"),
                    bos_piece: text("bos_piece", defaults.bos_piece),
                    eos_piece: text("eos_piece", defaults.eos_piece),
                    unk_piece: text("unk_piece", defaults.unk_piece),
                };
                PieceVocabulary::Wordpiece(Wordpiece::from_processor(bytes, settings)?)
            }
            PieceKind::ByteBpe => {
                let defaults = ByteBpeSettings::default();
                let settings = ByteBpeSettings {
                    bos_piece: text("bos_piece", defaults.bos_piece),
                    eos_piece: text("eos_piece", defaults.eos_piece),
                    unk_piece: text("unk_piece", defaults.unk_piece),
                };
                PieceVocabulary::ByteBpe(ByteBpe::from_processor(bytes, settings)?)
            }
            PieceKind::Sentencepiece(shift) => {
                let place = format!("attribute {processor}");
                PieceVocabulary::Sentencepiece(Sentencepiece::new(bytes.to_vec(), shift, &place)?)
            }
        };
        Ok(PieceEncoder::new(vocabulary))
    }

    fn layer_name(self) -> &'static str {
        match self {
            PieceKind::Wordpiece { .. } => "wordpiece_encoder",
            PieceKind::ByteBpe => "byte_bpe_encoder",
            PieceKind::Sentencepiece(_) => "sentencepiece_encoder",
        }
    }

    /// The encoder as Thinc describes it, with the pieces that there are.
    pub(super) fn layer(self, pieces: Option<&PieceEncoder>) -> Arc<Layer> {
        let mut layer = Layer::new(self.layer_name());
        match pieces.map(PieceEncoder::vocabulary) {
            Some(PieceVocabulary::Wordpiece(pieces)) => {
                layer = with_packed(layer, "wordpiece_processor", pieces.processor());
                let settings = pieces.settings();
                layer = with_ends(layer, &settings.unk_piece, &settings.bos_piece, &settings.eos_piece)
                    .attr("lowercase", settings.lowercase)
                    .attr("strip_accents", settings.strip_accents);
            }
            Some(PieceVocabulary::ByteBpe(pieces)) => {
                layer = with_packed(layer, "byte_bpe_processor", pieces.processor().to_vec());
                let settings = pieces.settings();
                layer = with_ends(layer, &settings.unk_piece, &settings.bos_piece, &settings.eos_piece);
            }
            Some(PieceVocabulary::Sentencepiece(pieces)) => {
                layer = with_packed(layer, "sentencepiece_processor", pieces.processor().to_vec());
            }
            Some(_) | None => {}
        }
        if let PieceKind::Sentencepiece(_) = self {
            layer = layer.reference_to_itself("encoder");
        }
        let adapter = match self {
            PieceKind::Sentencepiece(Shift::Xlmr) => "xlmr_adapter",
            PieceKind::Sentencepiece(Shift::Camembert) => "camembert_adapter",
            _ => return layer.into(),
        };
        let encoder: Arc<Layer> = layer.into();
        let name = format!("{}>>{adapter}", self.layer_name());
        let chain = Layer::new(name).dim("nO", None).reference("encoder", &encoder);
        chain.layers([encoder, Layer::new(adapter).into()]).into()
    }
}

fn is_set(node: &Node<usize>, name: &str) -> bool {
    node.attrs.get(name).and_then(Attr::value).and_then(|value| value.as_bool()).unwrap_or(false)
}

fn with_packed(mut layer: Layer, name: &str, bytes: Vec<u8>) -> Layer {
    layer.node.attrs.insert(name.to_owned(), Attr::from_packed(bytes));
    layer
}

fn with_ends(layer: Layer, unk: &str, bos: &str, eos: &str) -> Layer {
    layer.attr("unk_piece", unk).attr("bos_piece", bos).attr("eos_piece", eos)
}
