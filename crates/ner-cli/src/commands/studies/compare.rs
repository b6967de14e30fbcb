//! `ner compare`

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::value_parser;
use ner::Device;
use ner_config::Registry;
use ner_files::FileError;
use ner_pipeline::{LoadOptions, Pipeline};
use ner_report::{Table, title};
use ner_studies::{Comparison, ComparisonOptions, EntityExample, Found, Predictions};
use ner_tokenizer::Tokenizer;
use ner_vocab::Vocab;

use super::tables::percent;
use crate::args::Format;
use crate::code::CodeArgs;
use crate::device::DeviceArgs;
use crate::{model, path, report};

/// Say whether one pipeline is better than another one on annotated data, or whether that is chance.
///
/// A and B are pipelines, as for `ner evaluate`, or files of predictions, as `ner apply` and `ner cross-validate` write them,
/// with the documents of DATA in their order.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A pipeline or a file of predictions.
    a: PathBuf,
    /// Another one.
    b: PathBuf,
    /// Annotated data, as for `ner evaluate`.
    #[arg(value_parser = path::existing())]
    data: PathBuf,
    /// The only label that counts.
    #[arg(long)]
    label: Option<String>,
    /// Samples that both tests draw.
    #[arg(long, default_value_t = 10_000, value_parser = value_parser!(u32).range(100..))]
    samples: u32,
    /// The seed that they are drawn with.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// The language by whose rules texts in files are split that come without tokens.
    #[arg(long, default_value = "en")]
    lang: String,
    /// JSON file for the results.
    #[arg(short, long)]
    output: Option<PathBuf>,
    /// How to print the results.
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    #[command(flatten)]
    device: DeviceArgs,
    #[command(flatten)]
    _code: CodeArgs,
}

pub(crate) fn run(args: &Args, registry: &Registry) -> anyhow::Result<()> {
    let device = args.device.open()?;
    let [a, b] = [&args.a, &args.b].map(|source| predictions(source, args, registry, &device));
    let (a, b) = (a?.examples(&args.data)?, b?.examples(&args.data)?);
    let options =
        ComparisonOptions { label: args.label.clone(), n_samples: args.samples as usize, seed: args.seed };
    let comparison = ner_studies::compare(&a, &b, &options)?;
    let json = serde_json::to_value(&comparison)?;
    match args.format {
        Format::Table => report::print(tables(&comparison))?,
        Format::Json => report::print_json(&json)?,
    }
    if let Some(output) = &args.output {
        ner_files::write(output, |file| writeln!(file, "{json:#}").map_err(FileError::io(output)))?;
        report::good(format_args!("Saved results to {}", output.display()));
    }
    Ok(())
}

fn predictions<'a>(
    source: &'a Path,
    args: &Args,
    registry: &Registry,
    device: &Device,
) -> anyhow::Result<Predictions<'a>> {
    // By its name, as `ner_formats` tells formats: a packed file of documents begins as a package does.
    let name = source.as_os_str().as_encoded_bytes();
    let is_package = [".whl", ".zip", ".tar.gz"].iter().any(|suffix| name.ends_with(suffix.as_bytes()));
    if source.is_file() && !is_package {
        let Some(vocab) = Vocab::new(&args.lang) else {
            bail!("--lang {}: no language has this code", args.lang)
        };
        let tokenizer =
            Tokenizer::for_language(Arc::new(vocab)).with_context(|| format!("--lang {}", args.lang))?;
        return Ok(Predictions::File { path: source, tokenizer: Box::new(tokenizer) });
    }
    let options = LoadOptions { only_predict: true, ..LoadOptions::default() };
    let pipeline = Pipeline::from_files(model::open(source)?, &options, registry, device)?;
    Ok(Predictions::Pipeline(Box::new(pipeline)))
}

fn tables(comparison: &Comparison) -> String {
    let Comparison { a, b, difference, significance, documents, differing, right, wrong } = comparison;
    let mut scores = Table::of_numbers();
    scores.add(["", "P", "R", "F"]);
    for (name, score) in [("A", a), ("B", b)] {
        scores.add([name.to_owned()].into_iter().chain([score.p, score.r, score.f].map(percent)));
    }
    let mut found = Table::of_numbers();
    found.add(["", "both", "only A", "only B", "neither"]);
    for (name, entities) in [("right", right), ("wrong", wrong)] {
        let neither = if name == "right" { entities.neither.to_string() } else { String::new() };
        let counts = [entities.both, entities.only_a, entities.only_b].map(|count| count.to_string());
        found.add([name.to_owned()].into_iter().chain(counts).chain([neither]));
    }
    let test = if significance.is_exact {
        "all ways to swap documents".to_owned()
    } else {
        format!("{} random ways to swap documents", significance.n_samples)
    };
    let signed = |share: f64| format!("{:+.2}", 100.0 * share);
    format!(
        "{}\n{scores}\nF of B less F of A: {}, 95 % interval {} to {}, p = {:.4} ({test}).\n{differing} of {documents} documents differ.\n\
         {}\n{found}{}",
        title("Comparison"),
        signed(*difference),
        signed(significance.interval.low),
        signed(significance.interval.high),
        significance.p,
        title("Entities"),
        examples(right, wrong)
    )
}

fn examples(right: &Found, wrong: &Found) -> String {
    let lists = [
        ("Found by A alone", &right.examples_of_a),
        ("Found by B alone", &right.examples_of_b),
        ("Predicted wrongly by A alone", &wrong.examples_of_a),
        ("Predicted wrongly by B alone", &wrong.examples_of_b),
    ];
    let line = |entity: &EntityExample| {
        let context = entity.context.replace(['\n', '\r', '\t'], " ");
        format!("  {} {}: … {context} … (document {})\n", entity.label, entity.text, entity.document)
    };
    let lists = lists.into_iter().filter(|(_, examples)| !examples.is_empty());
    lists
        .map(|(name, examples)| format!("\n{name}:\n{}", examples.iter().map(line).collect::<String>()))
        .collect()
}
