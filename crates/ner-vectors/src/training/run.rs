use ner_vocab::Vocab;
use serde::{Deserialize, Serialize};

use crate::lexicon::Lexicon;
use crate::step::Weights;
use crate::text::Text;
use crate::{Settings, VectorsError};

/// A run between two steps.
pub struct Training<'a> {
    pub(super) text: &'a Text,
    pub(super) settings: Settings,
    pub(super) lexicon: Lexicon,
    pub(super) weights: Weights,
    pub(super) place: Place,
}

/// Where a run is. All else but the weights follows from it: draws begin anew in each block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Place {
    pub(super) epoch: usize,
    /// The block of the epoch that comes next.
    pub(super) block: u64,
    /// The loss of the epoch so far.
    pub(super) loss: f64,
    pub(super) n_pairs: u64,
}

impl<'a> Training<'a> {
    /// A run that begins.
    ///
    /// # Errors
    /// If a setting means nothing, or no word of the text is frequent enough.
    pub fn new(text: &'a Text, vocab: &Vocab, settings: Settings) -> Result<Training<'a>, VectorsError> {
        settings.check()?;
        let lexicon = Lexicon::new(&text.forms, vocab, &settings)?;
        let weights = Weights::new(&lexicon, &settings);
        Ok(Training { text, settings, lexicon, weights, place: Place::default() })
    }

    /// The passes over the text that are finished.
    pub fn epoch(&self) -> usize {
        self.place.epoch
    }

    /// The distinct words of the text.
    pub fn n_words(&self) -> usize {
        self.lexicon.words().count()
    }

    /// The words that are frequent enough to be learned.
    pub fn n_learned(&self) -> usize {
        self.lexicon.n_learned
    }
}
