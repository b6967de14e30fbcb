//! How a recogniser learns from a batch.

use burn::tensor::Tensor;
use ner_doc::{Doc, Example};
use ner_layers::to_vec;
use ner_model::{Heard, SharedGradient, SharedRows, StateGradient, StateScorer, TokenInput};
use ner_optim::Gradient;
use ner_transitions::{Starts, has_gold};

use super::EntityRecognizer;
use super::beam::BeamSearch;
use super::decoder::{Decoder, Search};
use super::entity_recognizer::{NO_UPSTREAM, unknown_labels};
use super::greedy::Greedy;
use super::scored_states::TrainingScorer;
use crate::PipelineError;
use crate::learning::{Batch, Gradients, Random, Update};

/// Adds to the gradients and the loss of `update`. Returns the gradient of the `upstream` rows, if the model is a
/// listener.
pub(super) fn learn(
    recognizer: &mut EntityRecognizer,
    batch: &Batch<'_>,
    upstream: Option<&SharedRows>,
    update: &mut Update<'_>,
) -> Result<Option<SharedGradient>, PipelineError> {
    let examples = batch.examples;
    // spaCy: labels of the batch that the model lacks are added first (transition_parser.pyx).
    add_missing_labels(recognizer, examples);
    // spaCy: a batch with nothing to learn from ends here, before any random number is drawn
    // (transition_parser.pyx).
    if !any_gold(recognizer, examples)? {
        return Ok(None);
    }
    let (decoder, max_steps) = draw_decoder(recognizer, update.random);
    let starts = Starts::new(examples, &recognizer.actions, max_steps)?;
    if starts.states.is_empty() {
        return Ok(None);
    }
    let tokens = token_vectors(recognizer, &batch.predicted(), batch.dropout, upstream, update.random);
    // From here to the gradient of all vectors, plain slices replace tensors: states are many and small, and each
    // tensor operation on one would cost more than its arithmetic.
    let scorer = recognizer.model.scorer(to_vec(tokens.vectors())).looking_back(&batch.predicted());
    let context = recognizer.context();
    let with = TrainingScorer {
        scorer: &scorer,
        actions: &recognizer.actions,
        context,
        hidden_dropout: recognizer.settings.hidden_dropout,
    };
    let search = Search {
        actions: &recognizer.actions,
        with,
        examples,
        offsets: &offsets(&batch.predicted()),
        n_tokens: batch.predicted().iter().map(|doc| doc.len()).sum(),
        supervision: &recognizer.supervision,
        unseen: &mut recognizer.unseen,
        random: &mut update.random.numpy,
        loss: update.loss,
    };
    let gradient = decoder.learn(search, starts)?;
    Ok(pass_back(recognizer, tokens, &scorer, gradient, update.gradients))
}

/// The vectors of the documents' tokens, from `upstream` if the model is a listener.
pub(super) fn token_vectors(
    recognizer: &EntityRecognizer,
    docs: &[&Doc],
    dropout: f64,
    upstream: Option<&SharedRows>,
    random: &mut Random,
) -> Tokens {
    match &recognizer.model.tokens {
        TokenInput::Own(tok2vec) => {
            random.skip_python(tok2vec.python_draws());
            Tokens::Own(tok2vec.forward(docs, &mut random.training(dropout)))
        }
        TokenInput::Listener(listener) => {
            let shared = upstream.expect(NO_UPSTREAM);
            Tokens::Heard(Heard::new(&**listener, shared, &mut random.training(dropout)))
        }
    }
}

/// The vectors of tokens that a recogniser learns from.
pub(super) enum Tokens {
    /// `[tokens, width]`, of its own network.
    Own(Tensor<2>),
    Heard(Heard),
}

impl Tokens {
    /// The values alone, `[tokens, width]`.
    pub(super) fn vectors(&self) -> Tensor<2> {
        match self {
            Tokens::Own(tokens) => tokens.clone().without_autodiff(),
            Tokens::Heard(heard) => heard.vectors(),
        }
    }
}

/// Adds the gradients of all weights to `gradients`. Returns that of the shared rows, if the model is a listener.
pub(super) fn pass_back(
    recognizer: &mut EntityRecognizer,
    tokens: Tokens,
    scorer: &StateScorer,
    gradient: StateGradient,
    gradients: &mut Gradients,
) -> Option<SharedGradient> {
    let found = gradient.finish(&recognizer.model, scorer);
    for (id, gradient) in found.parameters {
        gradients.add(id, Gradient::All(gradient));
    }
    match (tokens, &mut recognizer.model.tokens) {
        // Vectors without trainable weights have no backward pass.
        (Tokens::Own(tokens), TokenInput::Own(tok2vec)) if tokens.is_autodiff() => {
            // The gradient of the sum of `tokens * d_vectors` by `tokens` is `d_vectors`: Burn begins a backward pass at a
            // scalar.
            let pass = (tokens * found.d_vectors.autodiff()).sum().backward();
            gradients.take_from(pass, tok2vec.parameters_mut());
            None
        }
        (Tokens::Heard(heard), TokenInput::Listener(listener)) => {
            let (shared, pass) = heard.backward(found.d_vectors);
            if let Some(pass) = pass {
                gradients.take_from(pass, listener.parameters_mut());
            }
            Some(shared)
        }
        _ => None,
    }
}

/// The decoder of this update, and after how many actions its documents are cut.
///
/// The order of the draws is spaCy's: NumPy's generator only if there is a beam, Python's only if the update is greedy.
fn draw_decoder(recognizer: &EntityRecognizer, random: &mut Random) -> (Box<dyn Decoder>, Option<usize>) {
    let settings = &recognizer.settings;
    if let Some(beam) = recognizer.beam()
        && random.numpy.random() < settings.beam_update_prob
    {
        return (Box::new(BeamSearch(beam)), None);
    }
    let cut = settings.update_with_oracle_cut_size;
    // spaCy: `int(random.uniform(cut // 2, cut * 2))`: the half is rounded down, and so is the draw
    // (transition_parser.pyx).
    let range = (f64::from(cut / 2), f64::from(cut * 2));
    let max_steps =
        (cut >= 1).then(|| random.python.draw(|random| random.uniform(range.0, range.1)) as usize);
    (Box::new(Greedy { max_steps }), max_steps)
}

fn any_gold(recognizer: &EntityRecognizer, examples: &[&Example]) -> Result<bool, PipelineError> {
    for example in examples {
        if has_gold(example, &recognizer.actions)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn add_missing_labels(recognizer: &mut EntityRecognizer, examples: &[&Example]) {
    for doc in examples.iter().flat_map(|example| [&example.predicted, &example.reference]) {
        for label in unknown_labels(&recognizer.actions, doc) {
            recognizer.add_label(&label);
        }
    }
}

/// The row of each document's first token.
pub(super) fn offsets(docs: &[&Doc]) -> Vec<usize> {
    let lengths = docs.iter().map(|doc| doc.len());
    lengths.scan(0, |next, length| Some(std::mem::replace(next, *next + length))).collect()
}
