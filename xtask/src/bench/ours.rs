use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use ner_tokenizer::Tokenizer;
use ner_vocab::Vocab;
use serde_json::Value;

/// The entities of a text: start and end in characters, and label.
pub(super) type Entities = Vec<(u64, u64, String)>;

/// How a training run went.
pub(super) struct Training {
    pub(super) seconds: f64,
    pub(super) words_per_second: f64,
    pub(super) peak_megabytes: f64,
    /// Seconds since the beginning of the command, and F.
    pub(super) evaluations: Vec<(f64, f64)>,
}

impl Training {
    pub(super) fn best_f(&self) -> f64 {
        self.evaluations.iter().map(|evaluation| evaluation.1).fold(0.0, f64::max)
    }

    /// When it had first reached an F, if it did.
    pub(super) fn seconds_to(&self, f: f64) -> Option<f64> {
        self.evaluations.iter().find(|evaluation| evaluation.1 >= f).map(|evaluation| evaluation.0)
    }
}

/// Whether a pipeline has a pretrained encoder, whose precision can be chosen.
pub(super) fn has_encoder(model: &Path) -> Result<bool> {
    let path = model.join("config.cfg");
    let config = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    Ok(config.contains("transformers."))
}

/// The program, and a folder for its output.
pub(super) struct Ner {
    program: PathBuf,
    folder: tempfile::TempDir,
}

impl Ner {
    pub(super) fn new(program: &Path) -> Result<Ner> {
        let program = program.canonicalize().with_context(|| {
            format!("{}: build it with `cargo build --release -p ner-cli`", program.display())
        })?;
        Ok(Ner { program, folder: tempfile::tempdir()? })
    }

    pub(super) fn megabytes(&self) -> Result<f64> {
        Ok(fs::metadata(&self.program)?.len() as f64 / 1e6)
    }

    /// Seconds from the beginning of the process to its end after one short text.
    pub(super) fn start(&self, model: &Path) -> Result<f64> {
        let text = self.folder.path().join("text.txt");
        fs::write(&text, "Angela Merkel flew to Paris on Monday.")?;
        let mut command = Command::new(&self.program);
        command.arg("apply").arg(model).arg(text).arg("-");
        Ok(Run::of(command)?.seconds)
    }

    /// Seconds of the whole command, and the entities of each text.
    pub(super) fn predict(
        &self,
        model: &Path,
        texts: &Path,
        threads: u32,
        precision: &str,
    ) -> Result<(f64, Vec<Entities>)> {
        let output = self.folder.path().join("entities.jsonl");
        let mut command = Command::new(&self.program);
        command.arg("apply").arg(model).arg(texts).arg(&output).arg("--force");
        let seconds =
            Run::of(command.args(["--threads", &threads.to_string(), "--precision", precision]))?.seconds;
        let file = BufReader::new(fs::File::open(output)?);
        Ok((seconds, file.lines().map(|line| entities(&line?)).collect::<Result<_>>()?))
    }

    pub(super) fn train(
        &self,
        config: &Path,
        train: &Path,
        dev: &Path,
        max_steps: Option<u32>,
    ) -> Result<Training> {
        let output = self.folder.path().join("output");
        let mut command = Command::new(&self.program);
        command.arg("train").arg(config).arg("--output").arg(&output).args(["--threads", "2"]);
        command.arg("--paths.train").arg(train).arg("--paths.dev").arg(dev);
        if let Some(steps) = max_steps {
            command.args(["--training.max_steps", &steps.to_string()]);
        }
        // Words, seconds and scores are fields of log lines, which are not shown by default.
        let run = Run::of(command.env("RUST_LOG", "ner_training=info"))?;
        Ok(Training {
            seconds: run.seconds,
            words_per_second: run.figure("words")? / run.figure("update_seconds")?,
            peak_megabytes: run.peak_megabytes,
            evaluations: run.figures("score").map(|(at, f)| Ok((at, f?))).collect::<Result<_>>()?,
        })
    }
}

fn entities(line: &str) -> Result<Entities> {
    let record: Value = serde_json::from_str(line)?;
    let entities = record["ents"].as_array().context("a line has no entities")?;
    let entity = |entity: &Value| {
        let offset = |key: &str| entity[key].as_u64();
        Some((offset("start")?, offset("end")?, entity["label"].as_str()?.to_owned()))
    };
    entities.iter().map(entity).collect::<Option<_>>().context("an entity has no start, end or label")
}

/// A command that has ended well.
struct Run {
    seconds: f64,
    peak_megabytes: f64,
    /// The lines that it wrote to stderr, each with the seconds since the start.
    lines: Vec<(f64, String)>,
}

impl Run {
    fn of(mut command: impl std::borrow::BorrowMut<Command>) -> Result<Run> {
        let command = command.borrow_mut();
        let start = Instant::now();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
        let pipe = BufReader::new(child.stderr.take().context("stderr is piped")?);
        // Read meanwhile: a full pipe would halt the program, and each line needs its time.
        let reader = thread::spawn(move || {
            let line = |line: std::io::Result<String>| Ok((start.elapsed().as_secs_f64(), line?));
            pipe.lines().map(line).collect::<std::io::Result<Vec<_>>>()
        });
        let mut peak_megabytes = 0.0;
        let status = loop {
            // The system forgets the figure with the process, so the last one that was seen counts.
            peak_megabytes = peak(&child).unwrap_or(peak_megabytes);
            if let Some(status) = child.try_wait()? {
                break status;
            }
            thread::sleep(Duration::from_millis(1));
        };
        let seconds = start.elapsed().as_secs_f64();
        let Ok(lines) = reader.join() else { bail!("stderr could not be read") };
        let lines = lines?;
        let stderr = || lines.iter().map(|(_, line)| line.as_str()).collect::<Vec<_>>().join("\n");
        ensure!(status.success(), "{command:?} failed:\n{}", stderr());
        Ok(Run { seconds, peak_megabytes, lines })
    }

    /// The figures that the program has logged as `name=figure`, and after how many seconds.
    fn figures(&self, name: &str) -> impl DoubleEndedIterator<Item = (f64, Result<f64>)> {
        self.lines.iter().filter_map(move |(at, line)| {
            let figure =
                line.split_whitespace().find_map(|word| word.strip_prefix(name)?.strip_prefix('='))?;
            Some((*at, figure.parse().with_context(|| line.clone())))
        })
    }

    /// The last of them.
    fn figure(&self, name: &str) -> Result<f64> {
        let (_, figure) =
            self.figures(name).next_back().with_context(|| format!("the program logged no {name}"))?;
        figure
    }
}

/// The peak memory of a process so far, in MB; `None` where the system does not report it.
fn peak(child: &Child) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<f64>().ok()? / 1024.0)
}

/// The number of words that the pipeline's tokenizer finds in texts.
pub(super) fn count_words(model: &Path, texts: &Path) -> Result<usize> {
    let vocab = Arc::new(Vocab::new("en").context("English is a language")?);
    // The rules are the pipeline's own; the vocabulary's language does not change where they split.
    let tokenizer = Tokenizer::from_bytes(vocab, &fs::read(model.join("tokenizer"))?)?;
    read_texts(texts)?.iter().map(|text| Ok(tokenizer.tokenize(text)?.len())).sum()
}

/// Words a second of the English tokenizer.
pub(super) fn tokenize(texts: &Path) -> Result<f64> {
    let vocab = Arc::new(Vocab::new("en").context("English is a language")?);
    let tokenizer = Tokenizer::for_language(vocab)?;
    let texts = read_texts(texts)?;
    let start = Instant::now();
    let n_words: usize = texts.iter().map(|text| Ok(tokenizer.tokenize(text)?.len())).sum::<Result<_>>()?;
    Ok(n_words as f64 / start.elapsed().as_secs_f64())
}

fn read_texts(path: &Path) -> Result<Vec<String>> {
    let content = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    if path.extension().is_none_or(|suffix| suffix != "jsonl") {
        // Not `lines`, which takes a carriage return away: spacy.py keeps it.
        return Ok(content.split('\n').map(str::to_owned).collect());
    }
    let text = |line: &str| {
        let record: Value = serde_json::from_str(line)?;
        record["text"].as_str().map(str::to_owned).context("a record has no text")
    };
    content.lines().map(text).collect()
}
