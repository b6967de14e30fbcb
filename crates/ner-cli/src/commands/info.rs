//! `ner info`

use std::collections::VecDeque;
use std::env::consts::{ARCH, OS};
use std::fs;
use std::path::{Path, PathBuf};

use ner_config::{Kind, Registry, ResolvedConfig, Table as ConfigTable, Value as ConfigValue};
use ner_pipeline::{Pipeline, SkippedComponent};
use ner_report::Table;
use serde_json::{Map, Value, json};

use crate::args::Format;
use crate::model::{self, RunArgs};
use crate::report;

/// Describe this program, or a pipeline.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A pipeline: its directory, a Python package of it, or the name of an installed one.
    model: Option<PathBuf>,
    /// How to print what is known.
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    /// Print Markdown, for issues.
    #[arg(long, conflicts_with = "format")]
    markdown: bool,
    /// Keys to leave out, and components that are not to be loaded, with commas between.
    #[arg(short, long, value_delimiter = ',')]
    exclude: Vec<String>,
    #[command(flatten)]
    components: RunArgs,
}

/// Long tables of scores, in new and old pipelines, which spaCy does not show either.
const SCORES: [&str; 3] = ["accuracy", "performance", "speed"];

pub(crate) fn run(args: &Args, registry: &Registry) -> anyhow::Result<()> {
    let (title, mut facts) = match &args.model {
        None => ("Info about ner".to_owned(), about_program(registry)),
        Some(path) => {
            (format!("Info about pipeline '{}'", path.display()), about_pipeline(args, path, registry)?)
        }
    };
    facts.retain(|key, _| !args.exclude.contains(key) && !SCORES.contains(&key.as_str()));
    match args.format {
        Format::Json => report::print_json(&Value::Object(facts))?,
        Format::Table if args.markdown => report::print(markdown(&title, &facts))?,
        Format::Table => report::print(format_args!("{}\n{}", ner_report::title(&title), table(&facts)))?,
    }
    Ok(())
}

fn about_program(registry: &Registry) -> Map<String, Value> {
    let devices: Vec<&str> = ner::built_in_devices().collect();
    let facts = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "platform": format!("{OS} {ARCH}"),
        "devices": devices,
        "threads": rayon::current_num_threads(),
        "functions": registry.functions().count(),
    });
    into_object(facts)
}

/// The facts of meta.json, the state, architectures and size of each component, and the size of the files.
fn about_pipeline(args: &Args, path: &Path, registry: &Registry) -> anyhow::Result<Map<String, Value>> {
    let path = model::find(path)?;
    let files = model::open(&path)?;
    let n_bytes = files.n_bytes()?;
    let config = files.config()?.resolve()?;
    let is_component = |name: &&String| config.get(&format!("components.{name}")).is_some();
    let exclude = args.exclude.iter().filter(is_component).cloned().collect();
    let mut pipeline =
        Pipeline::from_files(files, &args.components.options(exclude), registry, &ner::default_device()?)?;
    let mut facts = pipeline.described().values().clone();
    let names: Vec<String> = pipeline.components().keys().cloned().collect();
    let mut add = |key: &str, fact: &mut dyn FnMut(&String) -> Value| {
        let values = names.iter().map(|name| (name.clone(), fact(name))).collect();
        facts.insert(key.to_owned(), values);
    };
    add("status", &mut |name| json!(status(&pipeline, name)));
    add("architectures", &mut |name| json!(architectures(&config, name)));
    add("parameters", &mut |name| json!(n_parameters(&mut pipeline, name)));
    facts.insert("bytes".to_owned(), json!(n_bytes));
    facts.insert("source".to_owned(), json!(fs::canonicalize(path)?));
    Ok(facts)
}

/// Whether a component runs.
fn status(pipeline: &Pipeline, name: &str) -> String {
    match pipeline.components()[name].downcast_ref::<SkippedComponent>() {
        _ if pipeline.disabled().any(|disabled| disabled == name) => "disabled".to_owned(),
        Some(skipped) => format!("skipped: {} is not known here", skipped.factory()),
        None => "runs".to_owned(),
    }
}

/// The functions that a component's model is made of, outer ones first.
fn architectures(config: &ResolvedConfig, name: &str) -> Vec<String> {
    let model = config.get(&format!("components.{name}.model")).and_then(ConfigValue::as_table);
    let mut names = Vec::new();
    let mut tables: VecDeque<&ConfigTable> = model.into_iter().collect();
    while let Some(table) = tables.pop_front() {
        let function = table.get(Kind::Architectures.key()).and_then(ConfigValue::as_str);
        names.extend(function.map(str::to_owned));
        tables.extend(table.values().filter_map(ConfigValue::as_table));
    }
    names
}

fn n_parameters(pipeline: &mut Pipeline, name: &str) -> usize {
    let parameters = pipeline.component_mut(name).map(|component| component.parameters_mut());
    parameters.unwrap_or_default().iter().map(|parameter| parameter.shape().iter().product::<usize>()).sum()
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
