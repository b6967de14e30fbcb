//! The page of a run.

use ner_report::TrainingPage;
use ner_training::{Evaluation, RunPlan, TrainingEvent};
use serde_json::json;

fn evaluation(step: usize, f: f64) -> Evaluation {
    let label = json!({"p": 1.0, "r": 0.5, "f": f});
    Evaluation {
        step,
        losses: [("ner".to_owned(), 12.5)].into(),
        scores: [("ents_f".to_owned(), json!(f)), ("ents_per_type".to_owned(), json!({"A<B": label}))].into(),
        score: f,
        learn_rate: 0.001,
        words: 100 + step,
        seconds: 1.0 + step as f64,
        ..Evaluation::default()
    }
}

fn page(evaluations: &[Evaluation]) -> String {
    let weights = [("ents_f".to_owned(), Some(1.0)), ("ents_per_type".to_owned(), None)].into();
    let plan = RunPlan { trained: vec!["ner".to_owned()], score_weights: weights, ..RunPlan::default() };
    let mut page = TrainingPage::default();
    assert!(!page.event(&TrainingEvent::Started { plan, past: Vec::new() }));
    for evaluation in evaluations {
        assert!(page.event(&TrainingEvent::Evaluated(evaluation.clone())));
    }
    page.html()
}

#[test]
fn a_page_stands_alone_and_names_the_best_labels() {
    let html = page(&[evaluation(0, 0.1), evaluation(20, 0.8), evaluation(40, 0.6)]);
    for part in [
        "<title>Training of ner</title>",
        "prefers-color-scheme: dark",
        "Best score 0.8000 at step 20, in epoch 0. The last evaluation was at step 40, in epoch 0, after 140 words.",
        "<title>ents_f, step 40: 60</title>",
        "<title>words, step 40: 1</title>",
        "<title>A&lt;B, step 20: 80</title>",
        "<tr><td>A&lt;B</td><td>100.00</td><td>50.00</td><td>80.00</td></tr>",
        "<tr><td>20</td><td>0</td><td>120</td><td>12.50</td><td>80.00</td><td>0.8000</td></tr>",
    ] {
        assert!(html.contains(part), "{part}\n{html}");
    }
    assert_eq!(html.matches("<figure>").count(), 5);
    for outside in ["http", "src=", "href=", "url(", "@import", "<script"] {
        assert!(!html.contains(outside), "{outside}");
    }
}

#[test]
fn every_element_is_closed() {
    let html = page(&[evaluation(0, 0.1), evaluation(20, f64::NAN)]);
    let body = html.split_once("</style>").unwrap().1;
    let mut open = vec!["html", "head"];
    for tag in body.split('<').skip(1).map(|part| part.split('>').next().unwrap()) {
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name), "{html}"),
            None if tag.ends_with('/') || tag.starts_with('!') => {}
            None => open.push(tag.split(' ').next().unwrap()),
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn a_run_without_evaluations_has_a_page_too() {
    assert!(!page(&[]).contains("<figure>"));
}
