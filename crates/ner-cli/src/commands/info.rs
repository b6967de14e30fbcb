//! `ner info`

use std::env::consts::{ARCH, OS};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context;
use ner_config::Registry;
use ner_pipeline::{Component, Pipeline};
use serde_json::{Map, Value, json};

use crate::args::Format;
use crate::report::{self, Table};
use crate::{device, model};

/// Describe this program, or a pipeline.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Directory of a pipeline.
    model: Option<PathBuf>,
    /// How to print what is known.
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    /// Print Markdown, for issues.
    #[arg(long, conflicts_with = "format")]
    markdown: bool,
    /// Keys to leave out, with commas between.
    #[arg(short, long, value_delimiter = ',')]
    exclude: Vec<String>,
}

pub(crate) fn run(args: &Args, registry: &Registry) -> anyhow::Result<()> {
    let (title, mut facts) = match &args.model {
        None => ("Info about ner".to_owned(), about_program(registry)),
        Some(path) => (format!("Info about pipeline '{}'", path.display()), about_pipeline(path, registry)?),
    };
    facts.retain(|key, _| !args.exclude.contains(key));
    match args.format {
        Format::Json => report::print_json(&Value::Object(facts))?,
        Format::Table if args.markdown => report::print(markdown(&title, &facts))?,
        Format::Table => report::print(format_args!("{}\n{}", report::title(&title), table(&facts)))?,
    }
    Ok(())
}

fn about_program(registry: &Registry) -> Map<String, Value> {
    let devices: Vec<&str> = device::NAMES.into_iter().filter(|name| device::is_built_in(name)).collect();
    let facts = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "platform": format!("{OS} {ARCH}"),
        "devices": devices,
        "threads": rayon::current_num_threads(),
        "functions": registry.functions().count(),
    });
    into_object(facts)
}

/// What meta.json says, with the size of each component's weights and of the whole directory.
fn about_pipeline(path: &Path, registry: &Registry) -> anyhow::Result<Map<String, Value>> {
    let mut pipeline = model::load(path, registry, &device::first()?)?;
    let mut facts = pipeline.meta().values().clone();
    let names: Vec<String> = pipeline.components().keys().cloned().collect();
    let labels = |name: &String| (name.clone(), json!(pipeline.components()[name].labels()));
    facts.insert("labels".to_owned(), names.iter().map(labels).collect());
    let sizes = names.iter().map(|name| (name.clone(), json!(n_parameters(&mut pipeline, name)))).collect();
    facts.insert("parameters".to_owned(), sizes);
    facts.insert("bytes".to_owned(), json!(n_bytes(path).with_context(|| path.display().to_string())?));
    facts.insert("source".to_owned(), json!(fs::canonicalize(path)?));
    Ok(facts)
}

fn n_parameters(pipeline: &mut Pipeline, name: &str) -> usize {
    let parameters = pipeline.component_mut(name).map(Component::parameters_mut).unwrap_or_default();
    parameters.iter().map(|parameter| parameter.shape().iter().product::<usize>()).sum()
}

fn n_bytes(path: &Path) -> io::Result<u64> {
    if !path.is_dir() {
        return Ok(fs::metadata(path)?.len());
    }
    fs::read_dir(path)?.map(|entry| n_bytes(&entry?.path())).sum()
}

fn into_object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        _ => unreachable!("the literal is an object"),
    }
}

fn table(facts: &Map<String, Value>) -> Table {
    let mut table = Table::new();
    for (key, value) in facts {
        for (index, line) in lines(value).into_iter().enumerate() {
            table.add([if index == 0 { key.as_str() } else { "" }, &line]);
        }
    }
    table
}

fn markdown(title: &str, facts: &Map<String, Value>) -> String {
    let item = |(key, value): (&String, &Value)| format!("\n- **{key}:** {}", lines(value).join("; "));
    format!("## {title}\n{}", facts.iter().map(item).collect::<String>())
}

/// A value in words; a table as one line for each of its keys.
fn lines(value: &Value) -> Vec<String> {
    match value {
        Value::Object(object) => {
            object.iter().map(|(key, value)| format!("{key}: {}", words(value))).collect()
        }
        value => vec![words(value)],
    }
}

fn words(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(words).collect::<Vec<_>>().join(", "),
        value => value.to_string(),
    }
}
