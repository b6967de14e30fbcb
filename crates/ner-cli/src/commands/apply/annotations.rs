use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{anyhow, bail};
use indicatif::ProgressBar;
use ner_doc::Doc;
use ner_pipeline::{Pipeline, PipelineError};
use serde_json::{Map, Value};

use super::inputs::{Content, Input};
use crate::failure::Interrupted;
use crate::interrupt::Interrupt;
use crate::report;

/// A document with entities, and what else its record holds.
pub(super) struct Annotated {
    pub(super) doc: Doc,
    pub(super) fields: Map<String, Value>,
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
    /// Starts to annotate. `finish` is the last step of each batch, taken on the thread that annotated it.
    pub(super) fn new(
        pipeline: Arc<Pipeline>,
        inputs: impl Iterator<Item = anyhow::Result<Vec<Input>>> + Send + 'static,
        interrupt: Interrupt,
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
                    drop(reply.send(inputs.and_then(|inputs| batch(&pipeline, inputs, &*finish))))
                });
                if is_last {
                    return;
                }
            }
        });
        Annotations { batches, reader: Some(reader), interrupt, bar: report::counter("docs") }
    }
}

fn batch<T>(
    pipeline: &Pipeline,
    inputs: Vec<Input>,
    finish: &dyn Fn(Vec<Annotated>) -> anyhow::Result<T>,
) -> anyhow::Result<Batch<T>> {
    Ok(Batch { n_docs: inputs.len(), product: finish(annotate(pipeline, inputs)?)? })
}

fn annotate(pipeline: &Pipeline, inputs: Vec<Input>) -> Result<Vec<Annotated>, PipelineError> {
    let tokenize = |Input { content, fields }| match content {
        Content::Text(text) => Ok(Annotated { doc: pipeline.tokenizer().tokenize(&text)?, fields }),
        Content::Doc(doc) => Ok(Annotated { doc, fields }),
    };
    let mut batch: Vec<Annotated> = inputs.into_iter().map(tokenize).collect::<Result<_, PipelineError>>()?;
    let mut docs: Vec<&mut Doc> = batch.iter_mut().map(|annotated| &mut annotated.doc).collect();
    pipeline.predict(&mut docs);
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
            self.bar.finish_and_clear();
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
