//! `ner benchmark speed`

use std::path::PathBuf;
use std::time::Instant;

use anyhow::bail;
use clap::value_parser;
use ner_config::Registry;
use ner_corpus::CorpusError;
use ner_corpus::reader::{Corpus, ExampleSource};
use ner_cpython::{PythonRandom, SharedRandom};
use ner_doc::Doc;
use ner_pipeline::Pipeline;

use crate::device::DeviceArgs;
use crate::model::ModelArgs;
use crate::{path, report};

/// Measure how many words a second a pipeline predicts; texts are split into words before.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    model: ModelArgs,
    /// Texts: a file or directory as for `ner evaluate`.
    #[arg(value_parser = path::existing())]
    data: PathBuf,
    /// Documents in a batch; the size in the pipeline's config unless given.
    #[arg(short, long, value_parser = value_parser!(u32).range(1..))]
    batch_size: Option<u32>,
    /// Take the documents in their order, not at random.
    #[arg(long)]
    no_shuffle: bool,
    /// Batches to measure.
    // spaCy: no fewer than 30, of which a confidence interval can be made (cli/benchmark_speed.py).
    #[arg(long, default_value_t = 50, value_parser = value_parser!(u32).range(30..))]
    batches: u32,
    /// Passes over the data before anything is measured.
    #[arg(short, long, default_value_t = 3)]
    warmup: u32,
    #[command(flatten)]
    device: DeviceArgs,
}

pub(crate) fn run(args: &Args, registry: &Registry) -> anyhow::Result<()> {
    let pipeline = args.model.load(registry, &args.device.open()?)?;
    let docs = read(args, &pipeline)?;
    let batch_size = args.batch_size.map_or_else(|| pipeline.batch_size(), |size| size as usize);
    report::info(format_args!("Warming up for {} epochs...", args.warmup));
    for _ in 0..args.warmup {
        // Copies: entities that were predicted once would be presets of the next pass, and save work.
        pipeline.predict(&mut docs.clone())?;
    }
    report::info(format_args!("Benchmarking {} batches...", args.batches));
    // The same seed each time: two measurements take the same documents in the same order.
    let mut random = PythonRandom::new(0);
    let mut positions = (0..docs.len()).cycle();
    let mut speeds: Vec<f64> = Vec::new();
    for _ in 0..args.batches {
        let next = |_| match args.no_shuffle {
            true => positions.next().unwrap_or_default(),
            false => random.randbelow(docs.len() as u64) as usize,
        };
        speeds.push(speed(&pipeline, (0..batch_size).map(next).map(|index| docs[index].clone()).collect())?);
    }
    report::print(outliers(&mut speeds.clone()))?;
    report::print(mean(&speeds, &mut random))?;
    Ok(())
}

fn read(args: &Args, pipeline: &Pipeline) -> anyhow::Result<Vec<Doc>> {
    let (corpus, random) = (Corpus::new(&args.data, "DATA"), SharedRandom::new(0));
    let examples = corpus.examples(pipeline.tokenizer(), &random);
    let docs: Vec<Doc> =
        examples.map(|example| Ok(example?.predicted)).collect::<Result<_, CorpusError>>()?;
    if docs.is_empty() {
        bail!("{}: no document with words is there to measure with", args.data.display());
    }
    Ok(docs)
}

/// Words per second on one batch.
fn speed(pipeline: &Pipeline, mut docs: Vec<Doc>) -> anyhow::Result<f64> {
    let start = Instant::now();
    pipeline.predict(&mut docs)?;
    Ok(docs.iter().map(Doc::len).sum::<usize>() as f64 / start.elapsed().as_secs_f64())
}

/// How many of the values lie more than one and a half, and more than three, interquartile ranges from the quartiles.
fn outliers(values: &mut [f64]) -> String {
    values.sort_by(f64::total_cmp);
    let (first, third) = (quantile(values, 0.25), quantile(values, 0.75));
    // Tukey's fences.
    let share = |factor: f64| {
        let margin = factor * (third - first);
        let is_outside = |value: &&f64| **value < first - margin || **value > third + margin;
        100.0 * values.iter().filter(is_outside).count() as f64 / values.len() as f64
    };
    format!("Outliers: {:.1}%, extreme outliers: {:.1}%", share(1.5), share(3.0))
}

/// The value below which a share of the sorted values lies, interpolated between its neighbours as NumPy does.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let position = share * (sorted.len() - 1) as f64;
    let (below, above) = (sorted[position.floor() as usize], sorted[position.ceil() as usize]);
    below + (above - below) * position.fract()
}

// spaCy: as many as its bootstrap draws (cli/benchmark_speed.py).
const N_RESAMPLES: usize = 10_000;

/// The mean of the values, and how far the means of samples drawn from them lie around it.
fn mean(values: &[f64], random: &mut PythonRandom) -> String {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let mut resample = || {
        let drawn = values.iter().map(|_| values[random.randbelow(values.len() as u64) as usize]);
        drawn.sum::<f64>() / values.len() as f64
    };
    let mut means: Vec<f64> = (0..N_RESAMPLES).map(|_| resample()).collect();
    means.sort_by(f64::total_cmp);
    // A fortieth is cut off at each end, which leaves the middle 95 per cent.
    let (low, high) = (means[N_RESAMPLES / 40], means[N_RESAMPLES * 39 / 40]);
    format!("Mean: {mean:.1} words/s (95% CI: {:.1} +{:.1})", low - mean, high - mean)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_are_those_of_numpy() {
        let mut values = [4.0, 1.0, 2.0, 3.0, 100.0, 9.0];
        assert_eq!(outliers(&mut values), "Outliers: 16.7%, extreme outliers: 16.7%");
        assert_eq!((quantile(&values, 0.25), quantile(&values, 0.75)), (2.25, 7.75));
        assert_eq!(mean(&[5.0; 30], &mut PythonRandom::new(0)), "Mean: 5.0 words/s (95% CI: 0.0 +0.0)");
    }
}
