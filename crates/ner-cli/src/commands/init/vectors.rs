//! `ner init vectors`

use std::path::PathBuf;

use clap::ValueEnum;
use ner_config::Registry;
use ner_pipeline::Pipeline;
use ner_vocab::{Attribute, PublishedVectors, ReadOptions, RowCounts, Words};

use crate::failure::Usage;
use crate::{blank, path, report};

/// Make a pipeline without components of a file of word vectors, for `initialize.vectors` of a config.
///
/// Files are text of word2vec, GloVe or fastText (.txt, .vec), binary files of word2vec or fastText (.bin), and
/// floret's tables (.floret); as they are, or packed (.gz, .zst, .zip).
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Code of the language.
    lang: String,
    /// The file of vectors.
    #[arg(value_parser = path::existing())]
    vectors_loc: PathBuf,
    /// Directory for the pipeline.
    output_dir: PathBuf,
    /// Keep the rows of this many words, and give the others the nearest of these; below 1: keep all.
    #[arg(short, long, default_value_t = -1, allow_negative_numbers = true)]
    prune: i64,
    /// Read this many rows; 0 reads all.
    #[arg(short, long, default_value_t = 0)]
    truncate: usize,
    /// How words find their rows: each has its own, or as floret does by their parts.
    #[arg(short, long, value_enum, default_value = "default")]
    mode: Mode,
    /// Name of the vectors, such as en_core_web_lg.vectors.
    #[arg(short, long)]
    name: Option<String>,
    /// Feature of a token that is looked up in floret's table, such as LOWER or NORM.
    #[arg(short, long, default_value = "ORTH")]
    attr: String,
    /// A pipeline whose tokenizer is taken, or its file `tokenizer`; for languages without rules built in.
    #[arg(long)]
    tokenizer: Option<PathBuf>,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq, ValueEnum)]
enum Mode {
    Default,
    Floret,
}

pub(crate) fn run(args: &Args, registry: &Registry) -> anyhow::Result<()> {
    let attr = args.attribute()?;
    let options = args.read_options()?;
    path::check_place_of_pipeline(&args.output_dir)?;
    report::info(format_args!("Creating blank nlp object for language \"{}\"", args.lang));
    let config = blank::config(&args.lang, args.tokenizer.as_deref(), registry)?;
    let device = ner::default_device()?;
    // Before minutes of reading: a language that cannot be had is known at once.
    Pipeline::from_config(&config, registry, &device)?;
    let published = PublishedVectors::read(&args.vectors_loc, options)?;
    tell_of(&published, args);
    let words = published.words.clone();
    let (mut vectors, counts) = published.into_vectors(attr)?;
    tell_counts(counts, &words, args);
    if args.prune >= 1 {
        vectors = vectors.prune(usize::try_from(args.prune)?)?;
    }
    let name = args.name.as_deref();
    let pipeline = blank::with_vectors(&config, vectors, words.iter(), name, registry, &device)?;
    report::good(format_args!("Successfully converted {} vectors", pipeline.vocab().vectors().n_rows()));
    blank::save(&pipeline, &args.output_dir)?;
    Ok(())
}

impl Args {
    fn attribute(&self) -> anyhow::Result<Attribute> {
        let name = if self.attr.eq_ignore_ascii_case("text") { "ORTH" } else { &self.attr };
        let attr = Attribute::from_name(name).map_err(|error| Usage(format!("--attr: {error}")))?;
        if attr != Attribute::ORTH && self.mode == Mode::Default {
            report::warn(format_args!(
                "--attr {} has no effect: spaCy's files hold the feature for floret's tables alone, and other vectors are \
                 looked up by ORTH",
                self.attr
            ));
        }
        Ok(attr)
    }

    fn read_options(&self) -> Result<ReadOptions, Usage> {
        let is_floret = self.mode == Mode::Floret;
        if is_floret && self.truncate > 0 {
            let message =
                "--truncate leaves out rows; every word needs all rows of floret's table: leave it away";
            return Err(Usage(message.to_owned()));
        }
        if is_floret && self.prune >= 1 {
            report::warn("--prune has no effect: no row of floret's table belongs to a word");
        }
        Ok(ReadOptions { truncate: Some(self.truncate).filter(|&n_rows| n_rows > 0), is_floret })
    }
}

fn tell_of(published: &PublishedVectors, args: &Args) {
    let n_rows = published.n_rows();
    report::info(format_args!("Read {n_rows} rows of {} numbers: {}", published.width, published.format));
    if let Some((name, n_files)) = published.member.as_ref().filter(|(_, n_files)| *n_files > 1) {
        report::warn(format_args!(
            "The archive holds {n_files} files, of which the first was read, {name}; unpack it to read another"
        ));
    }
    if args.truncate == 0 && published.n_promised > n_rows {
        report::warn(format_args!(
            "The header says that there are {} rows, and {n_rows} were found: if the file is not meant to be a part of \
             another, download it again",
            published.n_promised
        ));
    }
    if let (n_words, Some(first)) = published.words_with_numbers() {
        report::warn(format_args!(
            "{n_words} words have numbers in them, such as {first:?}: rows of more than {} numbers look like this",
            published.width
        ));
    }
}

fn tell_counts(counts: RowCounts, words: &Words, args: &Args) {
    if let Some([row, next]) = counts.first_repeated {
        report::warn(format_args!(
            "{}: {} rows were left out, since their words come again further down, and the last row of a word counts; the \
             first is {:?}, in rows {} and {}: delete those that are wrong",
            args.vectors_loc.display(),
            counts.n_repeated_words,
            words.get(row),
            row + 1,
            next + 1
        ));
    }
    if counts.n_shared_rows > 0 {
        report::info(format_args!("{} rows are equal to others, and are stored once", counts.n_shared_rows));
    }
}
