use std::fmt;

use ner_config::{Document, Table, Value};

/// A value of a config that is another one than when the run began.
#[derive(Clone, Debug, PartialEq)]
pub struct ConfigChange {
    /// The dotted path of the value.
    pub path: String,
    /// The value when the run began; `None` if there was none.
    pub before: Option<Value>,
    /// The value now.
    pub now: Option<Value>,
}

/// What may change while a run is stopped: how long it goes on, how often it is measured and who hears of it, and where
/// its files lie, since the corpora are known again by what they hold. All else is part of what has been learned.
const MAY_CHANGE: [&str; 10] = [
    "training.max_steps",
    "training.min_steps",
    "training.max_epochs",
    "training.patience",
    "training.eval_frequency",
    "training.logger",
    "pretraining.max_epochs",
    "pretraining.n_save_epoch",
    "pretraining.n_save_every",
    "paths",
];

impl ConfigChange {
    /// All changes between two complete configs.
    pub(super) fn all(before: &Document, now: &Document) -> Vec<ConfigChange> {
        let mut changes = Vec::new();
        compare("", before.root(), now.root(), &mut changes);
        changes
    }

    /// Whether a run can go on with it.
    pub fn is_allowed(&self) -> bool {
        let is_within = |name: &str| {
            self.path.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let is_corpus_path = self.path.starts_with("corpora.") && self.path.ends_with(".path");
        (MAY_CHANGE.into_iter().any(is_within) || is_corpus_path) && !self.makes_a_stream()
    }

    /// Puts what may change into the config of a pipeline that was saved in a run.
    pub(in crate::run) fn adopt(config: &mut Document, given: &Document) {
        let corpora = given.get("corpora").and_then(Value::as_table).into_iter().flatten();
        let paths = corpora.map(|(name, _)| format!("corpora.{name}.path"));
        for path in MAY_CHANGE.map(str::to_owned).into_iter().chain(paths) {
            if let Some(value) = given.get(&path) {
                config.set(&path, value.clone());
            }
        }
    }

    /// Whether the corpus is held before and streamed now, or the other way round.
    fn makes_a_stream(&self) -> bool {
        let is_stream = |value: &Option<Value>| matches!(value, Some(Value::Integer(number)) if *number < 0);
        self.path == "training.max_epochs" && is_stream(&self.before) != is_stream(&self.now)
    }
}

impl fmt::Display for ConfigChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |value: &Option<Value>| match value {
            Some(value) => serde_json::to_string(value).unwrap_or_default(),
            None => "not there".to_owned(),
        };
        write!(f, "{} was {} and is {}", self.path, shown(&self.before), shown(&self.now))
    }
}

fn compare(path: &str, before: &Table, now: &Table, changes: &mut Vec<ConfigChange>) {
    let only_now = now.keys().filter(|key| !before.contains_key(*key));
    for key in before.keys().chain(only_now) {
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        match (before.get(key), now.get(key)) {
            (Some(Value::Table(before)), Some(Value::Table(now))) => compare(&path, before, now, changes),
            (before, now) if before != now => {
                changes.push(ConfigChange { path, before: before.cloned(), now: now.cloned() });
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(now: &str, expected: &[(&str, bool)]) {
        let before = "[paths]\ntrain = \"a\"\n[training]\nmax_steps = 10\nmax_epochs = 0\ndropout = 0.1\n\
                      [training.logger]\n\"@loggers\" = \"a\"\n[corpora.train]\npath = \"b\"\nlimit = 0\n";
        let document = |text: &str| Document::from_toml_str(text).unwrap();
        let (from, to) = now.split_once(" > ").unwrap();
        assert!(before.contains(from), "{from}");
        let changes = ConfigChange::all(&document(before), &document(&before.replace(from, to)));
        let found: Vec<_> =
            changes.iter().map(|change| (change.path.as_str(), change.is_allowed())).collect();
        assert_eq!(found, expected, "{now}");
    }

    #[test]
    fn a_run_may_go_on_longer_and_find_its_files_elsewhere() {
        check("max_steps = 10 > max_steps = 10", &[]);
        check("max_steps = 10 > max_steps = 20", &[("training.max_steps", true)]);
        check("max_epochs = 0 > max_epochs = 3", &[("training.max_epochs", true)]);
        check("max_epochs = 0 > max_epochs = -1", &[("training.max_epochs", false)]);
        check("train = \"a\" > train = \"c\"", &[("paths.train", true)]);
        check("path = \"b\" > path = \"c\"", &[("corpora.train.path", true)]);
        check("limit = 0 > limit = 1", &[("corpora.train.limit", false)]);
        check("dropout = 0.1 > dropout = 0.2", &[("training.dropout", false)]);
        check("dropout = 0.1 > patience = 1", &[("training.dropout", false), ("training.patience", true)]);
        check("\"@loggers\" = \"a\" > \"@loggers\" = \"b\"", &[("training.logger.@loggers", true)]);
    }

    #[test]
    fn a_change_says_both_values() {
        let change = ConfigChange {
            path: "training.max_steps".to_owned(),
            before: Some(Value::Integer(1)),
            now: None,
        };
        assert_eq!(change.to_string(), "training.max_steps was 1 and is not there");
    }
}
