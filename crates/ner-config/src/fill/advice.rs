//! What to do with an argument that does not belong where it stands.

use super::named::function_of;
use crate::path::{find, join};
use crate::{ConfigError, Function, Kind, Registry, Table, Value};

/// Settings of components and their models that circulate in answers and mean nothing where they are put; with what was
/// meant.
const CIRCULATING: [(&str, &str); 10] = [
    (
        "config",
        "it is an argument of nlp.add_pipe in Python; in a file its keys stand in the component's own section",
    ),
    (
        "spans_key",
        "it belongs to spancat, which writes groups of spans; a recogniser writes entities: delete it",
    ),
    (
        "use_gold_spans",
        "no component has it; if gold tokens are meant, set gold_preproc = true in [corpora.train], else delete it",
    ),
    (
        "use_gold_ents",
        "it belongs to entity_linker, which links entities that are there; a recogniser finds them: delete it",
    ),
    (
        "learn_tokens",
        "it belongs to the parser, which can join tokens; a recogniser takes them as they are: delete it",
    ),
    ("min_action_freq", "it belongs to the parser; a recogniser learns all labels of the data: delete it"),
    ("multitasks", "it was an experiment of older versions of spaCy: delete it"),
    (
        "labels",
        "they come from the data, or from a file that [initialize.components.NAME.labels] reads: move it there",
    ),
    (
        "batch_size",
        "batches of training are made in [training.batcher], those of prediction by batch_size in [nlp]: move it there",
    ),
    ("dropout", "it is a setting of training: move it to [training]"),
];

/// The same for the functions that make batches.
const CIRCULATING_IN_BATCHERS: [(&str, &str); 1] = [(
    "max_words",
    "a batch is bounded by `size`; for batch_by_padded in words, padding included: rename it",
)];

/// The document, to look around from a block.
pub(super) struct Advice<'a> {
    pub(super) root: &'a Table,
    pub(super) registry: &'a Registry,
}

impl Advice<'_> {
    /// The errors with a mend for each argument that has its place elsewhere.
    pub(super) fn on(&self, error: ConfigError) -> ConfigError {
        match error {
            ConfigError::Several(errors) => {
                ConfigError::Several(errors.into_iter().map(|error| self.on(error)).collect())
            }
            ConfigError::Key { path, function: Some(function), key, problem } => {
                let mend = self.mend(&path, &key).filter(|_| self.stands_in(&path, &key));
                let problem = mend.map_or(problem, |mend| format!("unexpected argument `{key}`: {mend}"));
                ConfigError::Key { path, function: Some(function), key, problem }
            }
            error => error,
        }
    }

    /// Whether the key is there, and not missing.
    fn stands_in(&self, path: &str, key: &str) -> bool {
        find(self.root, &join(path, key)).is_some()
    }

    fn mend(&self, path: &str, key: &str) -> Option<String> {
        let parent = path.rsplit_once('.').map(|(parent, _)| parent);
        let above = parent.and_then(|parent| Some((parent, self.function(parent)?)));
        if let Some((parent, function)) = above.filter(|(_, function)| function.has_argument(key)) {
            return Some(format!("it is an argument of {}; move it up to [{parent}]", function.name()));
        }
        if let Some((child, function)) = self.below(path).find(|(_, function)| function.has_argument(key)) {
            return Some(format!("it is an argument of {}; move it down to [{child}]", function.name()));
        }
        let function = self.function(path)?;
        let circulating: &[(&str, &str)] = match function.kind() {
            Kind::Factories | Kind::Architectures => &CIRCULATING,
            Kind::Batchers => &CIRCULATING_IN_BATCHERS,
            _ => &[],
        };
        if let Some((_, meant)) = circulating.iter().find(|(name, _)| *name == key) {
            return Some((*meant).to_owned());
        }
        let mut others = self.registry.functions().filter(|other| other.kind() == Kind::Factories);
        let other = others.find(|other| function.kind() == Kind::Factories && other.has_argument(key))?;
        Some(format!("it is an argument of the factory `{}`", other.name()))
    }

    fn function(&self, path: &str) -> Option<&Function> {
        function_of(find(self.root, path)?.as_table()?, path, self.registry).ok()?
    }

    /// The blocks inside a block, by their paths.
    fn below(&self, path: &str) -> impl Iterator<Item = (String, &Function)> {
        let block = find(self.root, path).and_then(Value::as_table);
        let paths = block.into_iter().flat_map(Table::keys).map(move |key| join(path, key));
        paths.filter_map(|path| {
            let function = self.function(&path)?;
            Some((path, function))
        })
    }
}
