use ner_config::{Block, Builder, ConfigError, Kind};
use ner_layers::Init;
use schemars::JsonSchema;
use serde::Deserialize;

use super::parser_weights::{ParserSizes, ParserWeights};
use crate::argument_checks::{check_at_least_one, check_weights};
use crate::{TokenInput, TokenSource, TransitionModel};

/// Scores the actions of a transition system from the vectors of a few tokens.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(non_snake_case, reason = "the names are spaCy's")]
pub(crate) struct TransitionBasedParserConfig {
    /// Where token vectors come from.
    pub tok2vec: Block,
    /// The transition system: "ner".
    pub state_type: String,
    /// Whether a state shows six tokens instead of three.
    pub extra_state_tokens: bool,
    /// Length of the state's vector.
    pub hidden_width: usize,
    /// Pieces of the state's maxout.
    pub maxout_pieces: usize,
    /// Whether a layer stands between the state's vector and the scores.
    #[serde(default = "use_upper")]
    pub use_upper: bool,
    /// Number of actions; known from the labels.
    #[serde(default)]
    pub nO: Option<usize>,
}

fn use_upper() -> bool {
    true
}

/// Tokens that a state shows: the next one, and the first and the last one of the open entity.
const STATE_TOKENS: usize = 3;
/// The same with `extra_state_tokens`: the next one, and the first five of the open entity.
const EXTRA_STATE_TOKENS: usize = 6;

/// What is needed to make a [`TransitionModel`]: all but the number of actions and the weights.
#[derive(Debug)]
pub struct TransitionBasedParser {
    /// Where token vectors come from.
    pub tokens: TokenSource,
    /// The number of tokens that a state shows.
    pub n_features: usize,
    hidden_width: usize,
    maxout_pieces: usize,
    use_upper: bool,
    /// Whether a state also shows the action by which the next token's word was consumed before.
    looks_back: bool,
}

/// The number of the largest piece is kept in a byte, whose last value stands for a piece that was rectified.
const MAX_PIECES: usize = u8::MAX as usize;

/// `spacy.TransitionBasedParser.v2`
pub(crate) fn transition_based_parser(
    config: TransitionBasedParserConfig,
    builder: &Builder<'_>,
) -> Result<TransitionBasedParser, ConfigError> {
    if config.state_type != "ner" {
        let message =
            format!("expected \"ner\", found {:?}: no other transition system is known", config.state_type);
        return Err(builder.invalid("state_type", message));
    }
    let numbers = [("hidden_width", config.hidden_width), ("maxout_pieces", config.maxout_pieces)];
    check_at_least_one(builder, &numbers)?;
    if config.maxout_pieces > MAX_PIECES {
        let message = format!("expected at most {MAX_PIECES}, found {}", config.maxout_pieces);
        return Err(builder.invalid("maxout_pieces", message));
    }
    let tokens: TokenSource = builder.build(Kind::Architectures, &config.tok2vec)?;
    // spaCy: the counts of "ner"; the dependency parser would show 8 or 13 (models/parser.py).
    let n_features = if config.extra_state_tokens { EXTRA_STATE_TOKENS } else { STATE_TOKENS };
    let TransitionBasedParserConfig { hidden_width, maxout_pieces, use_upper, .. } = config;
    check_weights(builder, "hidden_width", &[n_features, hidden_width, maxout_pieces, hidden_width])?;
    check_weights(builder, "hidden_width", &[hidden_width, tokens.width().unwrap_or(1)])?;
    if let Some(n_actions) = config.nO {
        let message =
            format!("expected null: the number of actions follows from the labels, found {n_actions}");
        return Err(builder.invalid("nO", message));
    }
    let looks_back = false;
    Ok(TransitionBasedParser { tokens, n_features, hidden_width, maxout_pieces, use_upper, looks_back })
}

/// Scores the actions of a transition system from the vectors of a few tokens, and from what the recogniser itself has made
/// of the next token's word before.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LookingBackParserConfig {
    /// Where token vectors come from.
    pub tok2vec: Block,
    /// Whether a state shows six tokens instead of three.
    #[serde(default)]
    pub extra_state_tokens: bool,
    /// Length of the state's vector.
    #[serde(default = "hidden_width")]
    pub hidden_width: usize,
    /// Pieces of the state's maxout.
    #[serde(default = "maxout_pieces")]
    pub maxout_pieces: usize,
}

fn hidden_width() -> usize {
    64
}

fn maxout_pieces() -> usize {
    2
}

/// `ner.LookingBackParser.v1`
///
/// The state layer of `spacy.TransitionBasedParser.v2`, the largest of the pieces `W_1 t_1 + W_2 t_2 + W_3 t_3 + b` of the
/// tokens that the state shows, gets one more term: `e_a`, a row for the action `a` by which the last token of the same word
/// in the document was consumed, and nothing where it is the first. Recognisers that label a document twice give the second
/// pass such a feature (Krishnan and Manning, 2006, https://aclanthology.org/P06-1141), and have to make the labels of the
/// first for their training data by cross-validation. Here a state follows the recogniser's own actions in training too.
pub(crate) fn looking_back_parser(
    config: LookingBackParserConfig,
    builder: &Builder<'_>,
) -> Result<TransitionBasedParser, ConfigError> {
    let LookingBackParserConfig { tok2vec, extra_state_tokens, hidden_width, maxout_pieces } = config;
    let config = TransitionBasedParserConfig {
        tok2vec,
        state_type: "ner".to_owned(),
        extra_state_tokens,
        hidden_width,
        maxout_pieces,
        use_upper: true,
        nO: None,
    };
    Ok(TransitionBasedParser { looks_back: true, ..transition_based_parser(config, builder)? })
}

impl TransitionBasedParser {
    /// Makes the model for `n_actions`, with its first weights from the bottom to the top: Thinc draws them in this order.
    /// Of listeners that take whatever is shared, `upstream_width` is the length of the vectors; until it is known, the
    /// model is one for vectors of length 1.
    pub fn make(
        &self,
        n_actions: usize,
        upstream_width: Option<usize>,
        init: &mut Init<'_>,
    ) -> TransitionModel {
        let width = self.tokens.width().or(upstream_width).unwrap_or(1);
        let tokens = self.tokens.make(width, init);
        // What a network was made of may decide its width.
        let width = match &tokens {
            TokenInput::Own(tok2vec) => tok2vec.width(),
            TokenInput::Listener(_) => width,
        };
        let sizes = ParserSizes {
            width,
            n_features: self.n_features,
            n_hidden: self.hidden_width,
            n_pieces: self.maxout_pieces,
            n_actions,
            use_upper: self.use_upper,
            looks_back: self.looks_back,
        };
        TransitionModel::new(tokens, ParserWeights::init(sizes, init))
    }
}
