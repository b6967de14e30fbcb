use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use ner_doc::Doc;
use ner_formats::Place;
use ner_pipeline::{EntityScore, Pipeline};

use crate::Error;

/// A text or a document to annotate, with data of the caller's that comes back beside the result.
#[derive(Clone, Debug)]
pub struct Input<Extra> {
    /// The text or the document.
    pub content: Content,
    /// Its place, for errors.
    pub place: Place,
    /// Comes back unchanged, such as the other fields of its record.
    pub extra: Extra,
}

/// The content of an input.
#[derive(Clone, Debug)]
pub enum Content {
    /// A text, to be split into tokens.
    Text(String),
    /// Tokens, whose own annotation is kept.
    Doc(Doc),
}

/// A document with its entities.
#[derive(Clone, Debug)]
pub struct Annotated<Extra> {
    /// The document.
    pub doc: Doc,
    /// That of its input.
    pub extra: Extra,
    /// The probabilities of the entities that beams weighed, if they were asked for.
    pub scores: Vec<EntityScore>,
}

/// The options of a stream.
#[derive(Clone)]
pub struct StreamOptions {
    /// Whether to give the scores of beams.
    pub with_scores: bool,
    /// Asked about ten times a second whether to stop.
    pub is_stopped: Arc<dyn Fn() -> bool + Send + Sync>,
}

impl Default for StreamOptions {
    fn default() -> StreamOptions {
        StreamOptions { with_scores: false, is_stopped: Arc::new(|| false) }
    }
}

/// The products of batches of inputs, in their order, see [`stream`].
pub struct Stream<Product, Failure> {
    batches: Receiver<Receiver<Result<Product, Failure>>>,
    reader: Option<JoinHandle<()>>,
    is_stopped: Arc<dyn Fn() -> bool + Send + Sync>,
}

/// Batches that are read ahead for each thread: one in work and one that waits for it.
const BATCHES_PER_THREAD: usize = 2;

/// The time between two questions whether to stop.
const POLL: Duration = Duration::from_millis(100);

/// Annotates batches of inputs, and hands each batch to `finish` on the thread that annotated it.
///
/// One thread reads the inputs, and rayon's threads annotate. The reader is ahead of the consumer by a few batches at most,
/// so memory does not grow with the number of inputs. An error of the inputs, a text that cannot be split, or a panic on one
/// of the threads ends the stream with an error; when the stream is dropped, the reader ends at its next batch.
pub fn stream<Extra, Product, Failure>(
    pipeline: Arc<Pipeline>,
    inputs: impl Iterator<Item = Result<Vec<Input<Extra>>, Failure>> + Send + 'static,
    options: StreamOptions,
    finish: impl Fn(Vec<Annotated<Extra>>) -> Result<Product, Failure> + Send + Sync + 'static,
) -> Stream<Product, Failure>
where
    Extra: Send + 'static,
    Product: Send + 'static,
    Failure: From<Error> + Send + 'static,
{
    let (queue, batches) = sync_channel(BATCHES_PER_THREAD * rayon::current_num_threads());
    let finish = Arc::new(finish);
    let with_scores = options.with_scores;
    // Not one of rayon's threads: a reader that waits for input or for room would hold up a worker.
    let reader = thread::spawn(move || {
        for inputs in inputs {
            let is_last = inputs.is_err();
            // Room for the one reply: a worker goes on to the next batch before the consumer has taken it.
            let (reply, answer) = sync_channel(1);
            // Queued before work begins: products keep the inputs' order, and a full queue halts the reader.
            if queue.send(answer).is_err() {
                return;
            }
            let (pipeline, finish) = (pipeline.clone(), finish.clone());
            rayon::spawn(move || {
                let product = inputs.and_then(|inputs| finish(annotate(&pipeline, with_scores, inputs)?));
                // The reply finds no receiver if the consumer has given up in the meantime.
                drop(reply.send(product));
            });
            if is_last {
                return;
            }
        }
    });
    Stream { batches, reader: Some(reader), is_stopped: options.is_stopped }
}

fn annotate<Extra>(
    pipeline: &Pipeline,
    with_scores: bool,
    inputs: Vec<Input<Extra>>,
) -> Result<Vec<Annotated<Extra>>, Error> {
    let tokenize = |Input { content, place, extra }| {
        let doc = match content {
            Content::Text(text) => pipeline
                .tokenizer()
                .tokenize(&text)
                .map_err(|source| Error::Text { place: place.to_string(), source })?,
            Content::Doc(doc) => doc,
        };
        Ok(Annotated { doc, extra, scores: Vec::new() })
    };
    let mut batch: Vec<Annotated<Extra>> = inputs.into_iter().map(tokenize).collect::<Result<_, Error>>()?;
    if with_scores {
        for annotated in &mut batch {
            annotated.scores = pipeline.predict_with_scores(&mut annotated.doc)?;
        }
    } else {
        let mut docs: Vec<&mut Doc> = batch.iter_mut().map(|annotated| &mut annotated.doc).collect();
        pipeline.predict(&mut docs)?;
    }
    Ok(batch)
}

impl<Product, Failure: From<Error>> Stream<Product, Failure> {
    /// Waits for a message; `None` if none can come any more.
    fn wait<Message>(&self, messages: &Receiver<Message>) -> Result<Option<Message>, Failure> {
        loop {
            if (self.is_stopped)() {
                return Err(Error::Interrupted.into());
            }
            // A channel cannot wait for a flag as well, so it wakes up to look.
            match messages.recv_timeout(POLL) {
                Ok(message) => return Ok(Some(message)),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(None),
            }
        }
    }

    fn next_product(&mut self) -> Result<Option<Product>, Failure> {
        let Some(answer) = self.wait(&self.batches)? else {
            // The queue closes at the end of the inputs and after a panic alike; joining tells which it was.
            let reader = self.reader.take().map_or(Ok(()), JoinHandle::join);
            return reader.map(|()| None).map_err(|_| Error::Thread { task: "reads" }.into());
        };
        // A worker that panics drops its sender without a reply.
        let product = self.wait(&answer)?.ok_or(Error::Thread { task: "annotates" })??;
        Ok(Some(product))
    }
}

impl<Product, Failure: From<Error>> Iterator for Stream<Product, Failure> {
    type Item = Result<Product, Failure>;

    fn next(&mut self) -> Option<Result<Product, Failure>> {
        self.next_product().transpose()
    }
}

#[cfg(test)]
mod tests {
    use std::iter;
    use std::path::Path;
    use std::sync::Once;
    use std::time::Instant;

    use super::*;
    use crate::{Config, builtin, default_device};

    type Found = Result<usize, Error>;

    fn start(
        inputs: impl Iterator<Item = Result<Vec<Input<()>>, Error>> + Send + 'static,
        finish: impl Fn(Vec<Annotated<()>>) -> Found + Send + Sync + 'static,
    ) -> Stream<usize, Error> {
        stream(pipeline(), inputs, StreamOptions::default(), finish)
    }

    fn pipeline() -> Arc<Pipeline> {
        // Rayon ends the program at a panic unless its pool has a handler, which a program sets when it starts.
        static THREADS: Once = Once::new();
        THREADS.call_once(|| {
            rayon::ThreadPoolBuilder::new().num_threads(2).panic_handler(drop).build_global().unwrap();
        });
        let config = Config::from_cfg_str("[nlp]\nlang = en\npipeline = []\n").unwrap();
        let device = default_device().unwrap();
        Arc::new(Pipeline::from_config(&config, &builtin().registry(), &device).unwrap())
    }

    fn text(number: usize) -> Result<Vec<Input<()>>, Error> {
        let (content, place) = (Content::Text(number.to_string()), Place::file(Path::new("numbers.txt")));
        Ok(vec![Input { content, place, extra: () }])
    }

    fn number(batch: Vec<Annotated<()>>) -> Found {
        Ok(batch[0].doc.text().parse().unwrap())
    }

    #[test]
    fn products_come_in_the_order_of_the_inputs() {
        let numbers: Vec<usize> = start((0..1000).map(text), number).map(Result::unwrap).collect();
        assert_eq!(numbers, (0..1000).collect::<Vec<_>>());
    }

    #[test]
    fn a_reader_that_panics_ends_the_stream_with_an_error() {
        let reading = |number| if number < 3 { text(number) } else { panic!("the reader fails") };
        let mut rest = start((0..9).map(reading), number).skip(3);
        assert_eq!(rest.next().unwrap().unwrap_err().to_string(), "the thread that reads has failed");
    }

    #[test]
    fn a_batch_that_panics_ends_the_stream_with_an_error() {
        let failing = |batch| number(batch).inspect(|&number| assert!(number != 3, "a batch fails"));
        let mut rest = start((0..9).map(text), failing).skip(3);
        assert_eq!(rest.next().unwrap().unwrap_err().to_string(), "the thread that annotates has failed");
    }

    #[test]
    fn a_stream_that_is_stopped_says_so() {
        let options = StreamOptions { is_stopped: Arc::new(|| true), ..StreamOptions::default() };
        let mut stream = super::stream(pipeline(), (0..).map(text), options, number);
        assert!(matches!(stream.next(), Some(Err(Error::Interrupted))));
    }

    #[test]
    fn the_reader_ends_when_the_stream_is_dropped() {
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
