//! `cargo xtask convert`: what `ner convert` does, without building the models.

use std::path::{Path, PathBuf};

use anyhow::Result;
use ner_formats::convert::{ConvertError, ConvertOptions, Converter, FileType, Output, convert_path};

/// Arguments of `cargo xtask convert`; the options are those of `spacy convert`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Input file or directory.
    input: PathBuf,
    /// Output directory; `-` writes text to stdout.
    #[arg(default_value = "-")]
    output_dir: PathBuf,
    /// Type of data to produce: spacy, json or jsonl.
    #[arg(short = 't', long, default_value = "spacy")]
    file_type: FileType,
    /// Number of sentences per document (0 to disable).
    #[arg(short, long, default_value_t = 1)]
    n_sents: usize,
    /// Segment sentences (token-per-line formats).
    #[arg(short, long)]
    seg_sents: bool,
    /// Pipeline to segment sentences with; not available yet.
    #[arg(short = 'b', long, visible_alias = "base")]
    model: Option<String>,
    /// Append morphology to tags (CoNLL-U).
    #[arg(short, long)]
    morphology: bool,
    /// Merge CoNLL-U subtokens.
    #[arg(short = 'T', long)]
    merge_subtokens: bool,
    /// Converter: auto, conllubio, conllu, conll, ner, iob, json, jsonl or spacy.
    #[arg(short, long, default_value = "auto", value_parser = parse_converter)]
    converter: Choice,
    /// JSON file that maps labels to labels, or to "" for none (CoNLL-U).
    #[arg(long, visible_alias = "nm")]
    ner_map: Option<PathBuf>,
    /// Language, where texts come without tokens.
    #[arg(short, long, default_value = "en")]
    lang: String,
    /// Concatenate output to a single file.
    #[arg(short = 'C', long)]
    concatenate: bool,
}

/// The converter that was named; none for `auto`.
#[derive(Copy, Clone)]
struct Choice(Option<Converter>);

fn parse_converter(name: &str) -> Result<Choice, ConvertError> {
    if name == "auto" { Ok(Choice(None)) } else { name.parse().map(|converter| Choice(Some(converter))) }
}

/// Converts, and tells on stdout what it did; on stderr if the documents themselves go to stdout.
#[expect(clippy::print_stdout, clippy::print_stderr, reason = "a chore talks to whoever runs it")]
pub(crate) fn run(args: &Args) -> Result<()> {
    let options = args.options();
    if args.output_dir == Path::new("-") {
        let output = Output::Stream(&mut std::io::stdout());
        convert_path(&args.input, output, &options, &mut |message| eprintln!("{message}"))?;
    } else {
        let output = Output::Directory(&args.output_dir);
        convert_path(&args.input, output, &options, &mut |message| println!("{message}"))?;
    }
    Ok(())
}

impl Args {
    fn options(&self) -> ConvertOptions {
        ConvertOptions {
            file_type: self.file_type,
            n_sents: self.n_sents,
            seg_sents: self.seg_sents,
            model: self.model.clone(),
            morphology: self.morphology,
            merge_subtokens: self.merge_subtokens,
            converter: self.converter.0,
            ner_map: self.ner_map.clone(),
            lang: self.lang.clone(),
            concatenate: self.concatenate,
            ..ConvertOptions::default()
        }
    }
}
