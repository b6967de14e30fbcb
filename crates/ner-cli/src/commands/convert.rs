//! `ner convert`

use std::io;
use std::path::PathBuf;

use ner_formats::convert::{
    ConvertError, ConvertOptions, Converter, FileType, Message, Output, convert_path,
};

use crate::{path, report};

/// Convert annotated files to spaCy's format, to its training JSON or to JSON Lines.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Input file or directory.
    input: PathBuf,
    /// Output directory; - writes text to stdout.
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
    #[arg(long)]
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

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let mut stdout = io::stdout();
    let output = match path::is_dash(&args.output_dir) {
        true => Output::Stream(&mut stdout),
        false => Output::Directory(&args.output_dir),
    };
    Ok(convert_path(&args.input, output, &args.options(), &mut |message: Message| report::line(message))?)
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
