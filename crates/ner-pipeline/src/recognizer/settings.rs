use ner_transitions::BeamSettings;

/// The settings of a recogniser beside its model: what spaCy keeps in the file `cfg`.
#[derive(Clone, Debug, PartialEq)]
pub struct RecognizerSettings {
    /// Documents are cut into pieces of half to twice as many tokens in training; 0: never.
    pub update_with_oracle_cut_size: u32,
    /// Span group of the reference that holds spans known not to be entities.
    pub incorrect_spans_key: Option<String>,
    /// How many action sequences are followed side by side; 1: the best action is taken each time.
    pub beam_width: u32,
    /// How much less likely than the best a sequence may be before it is given up, as a share; 0: any.
    pub beam_density: f64,
    /// How often an update learns from whole sequences, as a share of all updates.
    pub beam_update_prob: f64,
    /// What else the file `cfg` holds; it means nothing here, and is kept.
    pub other: serde_json::Map<String, serde_json::Value>,
    /// Dropout of the state's vector in training, if there is an upper layer.
    pub hidden_dropout: f64,
}

impl RecognizerSettings {
    /// spaCy: this dropout is fixed, whatever the config says (parser_model.pyx).
    pub const HIDDEN_DROPOUT: f64 = 0.1;

    /// The beam, unless the best action is taken each time.
    pub(crate) fn beam(&self) -> Option<BeamSettings> {
        (self.beam_width > 1).then_some(BeamSettings {
            width: self.beam_width as usize,
            density: self.beam_density as f32,
            keeps_entities: false,
        })
    }
}
