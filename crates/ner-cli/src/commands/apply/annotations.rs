use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use indicatif::ProgressBar;
use ner_doc::Doc;
use ner_pipeline::{EntityScore, Pipeline};
use serde_json::{Map, Value};

use super::inputs::{Content, Input};
use crate::failure::Interrupted;
use crate::interrupt::Interrupt;

/// A document with entities, and what else its record holds.
pub(super) struct Annotated {
    pub(super) doc: Doc,
    pub(super) fields: Map<String, Value>,
    /// How sure beams are of its entities, if that was asked for.
    pub(super) scores: Vec<EntityScore>,
}

/// What becomes of batches of inputs, in their order.
///
/// One thread reads; rayon's threads annotate. The reader is ahead of the consumer by a few batches at most. Nobody
/// waits for a thread that is gone: a panic on one ends the iteration with an error, and when the iterator is
/// dropped the reader ends at its next batch.
pub(super) struct Annotations<T> {
    batches: Receiver<Receiver<anyhow::Result<Batch<T>>>>,
    reader: Option<JoinHandle<()>>,
    interrupt: Interrupt,
    bar: ProgressBar,
}

struct Batch<T> {
    n_docs: usize,
    product: T,
}

/// How many batches are read ahead for each thread.
const BATCHES_PER_THREAD: usize = 2;

/// How often a consumer that waits looks whether the user has lost patience.
const PATIENCE: Duration = Duration::from_millis(100);

impl<T: Send + 'static> Annotations<T> {
    /// Starts to annotate, with the scores of beams if `with_scores`. `bar` counts documents; `finish` is the last step of each batch, taken on the thread that annotated it.
    pub(super) fn new(
        pipeline: Arc<Pipeline>,
        with_scores: bool,
        inputs: impl Iterator<Item = anyhow::Result<Vec<Input>>> + Send + 'static,
        interrupt: Interrupt,
        bar: ProgressBar,
        finish: impl Fn(Vec<Annotated>) -> anyhow::Result<T> + Send + Sync + 'static,
    ) -> Annotations<T> {
        let (queue, batches) = sync_channel(BATCHES_PER_THREAD * rayon::current_num_threads());
        let finish = Arc::new(finish);
        let reader = thread::spawn(move || {
            for inputs in inputs {
                let is_last = inputs.is_err();
                let (reply, answer) = sync_channel(1);
                if queue.send(answer).is_err() {
                    return;
                }
                let (pipeline, finish) = (pipeline.clone(), finish.clone());
                // The reply finds no one if the consumer has given up in the meantime.
                rayon::spawn(move || {
                    drop(
                        reply.send(inputs.and_then(|inputs| batch(&pipeline, with_scores, inputs, &*finish))),
                    )
                });
                if is_last {
                    return;
                }
            }
        });
        Annotations { batches, reader: Some(reader), interrupt, bar }
    }
}

fn batch<T>(
    pipeline: &Pipeline,
    with_scores: bool,
    inputs: Vec<Input>,
    finish: &dyn Fn(Vec<Annotated>) -> anyhow::Result<T>,
) -> anyhow::Result<Batch<T>> {
    Ok(Batch { n_docs: inputs.len(), product: finish(annotate(pipeline, with_scores, inputs)?)? })
}

fn annotate(pipeline: &Pipeline, with_scores: bool, inputs: Vec<Input>) -> anyhow::Result<Vec<Annotated>> {
    let tokenize = |Input { content, place, fields }| {
        let doc = match content {
            Content::Text(text) => pipeline.tokenizer().tokenize(&text).with_context(|| place.to_string())?,
            Content::Doc(doc) => doc,
        };
        Ok(Annotated { doc, fields, scores: Vec::new() })
    };
    let mut batch: Vec<Annotated> = inputs.into_iter().map(tokenize).collect::<anyhow::Result<_>>()?;
    if with_scores {
        for annotated in &mut batch {
            annotated.scores = pipeline.predict_with_scores(&mut annotated.doc);
        }
    } else {
        let mut docs: Vec<&mut Doc> = batch.iter_mut().map(|annotated| &mut annotated.doc).collect();
        pipeline.predict(&mut docs);
    }
    Ok(batch)
}

impl<T> Annotations<T> {
    /// Waits for a message; `None` if none can come any more.
    fn wait<M>(&self, messages: &Receiver<M>) -> anyhow::Result<Option<M>> {
        loop {
            if self.interrupt.is_raised() {
                bail!(Interrupted);
            }
            match messages.recv_timeout(PATIENCE) {
                Ok(message) => return Ok(Some(message)),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(None),
            }
        }
    }

    fn next_product(&mut self) -> anyhow::Result<Option<T>> {
        let Some(answer) = self.wait(&self.batches)? else {
            let reader = self.reader.take().map_or(Ok(()), JoinHandle::join);
            return reader.map(|()| None).map_err(|_| anyhow!("the thread that reads has failed"));
        };
        let batch = self.wait(&answer)?.ok_or_else(|| anyhow!("a thread that annotates has failed"))??;
        self.bar.inc(batch.n_docs as u64);
        Ok(Some(batch.product))
    }
}

impl<T> Iterator for Annotations<T> {
    type Item = anyhow::Result<T>;

    fn next(&mut self) -> Option<anyhow::Result<T>> {
        self.next_product().transpose()
    }
}

#[cfg(test)]
mod tests {
    use std::iter;
    use std::path::Path;
    use std::sync::Once;
    use std::time::Instant;

    use ner_config::Document;
    use ner_formats::Place;

    use super::*;
    use crate::{builtin, device};

    fn start<T: Send + 'static>(
        inputs: impl Iterator<Item = anyhow::Result<Vec<Input>>> + Send + 'static,
        finish: impl Fn(Vec<Annotated>) -> anyhow::Result<T> + Send + Sync + 'static,
    ) -> Annotations<T> {
        static THREADS: Once = Once::new();
        THREADS.call_once(|| device::start_threads(2).unwrap());
        let config = Document::from_cfg_str("[nlp]\nlang = en\npipeline = []\n").unwrap();
        let pipeline =
            Pipeline::from_config(&config, &builtin().registry(), &device::first().unwrap()).unwrap();
        Annotations::new(
            Arc::new(pipeline),
            false,
            inputs,
            Interrupt::default(),
            ProgressBar::hidden(),
            finish,
        )
    }

    fn text(number: usize) -> anyhow::Result<Vec<Input>> {
        Ok(vec![Content::Text(number.to_string()).at(Place::file(Path::new("stdin")))])
    }

    fn number(batch: Vec<Annotated>) -> anyhow::Result<usize> {
        Ok(batch[0].doc.text().parse()?)
    }

    #[test]
    fn products_come_in_the_order_of_the_inputs() {
        let numbers: Vec<usize> = start((0..1000).map(text), number).map(Result::unwrap).collect();
        assert_eq!(numbers, (0..1000).collect::<Vec<_>>());
    }

    #[track_caller]
    fn check_fourth(annotations: Annotations<usize>, problem: &str) {
        let mut rest = annotations.skip(3);
        assert_eq!(rest.next().unwrap().unwrap_err().to_string(), problem);
    }

    #[test]
    fn nobody_waits_for_a_thread_that_is_gone() {
        let reading = |number| if number < 3 { text(number) } else { panic!("the reader fails") };
        check_fourth(start((0..9).map(reading), number), "the thread that reads has failed");
        let failing = |batch| number(batch).inspect(|&number| assert!(number != 3, "a batch fails"));
        check_fourth(start((0..9).map(text), failing), "a thread that annotates has failed");
    }

    #[test]
    fn the_reader_ends_when_nobody_wants_more() {
        let witness = Arc::new(());
        let held = witness.clone();
        let mut annotations = start(iter::repeat_with(move || text(Arc::strong_count(&held))), number);
        assert!(annotations.next().is_some());
        drop(annotations);
        let start = Instant::now();
        while Arc::strong_count(&witness) > 1 {
            assert!(start.elapsed() < Duration::from_secs(60), "the reader goes on");
            thread::sleep(Duration::from_millis(1));
        }
    }
}
