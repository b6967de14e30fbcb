//! Beam search and beam updates as spaCy 3.8.18 does them (`BeamBatch`, `update_beam`), with a scorer that both
//! sides compute: so no model is needed.

use ner_doc::Example;
use ner_transitions::{
    Actions, Beam, BeamGradient, BeamSettings, BeamUpdate, Constraints, Starts, State, TransitionError,
};
use serde::Deserialize;

use crate::files::{Case, class_sets, for_each_own_row};

/// Start, end and label of each.
type Entities = Vec<(u32, u32, String)>;

#[derive(Deserialize)]
struct BeamRow {
    set: usize,
    width: usize,
    density: f32,
    seed: u32,
    docs: Vec<Case>,
    /// By document.
    parses: Vec<Vec<(f64, Entities)>>,
    update: Option<Update>,
}

#[derive(Deserialize)]
struct Update {
    error: Option<String>,
    loss: Option<f32>,
    steps: Option<Vec<Step>>,
}

#[derive(Deserialize)]
struct Step {
    n: usize,
    d: Vec<(usize, u32, f32)>,
}

#[test]
fn beams_find_the_parses_of_spacy() {
    let sets = class_sets();
    for_each_own_row("beam.jsonl.gz", |row: BeamRow| {
        let actions = &sets[row.set];
        for ((doc, case), expected) in (0..).zip(&row.docs).zip(&row.parses) {
            let constraints = Constraints::new(&case.example().predicted, actions);
            let mut beam = Beam::new(constraints.len(), settings(&row));
            while !beam.is_done() {
                let scores: Vec<f32> =
                    beam.states().flat_map(|state| scores(state, actions, row.seed + doc)).collect();
                beam.advance(actions, &constraints, &scores);
            }
            check_parses(&beam, actions, expected);
        }
    });
}

fn check_parses(beam: &Beam, actions: &Actions, expected: &[(f64, Entities)]) {
    let parses = beam.parses(actions);
    let entities_of = |state: &State| -> Entities {
        let named = |label| actions.label(label).to_owned();
        state.entities().iter().map(|entity| (entity.start, entity.end, named(entity.label))).collect()
    };
    let found: Vec<_> = parses.iter().map(|parse| entities_of(&parse.state)).collect();
    assert_eq!(found, expected.iter().map(|(_, entities)| entities.clone()).collect::<Vec<_>>());
    for (parse, (probability, _)) in parses.iter().zip(expected) {
        assert!((parse.probability - probability).abs() < 1e-12);
    }
    assert_eq!(beam.best(actions), parses[0].state);
    for (entity, score) in beam.entity_scores(actions) {
        let having_it = parses.iter().filter(|parse| parse.state.entities().contains(&entity));
        assert!((having_it.map(|parse| parse.probability).sum::<f64>() - score).abs() < 1e-12);
    }
}

#[test]
fn beam_updates_have_the_gradients_of_spacy() {
    let sets = class_sets();
    let (mut n_gradients, mut n_errors) = (0, 0);
    for_each_own_row("beam.jsonl.gz", |row: BeamRow| {
        let actions = &sets[row.set];
        let examples: Vec<Example> = row.docs.iter().map(Case::example).collect();
        let found = update(actions, &examples, &row);
        match (&row.update, found) {
            (None, Ok(gradient)) => assert_eq!(gradient, BeamGradient::default()),
            (Some(Update { error: Some(error), .. }), Err(found)) => {
                n_errors += 1;
                assert_eq!(found, error);
            }
            (Some(Update { error: None, loss, steps, .. }), Ok(gradient)) => {
                n_gradients += 1;
                check_gradient(&gradient, loss.unwrap(), steps.as_ref().unwrap());
            }
            (_, found) => panic!("{found:?}"),
        }
    });
    assert!(n_gradients > 0 && n_errors > 0, "{n_gradients} gradients, {n_errors} errors");
}

/// spaCy's exception for the same failure: in a dead end it stumbles over an empty beam.
fn update(actions: &Actions, examples: &[Example], row: &BeamRow) -> Result<BeamGradient, &'static str> {
    let starts = Starts::new(examples, actions, None).map_err(|error| match error {
        TransitionError::InExample { .. } => "ValueError",
        other => panic!("{other}"),
    })?;
    let mut update = BeamUpdate::new(actions, &starts.docs, settings(row));
    while update.states().next().is_some() {
        let seed = |doc: usize| row.seed + starts.docs[doc].example_index as u32;
        let scores: Vec<f32> =
            update.states().flat_map(|(doc, state)| scores(state, actions, seed(doc))).collect();
        update.advance(&scores).map_err(|_| "AssertionError")?;
    }
    Ok(update.gradient())
}

fn check_gradient(gradient: &BeamGradient, loss: f32, steps: &[Step]) {
    assert!((gradient.loss - loss).abs() <= 1e-5 * (1.0 + loss), "{} {loss}", gradient.loss);
    assert_eq!(gradient.steps.len(), steps.len());
    for (found, expected) in gradient.steps.iter().zip(steps) {
        assert_eq!(found.n_states, expected.n);
        let found: Vec<_> = found.entries.iter().filter(|(_, _, d_score)| *d_score != 0.0).collect();
        let found_places: Vec<_> = found.iter().map(|(row, id, _)| (*row, id.0)).collect();
        assert_eq!(found_places, expected.d.iter().map(|&(row, id, _)| (row, id)).collect::<Vec<_>>());
        for ((_, _, d_score), (_, _, expected)) in found.iter().zip(&expected.d) {
            assert!((d_score - expected).abs() <= 1e-6, "{d_score} {expected}");
        }
    }
}

fn settings(row: &BeamRow) -> BeamSettings {
    BeamSettings { width: row.width, density: row.density, keeps_entities: false }
}

/// The scorer: multiples of 1/32 from -4 to 4, so that there are ties.
fn scores(state: &State, actions: &Actions, seed: u32) -> Vec<f32> {
    let open = state.open_entity().map_or(0, |open| open.start + 1);
    let place = state.next_token() as u32 * 31 + open * 17 + seed * 101;
    let of_action = |number: u32| {
        let mut hash = (place + number * 7).wrapping_mul(2_654_435_761);
        hash = (hash ^ (hash >> 15)).wrapping_mul(2_246_822_519);
        (hash >> 24) as f32 / 32.0 - 4.0
    };
    (0..actions.len() as u32).map(of_action).collect()
}
