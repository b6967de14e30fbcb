use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::ours::{Entities, Training};

/// The Python program that runs and measures spaCy.
const SCRIPT: &str = include_str!("spacy.py");

/// spaCy in an interpreter, with its own choice of threads.
pub(super) struct Spacy {
    python: PathBuf,
    folder: tempfile::TempDir,
}

impl Spacy {
    pub(super) fn new(python: &Path) -> Result<Spacy> {
        let spacy = Spacy { python: python.to_owned(), folder: tempfile::tempdir()? };
        fs::write(spacy.script(), SCRIPT)?;
        Ok(spacy)
    }

    fn script(&self) -> PathBuf {
        self.folder.path().join("bench_spacy.py")
    }

    fn figures(&self, arguments: &[&Path]) -> Result<Value> {
        let mut command = Command::new(&self.python);
        command.arg(self.script()).args(arguments).stdin(Stdio::null());
        let output = command.output().with_context(|| self.python.display().to_string())?;
        let stderr = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "{command:?} failed:\n{stderr}");
        let stdout = String::from_utf8(output.stdout)?;
        // spaCy prints its training table before the script prints the figures.
        Ok(serde_json::from_str(stdout.lines().last().unwrap_or_default())?)
    }

    pub(super) fn start(&self, model: &Path) -> Result<f64> {
        figure(&self.figures(&[Path::new("start"), model])?, "seconds")
    }

    /// Words a second once the pipeline is loaded, and the entities of each text.
    pub(super) fn predict(&self, model: &Path, texts: &Path) -> Result<(f64, Vec<Entities>)> {
        let output = self.folder.path().join("entities.jsonl");
        let figures = self.figures(&[Path::new("predict"), model, texts, &output])?;
        let lines = fs::read_to_string(output)?;
        let entities = lines.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
        Ok((figure(&figures, "words")? / figure(&figures, "seconds")?, entities))
    }

    pub(super) fn tokenize(&self, texts: &Path) -> Result<f64> {
        let figures = self.figures(&[Path::new("tokenize"), texts])?;
        Ok(figure(&figures, "words")? / figure(&figures, "seconds")?)
    }

    pub(super) fn train(&self, train: &Path, dev: &Path, max_steps: Option<u32>) -> Result<Training> {
        let max_steps = max_steps.map(|steps| PathBuf::from(steps.to_string()));
        let mut arguments = vec![Path::new("train"), train, dev];
        arguments.extend(max_steps.as_deref());
        let figures = self.figures(&arguments)?;
        Ok(Training {
            seconds: figure(&figures, "seconds")?,
            words_per_second: figure(&figures, "words")? / figure(&figures, "loop_seconds")?,
            peak_megabytes: figure(&figures, "peak_mb")?,
            evaluations: serde_json::from_value(figures["evaluations"].clone())?,
        })
    }
}

fn figure(figures: &Value, name: &str) -> Result<f64> {
    figures[name].as_f64().with_context(|| format!("spaCy's script printed no {name}"))
}
