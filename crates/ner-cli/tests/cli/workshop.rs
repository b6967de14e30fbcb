use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use tempfile::TempDir;

/// A folder to run commands in, which is gone at the end.
pub(crate) struct Workshop(TempDir);

/// Variables that would change what a command does.
const ENVIRONMENT: [&str; 15] = [
    "SPACY_CONFIG_OVERRIDES",
    "RUST_LOG",
    "NER_MODELS",
    "NER_ENCODERS",
    "VIRTUAL_ENV",
    "CONDA_PREFIX",
    "HF_HOME",
    "HF_HUB_CACHE",
    "HF_ENDPOINT",
    "HF_TOKEN",
    "http_proxy",
    "https_proxy",
    "HTTPS_PROXY",
    "all_proxy",
    "ALL_PROXY",
];

/// What became of a command.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Workshop {
    pub(crate) fn new() -> Workshop {
        Workshop(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), content).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// `ner` with arguments that have a space between them.
    pub(crate) fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ner"));
        command.current_dir(self.0.path()).args(arguments.split_whitespace());
        for variable in ENVIRONMENT {
            command.env_remove(variable);
        }
        // No encoder is found that the machine happens to have.
        command.env("XDG_CACHE_HOME", self.0.path().join("cache"));
        command.stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, arguments: &str) -> Run {
        self.command(arguments).output().unwrap().into()
    }

    pub(crate) fn run_with_input(&self, arguments: &str, input: impl AsRef<[u8]>) -> Run {
        let mut command = assert_cmd::Command::from_std(self.command(arguments));
        command.write_stdin(input.as_ref()).output().unwrap().into()
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Run {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Run { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

impl Run {
    #[track_caller]
    pub(crate) fn succeeded(self) -> Run {
        assert_eq!(self.code, Some(0), "{}\n{}", self.stdout, self.stderr);
        self
    }
}

/// Options that make a run of training short: a small network and 21 steps.
pub(crate) const SHORT: &str = "--components.tok2vec.model.encode.width=16 \
    --components.tok2vec.model.encode.depth=1 --components.tok2vec.model.embed.rows=[200,100,100,100] \
    --components.ner.model.hidden_width=16 --training.optimizer.learn_rate=0.02 \
    --training.max_steps 20 --training.eval_frequency 10";

/// Where a pipeline was trained that knows the people and places of [`annotated_lines`].
pub(crate) fn trained() -> &'static Workshop {
    static TRAINED: OnceLock<Workshop> = OnceLock::new();
    TRAINED.get_or_init(|| {
        let workshop = Workshop::new();
        workshop.write("train.jsonl", annotated_lines());
        workshop.run("init config config.toml").succeeded();
        let paths = "--paths.train train.jsonl --paths.dev train.jsonl";
        workshop.run(&format!("train config.toml --output output {paths} {SHORT}")).succeeded();
        workshop
    })
}

pub(crate) fn model() -> String {
    trained().path("output/model-best").display().to_string()
}

/// Every third sentence has no entity, the others a person and a place.
pub(crate) fn annotated_lines() -> String {
    let people = ["Ada", "Grace", "Alan", "Barbara", "Edsger", "Donald"];
    let places = ["London", "Paris", "Oslo", "Rome", "Vienna"];
    let mut lines = String::new();
    for person in people {
        for place in places {
            let (middle, start) = (person.len(), person.len() + " lives in ".len());
            let end = start + place.len();
            lines += &format!(
                "{{\"text\": \"{person} lives in {place} .\", \
                 \"entities\": [[0, {middle}, \"PERSON\"], [{start}, {end}, \"GPE\"]]}}\n"
            );
        }
        lines += "{\"text\": \"It rains a lot there .\", \"entities\": []}\n";
    }
    lines
}

/// Every file below a folder with its content, in order.
pub(crate) fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => {
                    files.push((path.strip_prefix(folder).unwrap().to_owned(), fs::read(&path).unwrap()))
                }
            }
        }
    }
    files.sort();
    files
}
