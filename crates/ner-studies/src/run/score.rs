use std::path::Path;
use std::time::Instant;

use burn::tensor::Device;
use ner_config::{Document, Kind, Registry};
use ner_corpus::CorpusError;
use ner_corpus::reader::ExampleSource;
use ner_cpython::SharedRandom;
use ner_doc::{Doc, Example};
use ner_files::FileError;
use ner_pipeline::{LoadOptions, Pipeline, PipelineFiles};
use ner_scorer::{EntityCounts, ScoreCounts};
use ner_training::{Best, HalfChoice, TrainingReport};

use super::predictions::write_predictions;
use super::{Run, RunFolder, RunScores};
use crate::StudyError;

/// Passes over the scored corpus, of whose speeds the median is reported: the first one meets all words for the first time.
const N_PASSES: usize = 3;

/// Scores the best pipeline of a run on the corpus that it is to be measured by, or what the halves of dev have chosen.
pub(super) fn score(
    run: &Run,
    config: &Document,
    report: &TrainingReport,
    folder: &RunFolder,
    registry: &Registry,
    device: &Device,
) -> Result<RunScores, StudyError> {
    let model = folder.output().join("model-best");
    let options = LoadOptions { only_predict: true, ..LoadOptions::default() };
    let pipeline = Pipeline::from_files(PipelineFiles::open(&model)?, &options, registry, device)?;
    let source: Box<dyn ExampleSource> =
        registry.build(Kind::Readers, &config.resolve()?.block(&run.scored)?)?;
    // Nothing draws from it: what is scored is read without augmenters.
    let random = SharedRandom::new(0);
    let examples = source.examples(pipeline.tokenizer(), &random);
    let mut examples: Vec<Example> = examples.collect::<Result<_, CorpusError>>()?;
    let words_per_second = predict(&pipeline, &mut examples)?;
    if run.keeps_predictions {
        write_predictions(&examples, &folder.predictions())?;
    }
    // A config may score by halves itself; a study does if it is asked to.
    let halves = report.halves.clone().filter(|_| run.by_halves);
    let labels = match &halves {
        Some(halves) => HalfChoice::labels(halves),
        None => {
            let mut counts = EntityCounts::default();
            counts.add(&examples)?;
            counts.by_label().map(|(label, counts)| (label.to_owned(), counts)).collect()
        }
    };
    let best = report.best.unwrap_or(Best { step: report.last_step, score: 0.0 });
    Ok(RunScores {
        labels,
        documents: examples.len(),
        best_step: best.step,
        halves,
        last_step: report.last_step,
        dev_score: best.score,
        size: size_of(&model)?,
        train_seconds: report.seconds,
        words_per_second,
    })
}

/// Predicts all examples, and returns the words per second.
fn predict(pipeline: &Pipeline, examples: &mut [Example]) -> Result<f64, StudyError> {
    let n_words: usize = examples.iter().map(|example| example.predicted.len()).sum();
    let before: Vec<Doc> = examples.iter().map(|example| example.predicted.clone()).collect();
    let mut speeds = Vec::new();
    for _ in 0..N_PASSES {
        // Entities that stand in a document are presets of the next prediction, which then has less to do.
        examples.iter_mut().zip(&before).for_each(|(example, doc)| example.predicted = doc.clone());
        let mut docs: Vec<&mut Doc> = examples.iter_mut().map(|example| &mut example.predicted).collect();
        let start = Instant::now();
        pipeline.predict(&mut docs)?;
        speeds.push(n_words as f64 / start.elapsed().as_secs_f64());
    }
    speeds.sort_by(f64::total_cmp);
    Ok(speeds[N_PASSES / 2])
}

fn size_of(folder: &Path) -> Result<u64, StudyError> {
    let sizes = ner_files::files_below(folder)?.into_iter();
    let sizes = sizes.map(|file| Ok(file.metadata().map_err(FileError::io(&file))?.len()));
    sizes.sum()
}
