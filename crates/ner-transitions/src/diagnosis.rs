use ner_doc::{Doc, DocError, EntIob, Example};

use crate::{Actions, Constraints, DeadEnd, Gold, LabelId, NoOracle, State, TokenConstraints};

/// A kind of constraint that can put gold annotation out of reach.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum CauseKind {
    /// Entities and blocked tokens that the predicted document came with.
    Preset,
    /// Sentence starts of the predicted document: no entity may run across one.
    SentenceStart,
    /// Spans known not to be entities.
    NegativeSpan,
    /// White space: no entity may start on it.
    WhiteSpace,
}

/// A kind of constraint without which the gold annotation could be reached, and its token nearest the dead
/// end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// What stands in the way.
    pub kind: CauseKind,
    /// Index of a token that it is at.
    pub token_index: usize,
    /// The token's text.
    pub token: String,
}

impl Actions {
    /// Says at which token of the example the way to the gold annotation ends and what stands in the way.
    pub fn why(
        &self,
        dead_end: &DeadEnd,
        example: &Example,
        constraints: &Constraints,
        gold: &Gold,
    ) -> Result<NoOracle, DocError> {
        let mut causes = Vec::new();
        let token_index = dead_end.state.next_token();
        for kind in CauseKind::ALL {
            let (freed, freed_gold) = kind.taken_away(example, constraints, gold)?;
            if self.oracle(State::new(freed.len()), &freed, &freed_gold).is_ok() {
                let token_index = kind.nearest(token_index, constraints, gold);
                causes.push(Cause { kind, token_index, token: token_text(&example.predicted, token_index) });
            }
        }
        let gold_tag = gold.action(token_index).map_or("-".to_owned(), |action| self.action_name(action));
        Ok(NoOracle {
            token_index,
            token: token_text(&example.predicted, token_index),
            gold: gold_tag,
            causes,
        })
    }
}

impl CauseKind {
    const ALL: [CauseKind; 4] =
        [CauseKind::Preset, CauseKind::SentenceStart, CauseKind::NegativeSpan, CauseKind::WhiteSpace];

    /// The constraints and the gold annotation as they would be without any constraint of this kind.
    fn taken_away(
        self,
        example: &Example,
        constraints: &Constraints,
        gold: &Gold,
    ) -> Result<(Constraints, Gold), DocError> {
        let (mut constraints, mut gold) = (constraints.clone(), gold.clone());
        match self {
            CauseKind::NegativeSpan => gold.remove_negatives(),
            CauseKind::WhiteSpace => {
                // Nothing is known of a word where white space without annotation counts as outside.
                let iobs = example.aligned(|token| example.reference.tokens[token].ent_iob)?;
                for (token_index, iob) in iobs.into_iter().enumerate() {
                    if constraints.token(token_index).is_space && iob != Some(EntIob::Out) {
                        gold.forget_outside(token_index);
                    }
                }
            }
            CauseKind::Preset | CauseKind::SentenceStart => {}
        }
        for token in constraints.tokens_mut() {
            match self {
                CauseKind::Preset => (token.iob, token.label) = (EntIob::Missing, LabelId::EMPTY),
                CauseKind::SentenceStart => token.starts_sentence = false,
                CauseKind::WhiteSpace => token.is_space = false,
                CauseKind::NegativeSpan => {}
            }
        }
        Ok((constraints, gold))
    }

    fn nearest(self, dead_end: usize, constraints: &Constraints, gold: &Gold) -> usize {
        let is_at: &dyn Fn(usize, TokenConstraints) -> bool = match self {
            CauseKind::Preset => &|_, token| matches!(token.iob, EntIob::Begin | EntIob::In),
            CauseKind::SentenceStart => &|_, token| token.starts_sentence,
            CauseKind::NegativeSpan => &|token_index, _| !gold.negatives_from(token_index).is_empty(),
            CauseKind::WhiteSpace => &|_, token| token.is_space,
        };
        // A sentence start matters to the token before it.
        let target = if self == CauseKind::SentenceStart { dead_end + 1 } else { dead_end };
        (0..constraints.len())
            .filter(|&token_index| is_at(token_index, constraints.token(token_index)))
            .min_by_key(|token_index| token_index.abs_diff(target))
            .unwrap_or(dead_end)
    }
}

impl Cause {
    pub(crate) fn explain(causes: &[Cause]) -> String {
        if causes.is_empty() {
            return "; no single preset, sentence start, incorrect span or white space is to blame, but several \
                    together: compare the annotation with the presets and sentences"
                .to_owned();
        }
        causes.iter().map(Cause::describe).collect::<Vec<_>>().concat()
    }

    fn describe(&self) -> String {
        let Cause { kind, token_index, token } = self;
        let what = match kind {
            CauseKind::Preset => "the entity preset there contradicts it: mend one of the two",
            CauseKind::SentenceStart => {
                "a sentence starts there and no entity may cross it: let no component set sentence starts before \
                 the recogniser, or split the entity"
            }
            CauseKind::NegativeSpan => "the incorrect spans exclude every way on: remove one of them",
            CauseKind::WhiteSpace => "no entity may start on white space: trim the annotated span",
        };
        format!("; at token {token_index} ({token:?}) {what}")
    }
}

pub(crate) fn token_text(doc: &Doc, token_index: usize) -> String {
    doc.tokens.get(token_index).map_or(String::new(), |token| token.text().to_owned())
}
