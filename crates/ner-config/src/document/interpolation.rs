//! Variables in values: `${section.key}`.
//!
//! As in spaCy they are replaced in the text of a value before it is read as JSON, so a value that is one variable
//! takes over the type of what it refers to.

use std::cell::Cell;

use super::syntax::json;
use super::syntax::sections::{Sections, interpret};
use crate::problems::Problems;
use crate::{ConfigError, Table, Value, path};

/// How many variables may lead to each other: the limit of Python's `configparser`, so that the same files are refused.
const MAX_DEPTH: usize = 10;

/// Bytes of text and values that all variables together may produce. Configs need less than a thousandth of it; but ten
/// values that refer to each other ten times each would fill any memory, within [`MAX_DEPTH`].
const MAX_BYTES: usize = 4 << 20;

/// Marks a reference to a whole section until all values are known. U+FDD0 is reserved for such use, so no document
/// holds it.
const SECTION: &str = "\u{fdd0}section:";

/// The tree of `sections` with every variable replaced; one that cannot be is a problem, and null.
pub(crate) fn interpolate(sections: &Sections, problems: &mut Problems) -> Table {
    let budget = Budget(Cell::new(MAX_BYTES));
    // Two passes: a section that a variable names may itself hold variables, and is known only after the first.
    let root = sections.tree(|section, key, text| {
        let place = Place { section, key };
        let variables = Variables { sections, place, pieces: Vec::new(), budget: &budget };
        let replaced = if budget.is_spent() { Ok(String::new()) } else { variables.replace(&text.text) };
        problems.check(replaced).map_or(Value::Null, |text| interpret(&text))
    });
    let mut references = References { root: &root, open: Vec::new(), budget: &budget, problems };
    root.iter().map(|(name, value)| (name.clone(), references.resolve(value, name))).collect()
}

/// The unspent part of [`MAX_BYTES`].
struct Budget(Cell<usize>);

impl Budget {
    fn take(&self, n_bytes: usize) -> Result<(), String> {
        // One more than its bytes: an empty piece takes time too.
        match self.0.get().checked_sub(n_bytes + 1) {
            Some(left) => {
                self.0.set(left);
                Ok(())
            }
            None => {
                self.0.set(0);
                let limit = MAX_BYTES >> 20;
                Err(format!(
                    "variables make more than {limit} MiB of this document; values refer to others too often"
                ))
            }
        }
    }

    /// Whether the limit was reached, which one message says for all values.
    fn is_spent(&self) -> bool {
        self.0.get() == 0
    }
}

/// The place of a text in the document.
#[derive(Clone, Copy)]
struct Place<'a> {
    section: &'a str,
    key: &'a str,
}

/// One value, cut into its literal parts and the texts of its variables.
struct Variables<'a> {
    sections: &'a Sections,
    place: Place<'a>,
    pieces: Vec<String>,
    budget: &'a Budget,
}

impl<'a> Variables<'a> {
    fn replace(mut self, text: &str) -> Result<String, ConfigError> {
        self.expand(self.place, text, 1)?;
        match self.pieces.len() {
            1 => Ok(self.pieces.remove(0)),
            _ => Ok(self.pieces.iter().map(|piece| unquote(piece)).collect()),
        }
    }

    fn expand(&mut self, place: Place, text: &str, depth: usize) -> Result<(), ConfigError> {
        if depth > MAX_DEPTH {
            let Place { section, key } = place;
            return Err(self.error(format!("more than {MAX_DEPTH} variables in a row, at `{section}.{key}`")));
        }
        let mut rest = text;
        while let Some((literal, after)) = rest.split_once('$') {
            self.push_literal(literal)?;
            rest = match after.strip_prefix('$') {
                Some(after) => {
                    self.push("$")?;
                    after
                }
                None => self.expand_variable(place, after, depth)?,
            };
        }
        self.push_literal(rest)
    }

    /// Replaces the variable whose `$` comes before `text`, and returns the rest of the text.
    fn expand_variable<'t>(
        &mut self,
        place: Place,
        text: &'t str,
        depth: usize,
    ) -> Result<&'t str, ConfigError> {
        let variable = text.strip_prefix('{').and_then(|text| text.split_once('}'));
        let Some((name, rest)) = variable.filter(|(name, _)| !name.is_empty()) else {
            let message = format!("expected `$$` or a variable such as `${{paths.train}}`, found `${text}`");
            return Err(self.error(message));
        };
        // `${section:key}` is how configparser writes it, `${section.key}` how spaCy does.
        let path = name.replace(':', ".");
        let (section, key) = path.rsplit_once('.').unwrap_or((place.section, &path));
        match self.text(Place { section, key }, place, !path.contains('.')) {
            Some(value) if value.contains('$') => self.expand(Place { section, key }, value, depth + 1)?,
            Some(value) => self.push(value)?,
            None if self.sections.sections.contains_key(&path) => {
                self.push(&format!("\"{SECTION}{path}\""))?
            }
            None => {
                let message = format!("`${{{name}}}` refers to no value and no section of this document");
                return Err(self.error(message));
            }
        }
        Ok(rest)
    }

    /// The text of a value. A local variable, `${key}`, does not refer to the value in which it stands: it may then name a
    /// section.
    fn text(&self, of: Place, within: Place, is_local: bool) -> Option<&'a str> {
        let sections = self.sections;
        let text = |place: Place| Some(sections.text(place.section, place.key)?.text.as_str());
        text(of).filter(|value| !is_local || text(within).map(str::trim) != Some(value.trim()))
    }

    /// Adds the text between two variables, if there is any.
    fn push_literal(&mut self, text: &str) -> Result<(), ConfigError> {
        self.charge(text)?;
        if !text.is_empty() {
            self.pieces.push(text.to_owned());
        }
        Ok(())
    }

    /// Adds the value of a variable.
    // spaCy (confection): an empty value is a piece too, so a string beside it loses the quotes that it keeps alone.
    fn push(&mut self, piece: &str) -> Result<(), ConfigError> {
        self.charge(piece)?;
        self.pieces.push(piece.to_owned());
        Ok(())
    }

    fn charge(&self, piece: &str) -> Result<(), ConfigError> {
        self.budget.take(piece.len()).map_err(|message| self.error(message))
    }

    fn error(&self, message: String) -> ConfigError {
        ConfigError::Variable { path: format!("{}.{}", self.place.section, self.place.key), message }
    }
}

/// A piece of a longer text: strings lose their quotes, other values are written in JSON.
fn unquote(piece: &str) -> String {
    if piece.contains(SECTION) {
        return piece.to_owned();
    }
    match json::parse(piece) {
        Some(Value::String(text)) => text,
        Some(value) => value.to_string().replace('"', "\\\""),
        None => piece.to_owned(),
    }
}

/// Replaces references to sections by their contents.
struct References<'a> {
    root: &'a Table,
    /// The sections being resolved, the outermost first.
    open: Vec<String>,
    budget: &'a Budget,
    problems: &'a mut Problems,
}

impl<'a> References<'a> {
    fn resolve(&mut self, value: &'a Value, path: &str) -> Value {
        let resolved = self.try_resolve(value, path);
        let located = |message| ConfigError::Variable { path: path.to_owned(), message };
        self.problems.check(resolved.map_err(located)).unwrap_or(Value::Null)
    }

    fn try_resolve(&mut self, value: &'a Value, path: &str) -> Result<Value, String> {
        if self.budget.is_spent() {
            return Ok(Value::Null);
        }
        // What stands in the document itself is paid for by its own size; copies of sections are not.
        if !self.open.is_empty() {
            self.budget.take(size_of::<Value>() + value.as_str().map_or(0, str::len))?;
        }
        Ok(match value {
            Value::Table(table) => {
                let pairs = table
                    .iter()
                    .map(|(key, value)| (key.clone(), self.resolve(value, &format!("{path}.{key}"))));
                Value::Table(pairs.collect())
            }
            Value::List(items) => Value::List(items.iter().map(|item| self.resolve(item, path)).collect()),
            Value::String(text) if text.contains(SECTION) => self.resolve_section(text, path)?,
            value => value.clone(),
        })
    }

    fn resolve_section(&mut self, text: &str, path: &str) -> Result<Value, String> {
        let section = text.strip_prefix(SECTION).and_then(|name| Some((name, path::find(self.root, name)?)));
        let (name, section) = section.ok_or(
            "a variable inside a string or a quoted list item must refer to a value, not to a section",
        )?;
        let holds_itself = format!("{path}.").starts_with(&format!("{name}."));
        if holds_itself || self.open.iter().any(|section| section == name) {
            return Err(format!("section [{name}] contains itself"));
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(format!("more than {MAX_DEPTH} variables in a row, at [{name}]"));
        }
        self.open.push(name.to_owned());
        let value = self.resolve(section, name);
        self.open.pop();
        Ok(value)
    }
}
