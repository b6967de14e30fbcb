use std::path::PathBuf;

/// Why a pipeline cannot learn from teachers.
#[derive(Debug, thiserror::Error)]
pub enum DistillationError {
    /// The pipeline that learns has not just one recogniser.
    #[error(
        "CONFIG: expected one recogniser that learns, found {}; name the others in training.frozen_components, and \
         distil them one after the other",
        listed(found)
    )]
    Students {
        /// The recognisers that learn.
        found: Vec<String>,
    },
    /// It is not clear which recogniser of a pipeline is to teach.
    #[error(
        "TEACHER {}: expected a recogniser called {name:?}, as the one that learns is, or a single one, found {}; rename \
         the one in the config, or give a pipeline with a recogniser that runs here",
        teacher.display(), listed(found)
    )]
    Teachers {
        /// The pipeline.
        teacher: PathBuf,
        /// The recogniser that learns.
        name: String,
        /// The recognisers of the pipeline.
        found: Vec<String>,
    },
    /// Labels of a teacher are no labels of the pipeline that learns.
    #[error(
        "TEACHER {}: it knows {}, and the pipeline that learns does not: the training data have {}. Give --label-map a JSON \
         file that maps each to one of these, or to \"\" to count its entities as outside, such as {}",
        teacher.display(), listed(surplus), listed(known), example(surplus)
    )]
    Surplus {
        /// The pipeline.
        teacher: PathBuf,
        /// The labels, as the label map calls them.
        surplus: Vec<String>,
        /// The labels of the pipeline that learns.
        known: Vec<String>,
    },
    /// Labels of the pipeline that learns are none of a teacher.
    #[error(
        "TEACHER {}: it does not know {}, so that it would teach that there are none; its labels are {}. Map one of these to \
         each (--label-map), or have it learned from the training data alone: --distillation.untaught {}",
        teacher.display(), listed(missing), listed(known), quoted(missing)
    )]
    Missing {
        /// The pipeline.
        teacher: PathBuf,
        /// The labels.
        missing: Vec<String>,
        /// The labels of the teacher, as the label map calls them.
        known: Vec<String>,
    },
    /// The label map has a label that no teacher has.
    #[error("--label-map {file}: no teacher knows {}; their labels are {}", listed(labels), listed(known))]
    Unmapped {
        /// The file.
        file: String,
        /// The labels.
        labels: Vec<String>,
        /// The labels of the teachers.
        known: Vec<String>,
    },
    /// A label that is to be learned without teachers is none of the pipeline that learns.
    #[error(
        "distillation.untaught: the training data have no {}; their labels are {}",
        listed(labels),
        listed(known)
    )]
    Untaught {
        /// The labels.
        labels: Vec<String>,
        /// The labels of the pipeline that learns.
        known: Vec<String>,
    },
    /// A file of raw text has no word.
    #[error(
        "RAW {}: no text with a word was found; give raw text: .txt with a text a line, or any file that `ner convert` reads",
        file.display()
    )]
    NoWords {
        /// The file or folder.
        file: PathBuf,
    },
    /// A setting in `[distillation]` cannot work.
    #[error("distillation.{key}: {message}")]
    Setting {
        /// The key.
        key: &'static str,
        /// The expected value, and the one that was found.
        message: &'static str,
    },
    /// A run that is resumed had other teachers or texts.
    #[error(
        "the {what} are not those of the run; give those that it was begun with, in the same order, or begin the run anew"
    )]
    Other {
        /// Teachers or texts.
        what: &'static str,
    },
    /// A run of distillation is resumed as one of training, or the other way round.
    #[error("the run was begun with `ner {expected}`: resume it with that command, or begin it anew")]
    OtherCommand {
        /// The command.
        expected: &'static str,
    },
}

fn listed(names: &[String]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

fn quoted(names: &[String]) -> String {
    serde_json::to_string(names).unwrap_or_default()
}

fn example(labels: &[String]) -> String {
    let entries: Vec<String> =
        labels.iter().map(|label| format!("{}: \"\"", serde_json::json!(label))).collect();
    format!("{{{}}}", entries.join(", "))
}
