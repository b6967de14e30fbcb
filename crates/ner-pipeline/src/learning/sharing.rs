use burn::tensor::Gradients;
use ner_model::{SharedGradient, SharedKind, SharedRows};

/// Rows of a component that others learn from, and the sum of these others' gradients.
pub(super) struct Sharing {
    pub(super) rows: SharedRows,
    kind: SharedKind,
    gradient: Option<SharedGradient>,
    /// The squares of the gradients so far, listener by listener.
    squares: f64,
}

impl Sharing {
    pub(super) fn new(rows: SharedRows, kind: SharedKind) -> Sharing {
        Sharing { rows, kind, gradient: None, squares: 0.0 }
    }

    /// Adds a listener's gradient.
    pub(super) fn add(&mut self, gradient: SharedGradient) {
        if self.adds_up_squares() {
            self.squares += gradient.squares();
        }
        self.gradient = Some(match self.gradient.take() {
            Some(sum) => sum.plus(gradient),
            None => gradient,
        });
    }

    /// spaCy: a gradient's sum of squares is reported as the loss of the component that shares the rows, one listener's after
    /// the other's in a `tok2vec` (pipeline/tok2vec.py) and a `transformer` (spacy_transformers/pipeline_component.py); of a
    /// `curated_transformer` it is that of the sum of all gradients (spacy_curated_transformers/pipeline/transformer.py).
    pub(super) fn loss(&self) -> f64 {
        match &self.gradient {
            Some(gradient) if !self.adds_up_squares() => gradient.squares(),
            _ => self.squares,
        }
    }

    fn adds_up_squares(&self) -> bool {
        !matches!(self.kind, SharedKind::CuratedTransformer { .. })
    }

    pub(super) fn backward(self) -> Option<Gradients> {
        self.gradient?.backward(self.rows)
    }
}
