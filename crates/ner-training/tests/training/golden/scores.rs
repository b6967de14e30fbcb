use std::collections::BTreeSet;

use ner_scorer::Scores;
use ner_training::{FinalScore, Stopping, TrainingError};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::cases;

#[test]
fn final_scores_are_equal() {
    for case in cases("scorer/final_score.jsonl") {
        let mut final_score = FinalScore::new(&read(&case["weights"]));
        let evaluations = case["evaluations"].as_array().unwrap().iter();
        for (evaluation, expected) in evaluations.zip(case["results"].as_array().unwrap()) {
            let mut scores: Scores = read(evaluation);
            match final_score.score(&mut scores) {
                Ok(score) => {
                    assert_eq!(Some(score), expected["score"].as_f64(), "{case}");
                    let kept: BTreeSet<String> = scores.into_keys().collect();
                    assert_eq!(kept, read(&expected["kept"]), "{case}");
                }
                Err(error) => {
                    assert!(matches!(error, TrainingError::ScoreNotNumber { .. }), "{error}");
                    assert_eq!(expected["code"], "E915", "{case}");
                }
            }
        }
    }
}

#[test]
fn runs_stop_at_the_same_step() {
    for case in cases("scorer/early_stopping.jsonl") {
        let number = |field: &str| case[field].as_u64().unwrap() as usize;
        let mut stopping = Stopping::new(number("patience"), number("max_steps"));
        let mut scores = case["scores"].as_array().unwrap().iter().map(|score| score.as_f64().unwrap());
        let mut evaluations = Vec::new();
        let mut last_step = 0;
        for step in 0..number("n_batches") {
            last_step = step;
            if step % number("eval_frequency") == 0 {
                let score = scores.next().unwrap();
                evaluations.push((step, score, stopping.record(step, score)));
            }
            if stopping.is_over(step) {
                break;
            }
        }
        assert_eq!(evaluations, read::<Vec<(usize, f64, bool)>>(&case["evaluations"]), "{case}");
        assert_eq!(last_step, number("last_step"), "{case}");
    }
}

fn read<T: DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).unwrap()
}
