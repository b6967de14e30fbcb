use ner_doc::{DocError, EntIob, Example};

use super::{DeadEnd, Gold, Oracle};
use crate::no_oracle::token_text;
use crate::{Cause, CauseKind, Constraints, LabelId, NoOracle, State, TokenConstraints, TransitionError};

/// The error of a dead end: the token of the example from which the gold annotation cannot be reached, and the causes.
///
/// Causes are found by experiment: a kind of constraint is one if the annotation can be reached without it. spaCy's E024
/// lists what may have happened.
pub fn diagnose(oracle: Oracle<'_>, dead_end: &DeadEnd, example: &Example) -> TransitionError {
    match find_causes(oracle, dead_end, example) {
        Ok(no_oracle) => Box::new(no_oracle).into(),
        Err(error) => error.into(),
    }
}

fn find_causes(oracle: Oracle<'_>, dead_end: &DeadEnd, example: &Example) -> Result<NoOracle, DocError> {
    let token_index = dead_end.state.next_token();
    let token_text = |token_index| token_text(&example.predicted, token_index);
    let mut causes = Vec::new();
    for kind in CauseKind::ALL {
        let (constraints, gold) = without(kind, example, oracle)?;
        let freed = Oracle { constraints: &constraints, gold: &gold, ..oracle };
        if freed.sequence(State::new(constraints.len())).is_ok() {
            let token_index = nearest(kind, token_index, oracle);
            causes.push(Cause { kind, token_index, token: token_text(token_index) });
        }
    }
    let gold_action = oracle.gold.action(token_index);
    let gold = gold_action.map_or("-".to_owned(), |action| oracle.actions.action_name(action));
    Ok(NoOracle { token_index, token: token_text(token_index), gold, causes })
}

/// The constraints and the gold annotation as they would be without any constraint of this kind.
fn without(kind: CauseKind, example: &Example, oracle: Oracle<'_>) -> Result<(Constraints, Gold), DocError> {
    let (mut constraints, mut gold) = (oracle.constraints.clone(), oracle.gold.clone());
    match kind {
        CauseKind::NegativeSpan => gold.remove_negatives(),
        CauseKind::WhiteSpace => {
            // White space without annotation counts as outside; were it a word, nothing would be known of it.
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
        match kind {
            CauseKind::Preset => (token.iob, token.label) = (EntIob::Missing, LabelId::EMPTY),
            CauseKind::SentenceStart => token.starts_sentence = false,
            CauseKind::WhiteSpace => token.is_space = false,
            CauseKind::NegativeSpan => {}
        }
    }
    Ok((constraints, gold))
}

/// The token with a constraint of this kind that is nearest the dead end; of two as near, the first.
fn nearest(kind: CauseKind, dead_end: usize, oracle: Oracle<'_>) -> usize {
    let Oracle { constraints, gold, .. } = oracle;
    let is_at: &dyn Fn(usize, TokenConstraints) -> bool = match kind {
        CauseKind::Preset => &|_, token| matches!(token.iob, EntIob::Begin | EntIob::In),
        CauseKind::SentenceStart => &|_, token| token.starts_sentence,
        CauseKind::NegativeSpan => &|token_index, _| !gold.negatives_from(token_index).is_empty(),
        CauseKind::WhiteSpace => &|_, token| token.is_space,
    };
    // A sentence start restricts the token before it, which may not be joined to it.
    let target = if kind == CauseKind::SentenceStart { dead_end + 1 } else { dead_end };
    (0..constraints.len())
        .filter(|&token_index| is_at(token_index, constraints.token(token_index)))
        .min_by_key(|token_index| token_index.abs_diff(target))
        .unwrap_or(dead_end)
}
