use clap::ValueEnum;
use ner_vectors::{Mode, Settings};
use ner_vocab::Attribute;

use crate::failure::Usage;

/// What is learned, and how.
#[derive(clap::Args)]
pub(super) struct Options {
    /// How words find their vectors: as floret does by their parts, so that every word has one; or each word of the text has a
    /// row of a table, and others have none.
    // On BC5CDR F is 83.9 so and 82.9 with a table, on WNUT-17 there is no difference: docs/measurements.md, "More right entities".
    #[arg(short, long, value_enum, default_value = "floret")]
    mode: ModeName,
    /// Feature of a token that stands for it: ORTH, LOWER or NORM.
    #[arg(short, long, default_value = "LOWER")]
    attr: String,
    /// Length of a vector.
    #[arg(short, long, default_value_t = 100)]
    dim: usize,
    /// Passes over the text.
    #[arg(short, long, default_value_t = 5)]
    epochs: usize,
    /// Rarer words are not learned from. They get the vectors of their parts.
    #[arg(long, default_value_t = 2)]
    min_count: u64,
    /// Largest distance of a word from its context.
    #[arg(long, default_value_t = 5)]
    window: usize,
    /// Words drawn against each word of the context.
    #[arg(long, default_value_t = 5)]
    negative: usize,
    /// Shortest parts of words, in characters.
    #[arg(long, default_value_t = 3)]
    minn: usize,
    /// Longest parts of words; 0: words have no parts.
    #[arg(long, default_value_t = 6)]
    maxn: usize,
    /// Rows that the parts of words share; 50,000 unless given, and 200,000 with --mode table, where they are not saved.
    #[arg(long)]
    bucket: Option<usize>,
    /// Rows a part, 1 to 4; 2 unless given, and 1 with --mode table.
    #[arg(long)]
    hash_count: Option<usize>,
    /// Learning rate at the beginning; it falls to 0 in a line.
    #[arg(long, default_value_t = 0.05)]
    learn_rate: f32,
    /// Share of the text from which on words are left out at times.
    #[arg(long, default_value_t = 1e-4)]
    sample: f64,
    /// Seed of all draws.
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

#[derive(Copy, Clone, Debug, ValueEnum)]
enum ModeName {
    Floret,
    Table,
}

impl Options {
    pub(super) fn epochs(&self) -> usize {
        self.epochs
    }

    /// The settings, if all of them can be.
    pub(super) fn settings(&self) -> Result<Settings, Usage> {
        let (mode, bucket, hash_count) = match self.mode {
            ModeName::Floret => (Mode::Floret, 50_000, 2),
            ModeName::Table => (Mode::Table, 200_000, 1),
        };
        let settings = Settings {
            mode,
            attr: Attribute::from_name(&self.attr).map_err(|error| Usage(format!("--attr: {error}")))?,
            dim: self.dim,
            minn: self.minn,
            maxn: self.maxn,
            bucket: self.bucket.unwrap_or(bucket),
            hash_count: self.hash_count.unwrap_or(hash_count),
            window: self.window,
            negative: self.negative,
            epochs: self.epochs,
            learn_rate: self.learn_rate,
            min_count: self.min_count,
            sample: self.sample,
            seed: self.seed,
        };
        match settings.check() {
            Ok(()) => Ok(settings),
            Err(error) => Err(Usage(format!("--{}", error.to_string().replacen('_', "-", 1)))),
        }
    }
}
