//! A sentence from its first state to its last, as prediction and as training follow it. "item/s" is tokens/s.

use divan::Bencher;
use divan::counter::ItemsCount;
use ner_transitions::{
    Action, Actions, Constraints, Gold, INVALID, LabelFrequencies, LogLoss, Objective, Oracle, State,
    ValidActions,
};

const TOKENS: usize = 25;

fn main() {
    divan::main();
}

fn actions(n_labels: u32) -> Actions {
    let labels = (0..n_labels).map(|label| (format!("LABEL{label}"), i64::from(label) + 1));
    Actions::new(&LabelFrequencies::from_counts(labels))
}

fn constraints() -> Constraints {
    Constraints::from_tokens(vec![Default::default(); TOKENS])
}

/// Scores that make some entities long and some short.
fn scores(n_actions: usize) -> Vec<f32> {
    (0..TOKENS * n_actions).map(|place| ((place * 37) % 101) as f32 / 25.0).collect()
}

#[divan::bench(args = [1, 18, 64])]
fn best_actions(bencher: Bencher<'_, '_>, n_labels: u32) {
    let (actions, constraints) = (actions(n_labels), constraints());
    let scores = scores(actions.len());
    bencher.counter(ItemsCount::new(TOKENS)).bench_local(|| {
        let mut state = State::new(TOKENS);
        for scores in scores.chunks_exact(actions.len()) {
            let best = ValidActions::new(&state, &constraints).best(&actions, scores);
            state.apply(actions.action(best.expect("without presets some action is valid")));
        }
        state
    });
}

#[divan::bench(args = [1, 18, 64])]
fn costs_and_gradients(bencher: Bencher<'_, '_>, n_labels: u32) {
    let (actions, constraints) = (actions(n_labels), constraints());
    let begin = actions.iter().find(|(_, action)| matches!(action, Action::Begin(_)));
    let Some((_, Action::Begin(label))) = begin else { panic!("every label can begin an entity") };
    let of_token = |token| match token % 5 {
        0 => Action::Begin(label),
        1 => Action::Last(label),
        _ => Action::Out,
    };
    let gold = Gold::from_actions((0..TOKENS).map(of_token).map(Some).collect(), Vec::new());
    let oracle = Oracle { actions: &actions, constraints: &constraints, gold: &gold };
    let objective: &dyn Objective = &LogLoss;
    let scores = scores(actions.len());
    let mut costs = vec![INVALID; actions.len()];
    let mut d_scores = vec![0.0; actions.len()];
    bencher.counter(ItemsCount::new(TOKENS)).bench_local(|| {
        let mut state = State::new(TOKENS);
        let mut loss = 0.0;
        for (token, scores) in scores.chunks_exact(actions.len()).enumerate() {
            oracle.costs(&state, &mut costs);
            loss += objective.gradient(scores, &costs, &mut d_scores);
            state.apply(of_token(token));
        }
        loss
    });
}
