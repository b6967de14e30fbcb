//! Everything of spacy-transformers and spacy-curated-transformers by the name that configs call it.

use ner_config::{Builder, ConfigError, Kind, Registry};
use ner_pieces::{Shift, SpanGetter};

use super::curated_arguments::{AlbertTransformerConfig, BertTransformerConfig, RobertaTransformerConfig};
use super::curated_config::curated_transformer;
use super::curated_pieces::{self, PieceKind};
use super::span_getters::{self, NoConfig};
use super::tok2vec_transformer::tok2vec_transformer;
use super::transformer_model::transformer_model;
use super::{EncoderLoader, ExtraAnnotations, PieceLoader};

/// Registers the encoders of both libraries with all that their blocks name. Listeners are registered where other
/// architectures are.
pub(crate) fn register(registry: &mut Registry) {
    hugging_face(registry);
    curated(registry);
}

fn hugging_face(registry: &mut Registry) {
    // Each version has more keys than the one before, all with defaults.
    for (model, own) in [
        ("spacy-transformers.TransformerModel.v3", "spacy-transformers.Tok2VecTransformer.v3"),
        ("spacy-transformers.TransformerModel.v2", "spacy-transformers.Tok2VecTransformer.v2"),
        ("spacy-transformers.TransformerModel.v1", "spacy-transformers.Tok2VecTransformer.v1"),
    ] {
        registry.add(Kind::Architectures, model, transformer_model);
        registry.add(Kind::Architectures, own, tok2vec_transformer);
    }
    const SPANS: Kind = Kind::SpanGetters;
    registry
        .add(SPANS, "spacy-transformers.strided_spans.v1", span_getters::strided_spans)
        .add(SPANS, "spacy-transformers.doc_spans.v1", always(SpanGetter::Doc))
        .add(SPANS, "spacy-transformers.sent_spans.v1", always(SpanGetter::Sent))
        .add(
            Kind::AnnotationSetters,
            "spacy-transformers.null_annotation_setter.v1",
            always(ExtraAnnotations),
        );
}

fn curated(registry: &mut Registry) {
    const KIND: Kind = Kind::Architectures;
    registry
        .add(
            KIND,
            "spacy-curated-transformers.BertTransformer.v1",
            curated_transformer::<BertTransformerConfig>,
        )
        .add(
            KIND,
            "spacy-curated-transformers.AlbertTransformer.v1",
            curated_transformer::<AlbertTransformerConfig>,
        );
    for name in [
        "spacy-curated-transformers.RobertaTransformer.v1",
        "spacy-curated-transformers.XlmrTransformer.v1",
        "spacy-curated-transformers.CamembertTransformer.v1",
    ] {
        registry.add(KIND, name, curated_transformer::<RobertaTransformerConfig>);
    }
    let by_words = |splits_punctuation| PieceKind::Wordpiece { splits_punctuation };
    for (name, kind) in [
        ("spacy-curated-transformers.BertWordpieceEncoder.v1", by_words(true)),
        ("spacy-curated-transformers.WordpieceEncoder.v1", by_words(false)),
        ("spacy-curated-transformers.ByteBpeEncoder.v1", PieceKind::ByteBpe),
        ("spacy-curated-transformers.SentencepieceEncoder.v1", PieceKind::Sentencepiece(Shift::None)),
        ("spacy-curated-transformers.XlmrSentencepieceEncoder.v1", PieceKind::Sentencepiece(Shift::Xlmr)),
        (
            "spacy-curated-transformers.CamembertSentencepieceEncoder.v1",
            PieceKind::Sentencepiece(Shift::Camembert),
        ),
    ] {
        registry.add(KIND, name, always(kind));
    }
    registry.add(KIND, "spacy-curated-transformers.WithStridedSpans.v1", curated_pieces::strided_spans);
    const LOADERS: Kind = Kind::ModelLoaders;
    registry
        .add(
            LOADERS,
            "spacy-curated-transformers.HFTransformerEncoderLoader.v1",
            loader(EncoderLoader::HuggingFace),
        )
        .add(LOADERS, "spacy-curated-transformers.PyTorchCheckpointLoader.v1", loader(EncoderLoader::PyTorch))
        .add(LOADERS, "spacy-curated-transformers.HFPieceEncoderLoader.v1", loader(PieceLoader::HuggingFace))
        .add(LOADERS, "spacy-curated-transformers.ByteBpeLoader.v1", loader(PieceLoader::ByteBpe))
        .add(LOADERS, "spacy-curated-transformers.WordpieceLoader.v1", loader(PieceLoader::Wordpiece))
        .add(
            LOADERS,
            "spacy-curated-transformers.SentencepieceLoader.v1",
            loader(PieceLoader::Sentencepiece),
        );
}

/// A function without settings.
fn always<Product: Copy + Send + Sync + 'static>(
    product: Product,
) -> impl Fn(NoConfig, &Builder<'_>) -> Result<Product, ConfigError> + Send + Sync + 'static {
    move |_, _| Ok(product)
}

/// A loader that is its settings.
fn loader<Config, Loader>(
    wrap: impl Fn(Config) -> Loader,
) -> impl Fn(Config, &Builder<'_>) -> Result<Loader, ConfigError> {
    move |config, _| Ok(wrap(config))
}
