//! The contents of the corpus in figures: the table of its README.

use std::collections::HashSet;
use std::fmt::Write as _;

use super::grammar::{LABELS, Label};
use super::text::Text;

/// A Markdown table of train, dev and test: counts, and the share of entities that train does not hold.
pub(crate) fn summary(corpus: &[Vec<Text>; 3]) -> String {
    let mut table = String::from("| | train | dev | test | dev unseen in train | test unseen in train |\n");
    table.push_str("|---|--:|--:|--:|--:|--:|\n");
    let mut row = |name: &str, cells: &[String]| {
        writeln!(table, "| {name} | {} |", cells.join(" | ")).expect("a string takes every character");
    };
    let count = |count: fn(&[Text]) -> usize| corpus.each_ref().map(|texts| count(texts).to_string());
    let blank = [String::new(), String::new()];
    row("texts", &[&count(<[Text]>::len)[..], &blank].concat());
    row("without entities", &[&count(without_entities)[..], &blank].concat());
    for label in LABELS {
        row(label, &row_of(corpus, |of| of == label));
    }
    row("all entities", &row_of(corpus, |_| true));
    table
}

fn without_entities(texts: &[Text]) -> usize {
    texts.iter().filter(|text| text.entities().is_empty()).count()
}

/// Three counts, and the shares of dev and test that are unseen.
fn row_of(corpus: &[Vec<Text>; 3], is_meant: impl Fn(Label) -> bool) -> Vec<String> {
    let [train, dev, test] = corpus.each_ref().map(|texts| names(texts, &is_meant));
    let seen: HashSet<&(Label, String)> = train.iter().collect();
    let unseen = [&dev, &test].map(|names| {
        let n_unseen = names.iter().filter(|name| !seen.contains(name)).count();
        format!("{} %", (100 * n_unseen + names.len() / 2) / names.len())
    });
    let counts = [&train, &dev, &test].map(|names| names.len().to_string());
    counts.into_iter().chain(unseen).collect()
}

fn names(texts: &[Text], is_meant: impl Fn(Label) -> bool) -> Vec<(Label, String)> {
    let labels = texts.iter().flat_map(|text| text.entities().into_iter().map(|(_, _, label)| label));
    let names = labels.zip(texts.iter().flat_map(Text::names));
    names.filter(|(label, _)| is_meant(label)).collect()
}
