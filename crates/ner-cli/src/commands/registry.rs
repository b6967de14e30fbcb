//! `ner registry`

use ner_config::{Argument, Function, Kind, Registry};
use serde_json::{Value, json};

use crate::args::Format;
use crate::report;

/// List the functions that a config can name, with their arguments and defaults.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Kind of function, such as architectures; all kinds unless given.
    #[arg(value_parser = parse_kind)]
    kind: Option<Kind>,
    /// How to print the functions.
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

fn parse_kind(name: &str) -> Result<Kind, String> {
    let is_named = |kind: &Kind| [kind.name(), kind.key()].contains(&name);
    Kind::ALL.into_iter().find(is_named).ok_or_else(|| {
        let names = Kind::ALL.map(Kind::name).join(", ");
        format!("there is no such kind of function; there are {names}")
    })
}

pub(crate) fn run(args: &Args, registry: &Registry) -> anyhow::Result<()> {
    let is_wanted = |kind: &Kind| args.kind.is_none_or(|wanted| wanted == *kind);
    let of_kind = |kind: Kind| registry.functions().filter(move |function| function.kind() == kind);
    let kinds = Kind::ALL.into_iter().filter(is_wanted);
    match args.format {
        Format::Json => report::print_json(&kinds.flat_map(of_kind).map(to_json).collect())?,
        Format::Table => {
            for kind in kinds.filter(|&kind| of_kind(kind).next().is_some()) {
                report::print(ner_report::title(kind.key()))?;
                of_kind(kind).try_for_each(|function| report::print(describe(function)))?;
            }
        }
    }
    Ok(())
}

fn describe(function: &Function) -> String {
    let mut text = format!("\n{}", function.name());
    if let Some(summary) = function.summary() {
        text += &format!("\n    {}", one_line(summary));
    }
    for argument in function.arguments() {
        text += &format!("\n  {}", describe_argument(argument));
    }
    text
}

fn describe_argument(argument: &Argument) -> String {
    let Argument { name, expected, default, help, .. } = argument;
    let mut text = format!("{name}: {expected}");
    if let Some(default) = default {
        text += &format!(" = {}", json!(default));
    }
    if let Some(help) = help {
        text += &format!("\n      {}", one_line(help));
    }
    text
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn to_json(function: &Function) -> Value {
    let argument = |argument: &Argument| {
        let Argument { name, expected, default, help, .. } = argument;
        let mut json = json!({"name": name, "type": expected, "required": default.is_none()});
        if let Some(default) = default {
            json["default"] = json!(default);
        }
        json["help"] = json!(help);
        json
    };
    json!({
        "kind": function.kind().name(),
        "name": function.name(),
        "summary": function.summary(),
        "arguments": function.arguments().iter().map(argument).collect::<Vec<_>>(),
    })
}
