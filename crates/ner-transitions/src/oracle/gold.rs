use ner_doc::{BiluoTag, Entity, Example, tags_to_entities};
use ner_vocab::StringId;

use super::has_gold::reference_negatives;
use crate::no_oracle::token_text;
use crate::{Action, Actions, LabelId, State, TransitionError};

/// Tokens `start..end` known not to be an entity with this label.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NegativeSpan {
    /// First token.
    pub start: u32,
    /// Label.
    pub label: LabelId,
    /// One past the last token.
    pub end: u32,
}

/// The known entities of a predicted document: for each token the gold action, or nothing, and the spans known not to be
/// entities.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gold {
    actions: Vec<Option<Action>>,
    /// Sorted, each once.
    negatives: Vec<NegativeSpan>,
}

impl Gold {
    /// Reads the annotation of an example's reference, aligned with the tokens of its prediction.
    pub fn new(example: &Example, actions: &Actions) -> Result<Gold, TransitionError> {
        let tags = example.aligned_ner()?;
        let tagged = tags.iter().enumerate();
        let of_token = |(token_index, tag): (usize, &Option<BiluoTag>)| {
            tag.map(|tag| gold_action(example, actions, token_index, tag)).transpose()
        };
        let gold_actions = tagged.map(of_token).collect::<Result<Vec<_>, _>>()?;
        // Negative spans may overlap each other: several spans at one place can be wrong.
        let negatives = example.aligned_spans_y2x(&reference_negatives(example, actions), true)?;
        refuse_contradictions(example, actions, &tags, &negatives)?;
        let negative = |span: &Entity| NegativeSpan {
            start: span.start as u32,
            label: actions.label_id(span.label),
            end: span.end as u32,
        };
        Ok(Gold::from_actions(gold_actions, negatives.iter().map(negative).collect()))
    }

    /// Gold actions given token by token, and negative spans in any order.
    pub fn from_actions(actions: Vec<Option<Action>>, mut negatives: Vec<NegativeSpan>) -> Gold {
        negatives.sort_unstable();
        negatives.dedup();
        Gold { actions, negatives }
    }

    /// The gold action at a token; `None` where nothing is known, and past the end.
    pub fn action(&self, token_index: usize) -> Option<Action> {
        self.actions.get(token_index).copied().flatten()
    }

    /// The spans known not to be entities, sorted.
    pub fn negatives(&self) -> &[NegativeSpan] {
        &self.negatives
    }

    /// Negative spans that start at a token.
    pub(crate) fn negatives_from(&self, token_index: usize) -> &[NegativeSpan] {
        let start = self.negatives.partition_point(|span| (span.start as usize) < token_index);
        let n = self.negatives[start..].partition_point(|span| span.start as usize == token_index);
        &self.negatives[start..start + n]
    }

    pub(crate) fn remove_negatives(&mut self) {
        self.negatives.clear();
    }

    /// Makes a token that is outside one of which nothing is known.
    pub(crate) fn forget_outside(&mut self, token_index: usize) {
        if self.actions[token_index] == Some(Action::Out) {
            self.actions[token_index] = None;
        }
    }

    /// Whether the open entity cannot become a gold one any more, by its start or its label. It is lost already, so
    /// where it ends costs nothing more.
    pub(crate) fn is_sunk(&self, state: &State) -> bool {
        state.open_entity().is_some_and(|open| match self.action(open.start as usize) {
            Some(Action::Begin(label) | Action::Unit(label)) => label != open.label,
            _ => true,
        })
    }
}

fn gold_action(
    example: &Example,
    actions: &Actions,
    token_index: usize,
    tag: BiluoTag,
) -> Result<Action, TransitionError> {
    let label = actions.label_id(tag.label().unwrap_or(StringId::EMPTY));
    let action = match tag {
        BiluoTag::Begin(_) => Action::Begin(label),
        BiluoTag::In(_) => Action::In(label),
        BiluoTag::Last(_) => Action::Last(label),
        BiluoTag::Unit(_) => Action::Unit(label),
        BiluoTag::Out => Action::Out,
    };
    // A `!` before a label once marked a negative span; spaCy refuses it by name (E869), and so do we.
    if actions.find(action).is_some() && !actions.label(label).starts_with('!') {
        return Ok(action);
    }
    let token = token_text(&example.predicted, token_index);
    let tag = tag.to_text(example.reference.vocab().strings());
    match tag.split_once('-') {
        Some((_, label)) if label.starts_with('!') => {
            Err(TransitionError::NegatedLabel { token_index, token, label: label.to_owned() })
        }
        _ => Err(TransitionError::UnknownTag { token_index, token, tag, known: actions.labels() }),
    }
}

fn refuse_contradictions(
    example: &Example,
    actions: &Actions,
    tags: &[Option<BiluoTag>],
    negatives: &[Entity],
) -> Result<(), TransitionError> {
    if negatives.is_empty() {
        return Ok(());
    }
    // Compared on the predicted tokens, where both were aligned to, as whole entities with their labels.
    let entities = tags_to_entities(tags)?;
    let Some(both) = entities.iter().find(|entity| negatives.contains(entity)) else { return Ok(()) };
    Err(TransitionError::Contradiction {
        start: both.start,
        end: both.end,
        text: example.predicted.span_text(both.start..both.end),
        label: actions.label(actions.label_id(both.label)).to_owned(),
        neg_key: actions.neg_key.clone().unwrap_or_default(),
    })
}
