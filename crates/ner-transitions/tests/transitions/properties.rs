//! What must hold whatever the document: some action is always valid, presets survive, and the gold
//! annotation costs nothing and comes back.

use ner_doc::EntIob;
use ner_transitions::{
    Action, ActionId, Actions, BeamSettings, BeamUpdate, Constraints, Gold, GoldDoc, INVALID,
    LabelFrequencies, LabelId, NegativeSpan, Oracle, State, StateEntity, TokenConstraints, ValidActions,
};
use proptest::prelude::*;
use proptest::sample::Index;

fn actions() -> Actions {
    let mut actions =
        Actions::new(&LabelFrequencies::from_counts([("A".to_owned(), 3), ("B".to_owned(), 2)]));
    actions.add_label("C");
    actions
}

fn labels() -> Vec<LabelId> {
    let actions = actions();
    let begun = actions.iter().filter_map(|(_, action)| match action {
        Action::Begin(label) => Some(label),
        _ => None,
    });
    begun.collect()
}

/// A piece of a document: nothing for one token, or an entity of some tokens.
#[derive(Clone, Debug)]
enum Piece {
    Outside,
    Blocked,
    Entity(usize, usize),
}

fn pieces() -> impl Strategy<Value = Vec<Piece>> {
    let piece = prop_oneof![
        3 => Just(Piece::Outside),
        1 => Just(Piece::Blocked),
        3 => (1..5_usize, 0..3_usize).prop_map(|(length, label)| Piece::Entity(length, label)),
    ];
    prop::collection::vec(piece, 0..12)
}

fn entities(pieces: &[Piece]) -> (usize, Vec<StateEntity>) {
    let labels = labels();
    let mut end = 0;
    let mut entities = Vec::new();
    for piece in pieces {
        let start = end;
        let (length, label) = match *piece {
            Piece::Outside => (1, None),
            Piece::Blocked => (1, Some(LabelId::EMPTY)),
            Piece::Entity(length, label) => (length, Some(labels[label])),
        };
        end += length as u32;
        entities.extend(label.map(|label| StateEntity { start, end, label }));
    }
    (end as usize, entities)
}

fn presets(pieces: &[Piece], sentence_starts: &[bool], spaces: &[bool]) -> Constraints {
    let (n_tokens, entities) = entities(pieces);
    let mut tokens = vec![TokenConstraints::default(); n_tokens];
    for entity in entities {
        for token in &mut tokens[entity.start as usize..entity.end as usize] {
            (token.iob, token.label) = (EntIob::In, entity.label);
        }
        tokens[entity.start as usize].iob = EntIob::Begin;
    }
    for (token, (&starts, &is_space)) in tokens.iter_mut().zip(sentence_starts.iter().zip(spaces)) {
        (token.starts_sentence, token.is_space) = (starts, is_space);
    }
    Constraints::from_tokens(tokens)
}

fn gold_actions(n_tokens: usize, entities: &[StateEntity]) -> Vec<Action> {
    let mut actions = vec![Action::Out; n_tokens];
    for &StateEntity { start, end, label } in entities {
        actions[start as usize..end as usize].fill(Action::In(label));
        (actions[start as usize], actions[end as usize - 1]) = (Action::Begin(label), Action::Last(label));
        if end - start == 1 {
            actions[start as usize] = Action::Unit(label);
        }
    }
    actions
}

proptest! {
    #[test]
    fn some_action_is_always_valid_and_presets_survive(
        pieces in pieces(),
        sentence_starts in prop::collection::vec(any::<bool>(), 60),
        spaces in prop::collection::vec(prop::bool::weighted(0.2), 60),
        choices in prop::collection::vec(any::<Index>(), 60),
    ) {
        let actions = actions();
        let constraints = presets(&pieces, &sentence_starts, &spaces);
        let mut state = State::new(constraints.len());
        for choice in choices.iter().take(constraints.len()) {
            let valid = ValidActions::new(&state, &constraints);
            let valid: Vec<_> = actions.iter().filter(|&(_, action)| valid.contains(action)).collect();
            prop_assert!(!valid.is_empty());
            state.apply(choice.get(&valid).1);
        }
        prop_assert!(state.is_final());
        for preset in entities(&pieces).1 {
            prop_assert!(state.entities().contains(&preset));
        }
    }

    #[test]
    fn gold_annotation_costs_nothing_and_comes_back(pieces in pieces()) {
        let actions = actions();
        let (n_tokens, mut entities) = entities(&pieces);
        entities.retain(|entity| entity.label != LabelId::EMPTY);
        let taken = gold_actions(n_tokens, &entities);
        let gold = Gold::from_actions(taken.iter().copied().map(Some).collect(), Vec::new());
        let constraints = Constraints::from_tokens(vec![TokenConstraints::default(); n_tokens]);
        let oracle = Oracle { actions: &actions, constraints: &constraints, gold: &gold };
        let mut state = State::new(n_tokens);
        let mut costs = vec![0; actions.len()];
        for &action in &taken {
            oracle.costs(&state, &mut costs);
            prop_assert_eq!(actions.find(action).map(|id| costs[id.index()]), Some(0));
            state.apply(action);
        }
        prop_assert_eq!(state.entities(), &entities[..]);
        let numbers: Vec<ActionId> = taken.iter().filter_map(|&action| actions.find(action)).collect();
        prop_assert_eq!(oracle.sequence(State::new(n_tokens)), Ok(numbers));
    }

    #[test]
    fn valid_actions_and_only_those_have_a_cost(
        pieces in pieces(),
        preset_pieces in pieces(),
        negatives in prop::collection::vec((0..20_u32, 1..4_u32, 0..3_usize), 0..6),
        choices in prop::collection::vec(any::<Index>(), 60),
    ) {
        let actions = actions();
        let (n_tokens, mut entities) = entities(&pieces);
        entities.retain(|entity| entity.label != LabelId::EMPTY);
        let negative = |&(start, length, label): &(u32, u32, usize)| {
            NegativeSpan { start, end: start + length, label: labels()[label] }
        };
        let known = gold_actions(n_tokens, &entities).into_iter().map(Some).collect();
        let gold = Gold::from_actions(known, negatives.iter().map(negative).collect());
        let constraints = presets(&preset_pieces, &[], &[]);
        let oracle = Oracle { actions: &actions, constraints: &constraints, gold: &gold };
        let mut state = State::new(constraints.len());
        let mut costs = vec![0; actions.len()];
        for choice in choices.iter().take(constraints.len()) {
            oracle.costs(&state, &mut costs);
            let valid = ValidActions::new(&state, &constraints);
            for (id, action) in actions.iter() {
                let cost = costs[id.index()];
                prop_assert_eq!(valid.contains(action), cost != INVALID);
                prop_assert!(cost == INVALID || cost <= 2);
            }
            let valid: Vec<_> = actions.iter().filter(|&(_, action)| valid.contains(action)).collect();
            state.apply(choice.get(&valid).1);
        }
    }
}

/// A wrong parse that is ahead by one action and then continues as the gold one does.
#[test]
fn of_leads_that_rounding_tells_apart_the_first_counts() {
    let actions = actions();
    let n_tokens = 40;
    let docs = [GoldDoc {
        example_index: 0,
        constraints: Constraints::from_tokens(vec![TokenConstraints::default(); n_tokens]),
        gold: Gold::from_actions(vec![Some(Action::Out); n_tokens], Vec::new()),
    }];
    let number = |wanted| actions.iter().find(|(_, action)| *action == wanted).unwrap().0.index();
    let (out, unit) = (number(Action::Out), number(Action::Unit(labels()[0])));
    for common in [0.0, 0.1, 1.7, 33.3, 1000.1] {
        let mut update =
            BeamUpdate::new(&actions, &docs, BeamSettings { width: 1, density: 0.0, keeps_entities: false });
        let mut is_first = true;
        while update.states().next().is_some() {
            let mut scores = vec![common - 5.0; update.states().count() * actions.len()];
            for row in scores.chunks_exact_mut(actions.len()) {
                row[out] = common;
                row[unit] = if is_first { common + 0.3 } else { common - 1.0 };
            }
            is_first = false;
            update.advance(&scores).unwrap();
        }
        assert_eq!(update.gradient().steps.len(), 1, "{common}");
    }
}
