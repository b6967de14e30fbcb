/// What a parameter is in its network, as far as optimisers treat parameters apart by it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ParameterRole {
    /// In a pretrained encoder, the layers between the parameter and the encoder's output: 0 in the last layer, as many as
    /// there are layers in the embeddings. None outside of an encoder.
    pub layers_above: Option<usize>,
    /// Whether it is a bias, or scale or shift of a normalisation.
    pub is_bias_or_norm: bool,
}

/// What an optimiser's settings are multiplied with for one parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepScale {
    /// The factor of the learning rate.
    pub learn_rate: f64,
    /// The factor of the L2 regularisation, as decay or as penalty.
    pub l2: f64,
}

impl Default for StepScale {
    /// The settings as they are.
    fn default() -> StepScale {
        StepScale { learn_rate: 1.0, l2: 1.0 }
    }
}
