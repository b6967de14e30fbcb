use ner_model::PYTHON_LAYERS;
use serde_json::{Map, Value};

use crate::Description;

/// The README of a package: its description as tables in Markdown, laid out as spaCy's.
pub(crate) fn write(description: &Description) -> String {
    let mut parts = vec![format!("# {}", description.package())];
    let notes = ["description", "notes"].map(|key| description.text(key));
    parts.extend(Some(notes[0].to_owned()).filter(|text| !text.is_empty()));
    parts.extend(description.needs_layers.then(|| layers(description)));
    parts.push(table(["Feature", "Description"], &features(description)));
    if let Some(Value::Object(labels)) = description.get("labels") {
        parts.extend(label_scheme(labels));
    }
    if let Some(Value::Object(performance)) = description.get("performance") {
        parts.extend(accuracy(performance));
    }
    parts.extend(Some(notes[1].to_owned()).filter(|text| !text.is_empty()));
    parts.join("\n\n") + "\n"
}

/// Why the package has a module of layers, and where it is needed.
fn layers(description: &Description) -> String {
    let (package, module) = (description.package(), PYTHON_LAYERS.0);
    format!(
        "spaCy alone cannot open this pipeline, which has layers of its own. They are in the module `{module}`: \
         `spacy.load(\"{package}\")` imports it, and so does `import {package}`, which must come first where a copy is \
         opened that `nlp.to_disk` wrote."
    )
}

fn features(description: &Description) -> Vec<[String; 2]> {
    let codes = |key| description.list(key).iter().map(|name| code(name)).collect::<Vec<_>>().join(", ");
    let number = |key| description.get("vectors").and_then(|vectors| vectors.get(key)?.as_i64()).unwrap_or(0);
    let vectors =
        format!("{} keys, {} vectors of {} numbers", number("keys"), number("vectors"), number("width"));
    let author = match (description.text("author"), description.text("url")) {
        (author, "") => author.to_owned(),
        ("", url) => format!("<{url}>"),
        (author, url) => format!("[{author}]({url})"),
    };
    let rows = [
        ("Name", code(&description.package())),
        ("Version", code(description.text("version"))),
        ("spaCy", code(description.text("spacy_version"))),
        ("Default Pipeline", codes("pipeline")),
        ("Components", codes("components")),
        ("Vectors", vectors),
        ("Sources", sources(description.get("sources"))),
        ("License", description.text("license").to_owned()),
        ("Author", author),
    ];
    let or_none = |value: String| if value.is_empty() { "n/a".to_owned() } else { value };
    rows.map(|(name, value)| [format!("**{name}**"), or_none(value)]).to_vec()
}

/// The data that the pipeline learned from, one a line.
fn sources(sources: Option<&Value>) -> String {
    let source = |source: &Value| {
        let text = |key| source.get(key).and_then(Value::as_str);
        let name = source.as_str().or(text("name"))?;
        let name = text("url").map_or(name.to_owned(), |url| format!("[{name}]({url})"));
        Some(text("author").map_or(name.clone(), |author| format!("{name} ({author})")))
    };
    let items = sources.and_then(Value::as_array).into_iter().flatten();
    items.filter_map(source).collect::<Vec<_>>().join("<br>")
}

fn label_scheme(labels: &Map<String, Value>) -> Vec<String> {
    let row = |(component, labels): (&String, &Value)| {
        let labels: Vec<String> = labels.as_array()?.iter().filter_map(Value::as_str).map(code).collect();
        (!labels.is_empty()).then(|| [code(component), labels.join(", ")])
    };
    let rows: Vec<[String; 2]> = labels.iter().filter_map(row).collect();
    match rows.is_empty() {
        true => Vec::new(),
        false => vec!["## Label Scheme".to_owned(), table(["Component", "Labels"], &rows)],
    }
}

/// The scores that are single numbers; speed and bias are no scores.
fn accuracy(performance: &Map<String, Value>) -> Vec<String> {
    // Times a hundred a loss would look like a score; spaCy leaves out the speed alone (cli/package.py).
    let is_score = |name: &str| !["speed", "out_bias"].contains(&name) && !name.ends_with("_loss");
    let scores = performance.iter().filter(|(name, _)| is_score(name));
    let row = |(name, score): (&String, &Value)| {
        Some([code(&name.to_uppercase()), format!("{:.2}", score.as_f64()? * 100.0)])
    };
    let rows: Vec<[String; 2]> = scores.filter_map(row).collect();
    match rows.is_empty() {
        true => Vec::new(),
        false => vec!["## Accuracy".to_owned(), table(["Type", "Score"], &rows)],
    }
}

fn table(titles: [&str; 2], rows: &[[String; 2]]) -> String {
    let line = |cells: &[String; 2]| format!("| {} | {} |", cells[0], cells[1]);
    let head = [line(&titles.map(str::to_owned)), "| --- | --- |".to_owned()];
    head.into_iter().chain(rows.iter().map(line)).collect::<Vec<_>>().join("\n")
}

/// Text as it is, within a cell of a table.
fn code(text: &str) -> String {
    // A bar ends the cell, even within backticks.
    if text.is_empty() { String::new() } else { format!("`{}`", text.replace('|', "\\|")) }
}
