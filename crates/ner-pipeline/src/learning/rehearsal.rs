use ner_doc::Doc;

/// Documents to rehearse on in one go, and what is to be kept of the tutor's predictions.
#[derive(Clone, Copy, Debug)]
pub struct Rehearsal<'a> {
    /// The documents; their entities are presets, as in prediction.
    pub docs: &'a [&'a Doc],
    /// The share of inner values that are left out; those of the tutor never are.
    pub dropout: f64,
    /// What is to be kept.
    pub keep: Keep,
}

/// What a rehearsal keeps of the tutor's predictions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Keep {
    /// The scores, as spaCy's `rehearse` does: [`ScoreDistance`](ner_transitions::ScoreDistance).
    Scores,
    /// The probabilities of actions: [`SoftTarget`](ner_transitions::SoftTarget).
    Probabilities {
        /// Factor of the gradient; at 1 a state counts as much as one of an update.
        weight: f64,
        /// The scores of both are divided by it.
        temperature: f64,
    },
}
