use super::syntax::json;
use crate::hints::{did_you_mean, nearest};
use crate::{ConfigError, Document, Table, Value};

/// Values that replace those of a document, such as `--training.max_steps 200`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overrides {
    values: Table,
}

impl Overrides {
    /// Reads `--section.key value`, `--section.key=value`, and `--section.key` for true.
    ///
    /// A value is read as JSON if possible, else as a string. Fails if a name lacks the `--` or the section.
    pub fn from_args<Arg: AsRef<str>>(args: &[Arg]) -> Result<Overrides, ConfigError> {
        let mut values = Table::new();
        let mut args = args.iter().map(AsRef::as_ref).peekable();
        while let Some(arg) = args.next() {
            let error =
                |message: &str| ConfigError::Override { name: arg.to_owned(), message: message.to_owned() };
            let option = arg.strip_prefix("--").ok_or_else(|| error("expected `--section.key`"))?;
            // spaCy: only a name with a `=` may have `-` for `_` (spacy/cli/_util.py).
            let (name, value) = match option.split_once('=') {
                Some((name, value)) => (name.replace("--", "").replace('-', "_"), value),
                None => {
                    (option.replace("--", ""), args.next_if(|next| !next.starts_with("--")).unwrap_or("true"))
                }
            };
            if !name.contains('.') {
                return Err(error("expected the section before the key, as in `--training.max_steps`"));
            }
            values.insert(name, read_value(value));
        }
        Ok(Overrides { values })
    }

    /// Reads the same from one text with the quotes of a shell, as an environment variable holds it.
    pub fn from_words(text: &str) -> Result<Overrides, ConfigError> {
        let error =
            || ConfigError::Override { name: text.to_owned(), message: "a quote is not closed".to_owned() };
        Overrides::from_args(&shlex::split(text).ok_or_else(error)?)
    }

    /// These overrides and `stronger`, which win where both name the same key.
    pub fn and(mut self, stronger: Overrides) -> Overrides {
        self.values.extend(stronger.values);
        self
    }

    /// The values by dotted path.
    pub fn values(&self) -> &Table {
        &self.values
    }
}

impl From<Table> for Overrides {
    fn from(values: Table) -> Overrides {
        Overrides { values }
    }
}

fn read_value(text: &str) -> Value {
    // spaCy: leading zeros are allowed here, since ujson reads arguments, and not in files, which `json` reads.
    let digits = text.trim().trim_start_matches('-');
    let has_leading_zero = digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.trim().parse().ok().filter(|_| has_leading_zero).map(Value::Integer);
    number.or_else(|| json::parse(text)).unwrap_or_else(|| text.into())
}

impl Document {
    /// The document with the values of `overrides`. A key may be new, but its section must exist.
    pub fn with_overrides(&self, overrides: &Overrides) -> Result<Document, ConfigError> {
        let mut document = self.clone();
        for (name, value) in &overrides.values {
            let section = name.rsplit_once('.').map_or("", |(section, _)| section);
            if !matches!(self.get(section), Some(Value::Table(_))) {
                return Err(ConfigError::Override { name: name.clone(), message: self.missing(section) });
            }
            document.set(name, value.clone());
        }
        for name in overrides.values.keys().filter(|name| name.starts_with("paths.")) {
            warn_if_unread(&document, name);
        }
        Ok(document)
    }

    fn missing(&self, section: &str) -> String {
        if section.is_empty() {
            return "expected the name of a section before the key, as in `training.max_steps`".to_owned();
        }
        let mut paths = Vec::new();
        section_paths(self.root(), "", &mut paths);
        let hint = did_you_mean(nearest(section, paths.iter().map(String::as_str)));
        format!("the document has no section [{section}]{hint}")
    }
}

/// Warns of a path that no value refers to: `[paths]` has no other use.
fn warn_if_unread(document: &Document, name: &str) {
    let written = Value::from(document.root().clone()).to_string();
    let is_read =
        [format!("{{{name}}}"), format!("{{{}}}", name.replacen('.', ":", 1)), "{paths}".to_owned()];
    if !is_read.iter().any(|variable| written.contains(&format!("${variable}"))) {
        tracing::warn!(
            "The override `{name}` changes nothing: no value of the config refers to ${{{name}}}."
        );
    }
}

fn section_paths(table: &Table, parent: &str, paths: &mut Vec<String>) {
    for (name, child) in table.iter().filter_map(|(name, value)| Some((name, value.as_table()?))) {
        let path = format!("{parent}{name}");
        section_paths(child, &format!("{path}."), paths);
        paths.push(path);
    }
}
