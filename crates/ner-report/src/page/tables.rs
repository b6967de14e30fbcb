use std::fmt::Write;

use ner_training::{Evaluation, RunPlan};
use serde_json::Value;

use super::escape::escape;

/// The first of the evaluations with the highest score.
pub(super) fn best_evaluation(evaluations: &[Evaluation]) -> Option<&Evaluation> {
    evaluations.iter().reduce(|best, it| if it.score > best.score { it } else { best })
}

/// The scores of the table of a run, but for speed and bias, which are no shares.
pub(super) fn shown_scores(plan: &RunPlan) -> impl Iterator<Item = &String> {
    let weights = plan.score_weights.iter();
    let is_share = |name: &str| !["speed", "out_bias"].contains(&name);
    weights.filter(move |(name, weight)| weight.is_some() && is_share(name)).map(|(name, _)| name)
}

/// The labels that an evaluation has scores of.
pub(super) fn label_names(evaluation: &Evaluation) -> Vec<String> {
    let labels = evaluation.scores.get("ents_per_type").and_then(Value::as_object);
    labels.into_iter().flat_map(|labels| labels.keys().cloned()).collect()
}

/// The F of a label in per cent, if it has one.
pub(super) fn label_score(evaluation: &Evaluation, label: &str) -> Option<f64> {
    Some(evaluation.scores.get("ents_per_type")?.get(label)?.get("f")?.as_f64()? * 100.0)
}

/// The scores of each label.
pub(super) fn labels(evaluation: &Evaluation) -> String {
    let labels = label_names(evaluation);
    if labels.is_empty() {
        return String::new();
    }
    let row = |label: &String| {
        let score = &evaluation.scores["ents_per_type"][label];
        (escape(label), ["p", "r", "f"].map(|name| percent(score[name].as_f64())).into())
    };
    let rows: Vec<_> = labels.iter().map(row).collect();
    let title = format!("Labels at step {}, in per cent", evaluation.step);
    table(&title, &["", "P", "R", "F"].map(str::to_owned), &rows)
}

/// All evaluations as numbers.
pub(super) fn evaluations(plan: &RunPlan, evaluations: &[Evaluation]) -> String {
    let losses = plan.trained.iter().map(|name| format!("loss {}", escape(name)));
    let scores = shown_scores(plan).map(|name| escape(name));
    let header: Vec<String> = ["step".to_owned(), "epoch".to_owned(), "words".to_owned()]
        .into_iter()
        .chain(losses)
        .chain(scores)
        .chain(["score".to_owned()])
        .collect();
    let row = |it: &Evaluation| {
        let losses = plan.trained.iter().map(|name| it.losses.get(name).copied().unwrap_or_default());
        let scores = shown_scores(plan).map(|name| percent(it.scores.get(name).and_then(Value::as_f64)));
        let cells = [it.epoch.to_string(), it.words.to_string()].into_iter();
        let cells = cells.chain(losses.map(|loss| format!("{loss:.2}"))).chain(scores);
        (it.step.to_string(), cells.chain([format!("{:.4}", it.score)]).collect())
    };
    table("Evaluations", &header, &evaluations.iter().map(row).collect::<Vec<_>>())
}

fn percent(score: Option<f64>) -> String {
    score.map_or_else(|| "-".to_owned(), |score| format!("{:.2}", score * 100.0))
}

/// A table of cells that are HTML; the first of a row names it.
fn table(title: &str, header: &[String], rows: &[(String, Vec<String>)]) -> String {
    let header: String = header.iter().map(|name| format!("<th>{name}</th>")).collect();
    let mut html = format!("<h2>{title}</h2>\n<div class=\"scroll\"><table>\n<tr>{header}</tr>\n");
    for (name, cells) in rows {
        let cells: String = cells.iter().map(|cell| format!("<td>{cell}</td>")).collect();
        let _ = writeln!(html, "<tr><td>{name}</td>{cells}</tr>");
    }
    html + "</table></div>\n"
}
