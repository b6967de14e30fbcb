use super::recommended::Recommended;

/// Whether a new configuration favours speed or accuracy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Optimize {
    /// Small and fast: width 96, depth 4.
    Efficiency,
    /// With word vectors larger: width 256, depth 8. Without them trained for longer, on invented words too. With a pretrained
    /// encoder there is no difference.
    Accuracy,
}

/// The choices behind a new configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InitOptions {
    /// The code of the language, such as `en`.
    pub lang: String,
    /// The components; `tok2vec` or `transformer` is added where one needs it.
    pub pipeline: Vec<String>,
    /// Speed or accuracy.
    pub optimize: Optimize,
    /// A pipeline with word vectors for [`Optimize::Accuracy`], such as [`recommended_vectors`](super::recommended_vectors)
    /// names it.
    pub vectors: Option<String>,
    /// Whether it will run on a GPU: with the pretrained encoder that spaCy recommends for the language, if there is one.
    pub gpu: bool,
    /// A pretrained encoder; without `gpu`, with settings to fine-tune it on a CPU.
    pub encoder: Option<Encoder>,
    /// Whether it gets the sections that pretraining needs.
    pub pretraining: bool,
}

impl InitOptions {
    /// The name of the pretrained encoder, if there is to be one.
    pub(super) fn transformer(&self, recommended: Recommended) -> Option<&str> {
        let chosen = self.encoder.as_ref().map(|encoder| encoder.name.as_str());
        chosen.or(recommended.transformer.filter(|_| self.gpu))
    }
}

/// A pretrained encoder of somebody's choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoder {
    /// Its folder, or its name on Hugging Face's hub.
    pub name: String,
    /// The width of its vectors, if it is known.
    pub width: Option<usize>,
}

impl Encoder {
    /// The highest learning rate of a run: that of spaCy's template, or more for encoders that are known to be small.
    pub(super) fn learn_rate(&self) -> f64 {
        // MiniLM (384) on 79,016 words of BC5CDR: F 83.3 after 4 epochs at 2e-4, 79.7 after 5 at 5e-5.
        if self.width.is_some_and(|width| width <= 384) { 2e-4 } else { 5e-5 }
    }
}
