use std::collections::HashMap;

use ner_transitions::{Action, ActionId, Actions, OpenEntity, State};

use super::images::Images;
use super::knowledge::Parse;

/// What the parses of a beam do in the states of a document.
///
/// A beam is taught that whole parses are right or wrong: the scores of one state are parts of sums, and no probabilities
/// of actions. What a beam says of an action is the probability of the parses that take it, among those that come through
/// the state. Two states are the same to all that may follow if they are at the same token and have the same entity open.
/// In a state through which no parse comes it says nothing.
pub(super) struct BeamShares(HashMap<Place, Vec<(ActionId, f64)>>);

/// The next token of a state, and what is open.
type Place = (usize, Option<OpenEntity>);

impl BeamShares {
    /// Those of a document of `n_tokens`; the actions of its `parses` are a tutor's, `own` are the recogniser's.
    pub(super) fn new(parses: &[Parse], n_tokens: usize, images: &Images, own: &Actions) -> BeamShares {
        let out = own.find(Action::Out);
        let mut shares: HashMap<Place, Vec<(ActionId, f64)>> = HashMap::new();
        for (probability, actions) in parses {
            let mut state = State::new(n_tokens);
            for &action in actions {
                // Without an image: a token within an entity whose label is outside here.
                let Some(own_action) = images.of(action).map(|image| image.action).or(out) else { break };
                let taken = shares.entry((state.next_token(), state.open_entity())).or_default();
                match taken.iter_mut().find(|(taken, _)| *taken == own_action) {
                    Some((_, share)) => *share += probability,
                    None => taken.push((own_action, *probability)),
                }
                state.apply(own.action(own_action));
            }
        }
        BeamShares(shares)
    }

    /// Writes the logarithms of the shares, from which a softmax makes them again.
    pub(super) fn write(&self, state: &State, scores: &mut [f32]) {
        let taken = self.0.get(&(state.next_token(), state.open_entity()));
        for (action, share) in taken.into_iter().flatten() {
            scores[action.index()] = share.ln() as f32;
        }
    }
}

#[cfg(test)]
mod tests {
    use ner_transitions::LabelFrequencies;

    use super::*;

    #[test]
    fn shares_are_those_of_the_parses_that_come_through_a_state() {
        let own = Actions::new(&LabelFrequencies::from_counts([("A".to_owned(), 1)]));
        let id = |name: &str| own.iter().map(|(id, _)| id).find(|id| own.name(*id) == name).unwrap();
        let parse = |share: f64, names: &str| (share, names.split(' ').map(id).collect::<Vec<_>>());
        let parses = [parse(0.5, "B-A L-A O"), parse(0.25, "U-A O U-A"), parse(0.25, "O O O")];
        let images = Images::of_first(own.len(), own.len());
        let shares = BeamShares::new(&parses, 3, &images, &own);
        let check = |taken: &str, expected: &[(&str, f64)]| {
            let mut state = State::new(3);
            taken.split_whitespace().for_each(|name| state.apply(own.action(id(name))));
            let mut scores = vec![f32::NEG_INFINITY; own.len()];
            shares.write(&state, &mut scores);
            let total: f32 = scores.iter().map(|score| score.exp()).sum();
            for (name, share) in expected {
                assert!((f64::from(scores[id(name).index()].exp() / total) - share).abs() < 1e-6, "{name}");
            }
            assert_eq!(scores.iter().filter(|score| score.is_finite()).count(), expected.len());
        };
        check("", &[("B-A", 0.5), ("U-A", 0.25), ("O", 0.25)]);
        check("B-A", &[("L-A", 1.0)]);
        check("O", &[("O", 1.0)]);
        // All come through this state, whatever the way.
        check("O O", &[("O", 0.75), ("U-A", 0.25)]);
        check("B-A I-A", &[]);
    }
}
