//! A run of training as one page of HTML.

mod chart;
mod escape;
mod tables;

use ner_training::{Evaluation, RunPlan, TrainingEvent};

use chart::{Chart, N_COLOURS, Series};
use escape::escape;
use tables::{best_evaluation, evaluations, labels};

/// The page of a run: what was learned how well, by steps. It needs no other file and no network, and follows the
/// reader's choice of a light or a dark screen.
// Drawn by hand, as SVG: a crate such as `plotters` draws in fixed colours, and these are the reader's.
#[derive(Clone, Debug, Default)]
pub struct TrainingPage {
    plan: RunPlan,
    evaluations: Vec<Evaluation>,
}

/// Colours, for both kinds of screen, and the layout.
const STYLE: &str = include_str!("page.css");

impl TrainingPage {
    /// Takes note of an event, and says whether the page has changed.
    pub fn event(&mut self, event: &TrainingEvent) -> bool {
        match event {
            TrainingEvent::Started { plan, past } => {
                *self = TrainingPage { plan: plan.clone(), evaluations: past.clone() };
                false
            }
            TrainingEvent::Evaluated(evaluation) => {
                self.evaluations.push(evaluation.clone());
                true
            }
            _ => false,
        }
    }

    /// The page.
    pub fn html(&self) -> String {
        let title = escape(&format!("Training of {}", self.plan.trained.join(", ")));
        let charts: String = self.charts().iter().map(Chart::html).collect();
        let best = best_evaluation(&self.evaluations);
        let summary = best.map(|best| summary(best, self.evaluations.last())).unwrap_or_default();
        let labels = best.map(labels).unwrap_or_default();
        let rows = evaluations(&self.plan, &self.evaluations);
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
             <style>\n{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n{summary}<div class=\"charts\">\n{charts}</div>\n\
             {labels}{rows}</body>\n</html>\n"
        )
    }

    fn charts(&self) -> Vec<Chart> {
        let series = |name: &str, value: &dyn Fn(usize, &Evaluation) -> Option<f64>| {
            let points = self.evaluations.iter().enumerate();
            let points = points.filter_map(|(index, it)| Some((it.step as f64, value(index, it)?)));
            Series { name: name.to_owned(), points: points.collect() }
        };
        let trained = self.plan.trained.iter();
        let losses = trained.map(|name| series(name, &|_, it| it.losses.get(name).copied()));
        let scores = tables::shown_scores(&self.plan);
        let scores = scores.map(|name| series(name, &|_, it| Some(it.scores.get(name)?.as_f64()? * 100.0)));
        let speed = |index: usize, it: &Evaluation| {
            let before = index.checked_sub(1).map(|before| &self.evaluations[before]);
            let (words, seconds) = before.map_or((0, 0.0), |before| (before.words, before.seconds));
            Some((it.words.checked_sub(words)?) as f64 / (it.seconds - seconds))
        };
        // More lines than colours could not be told apart; the table has them all.
        let labels = best_evaluation(&self.evaluations).map(tables::label_names).unwrap_or_default();
        let labels = labels.iter().filter(|_| labels.len() <= N_COLOURS);
        let labels = labels.map(|label| series(label, &|_, it| tables::label_score(it, label)));
        vec![
            Chart { title: "Scores in per cent", series: scores.collect() },
            Chart { title: "F of each label in per cent", series: labels.collect() },
            Chart { title: "Loss since the evaluation before", series: losses.collect() },
            Chart { title: "Learning rate", series: vec![series("rate", &|_, it| Some(it.learn_rate))] },
            Chart { title: "Words learned from in a second", series: vec![series("words", &speed)] },
        ]
    }
}

/// The best evaluation, and how far the run is.
fn summary(best: &Evaluation, last: Option<&Evaluation>) -> String {
    let last = last.unwrap_or(best);
    format!(
        "<p>Best score {:.4} at step {}, in epoch {}. The last evaluation was at step {}, in epoch {}, after {} words.</p>\n",
        best.score, best.step, best.epoch, last.step, last.epoch, last.words
    )
}
