//! Variables in values: `${section.key}`.
//!
//! As in spaCy they are replaced in the text of a value before it is read as JSON, so a value that is one variable
//! takes over the type of what it refers to.

use crate::document::find;
use crate::syntax::json;
use crate::syntax::sections::{Sections, interpret};
use crate::{ConfigError, Table, Value};

const MAX_DEPTH: usize = 10;

/// Marks a reference to a whole section until all values are known. Not a character, so no document holds it.
const SECTION: &str = "\u{fdd0}section:";

/// The tree of `sections` with every variable replaced.
pub(crate) fn interpolate(sections: &Sections) -> Result<Table, ConfigError> {
    let root = sections.tree(|section, key, text| {
        let variables = Variables { sections, place: Place { section, key }, pieces: Vec::new() };
        variables.replace(&text.text).map(|text| interpret(&text))
    })?;
    let mut open = Vec::new();
    root.iter().map(|(name, value)| Ok((name.clone(), resolve(&root, value, name, &mut open)?))).collect()
}

/// Where a text stands.
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
            self.push(literal);
            rest = match after.strip_prefix('$') {
                Some(after) => {
                    self.push("$");
                    after
                }
                None => self.expand_variable(place, after, depth)?,
            };
        }
        self.push(rest);
        Ok(())
    }

    /// Replaces the variable whose `$` comes before `text`, and gives what comes after it.
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
        let path = name.replace(':', ".");
        let (section, key) = path.rsplit_once('.').unwrap_or((place.section, &path));
        match self.text(Place { section, key }, place, !path.contains('.')) {
            Some(value) if value.contains('$') => self.expand(Place { section, key }, value, depth + 1)?,
            Some(value) => self.pieces.push(value.to_owned()),
            None if self.sections.sections.contains_key(&path) => self.push(&format!("\"{SECTION}{path}\"")),
            None => {
                let message = format!("`${{{name}}}` refers to no value and no section of this document");
                return Err(self.error(message));
            }
        }
        Ok(rest)
    }

    /// The text of a value. A local variable does not refer to the value in which it stands.
    fn text(&self, of: Place, within: Place, is_local: bool) -> Option<&'a str> {
        let sections = self.sections;
        let text = |place: Place| Some(sections.text(place.section, place.key)?.text.as_str());
        text(of).filter(|value| !is_local || text(within).map(str::trim) != Some(value.trim()))
    }

    fn push(&mut self, piece: &str) {
        if !piece.is_empty() {
            self.pieces.push(piece.to_owned());
        }
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

/// `value` with its references to sections replaced by what they hold. `open` are the references under way.
fn resolve(root: &Table, value: &Value, path: &str, open: &mut Vec<String>) -> Result<Value, ConfigError> {
    match value {
        Value::Table(table) => {
            let pairs = table
                .iter()
                .map(|(key, value)| Ok((key.clone(), resolve(root, value, &format!("{path}.{key}"), open)?)));
            pairs.collect::<Result<Table, _>>().map(Value::Table)
        }
        Value::List(items) => items
            .iter()
            .map(|item| resolve(root, item, path, open))
            .collect::<Result<_, _>>()
            .map(Value::List),
        Value::String(text) if text.contains(SECTION) => resolve_section(root, text, path, open),
        value => Ok(value.clone()),
    }
}

fn resolve_section(
    root: &Table,
    text: &str,
    path: &str,
    open: &mut Vec<String>,
) -> Result<Value, ConfigError> {
    let error = |message: String| ConfigError::Variable { path: path.to_owned(), message };
    let section = text.strip_prefix(SECTION).and_then(|name| Some((name, find(root, name)?)));
    let Some((name, section)) = section else {
        return Err(error(
            "a variable inside a string or a quoted list item must refer to a value, not to a section"
                .to_owned(),
        ));
    };
    let holds_itself = format!("{path}.").starts_with(&format!("{name}."));
    if holds_itself || open.iter().any(|section| section == name) {
        return Err(error(format!("section [{name}] contains itself")));
    }
    if open.len() >= MAX_DEPTH {
        return Err(error(format!("more than {MAX_DEPTH} variables in a row, at [{name}]")));
    }
    open.push(name.to_owned());
    let value = resolve(root, section, name, open);
    open.pop();
    value
}

/// Whether `text` holds a variable such as `${paths.train}`.
pub(crate) fn has_variable(text: &str) -> bool {
    let is_name = |character: char| character.is_alphanumeric() || matches!(character, '_' | '.' | ':');
    text.match_indices("${").any(|(start, _)| {
        let after = text[start + 2..].trim_start_matches(is_name);
        after.len() < text.len() - start - 2 && after.starts_with('}')
    })
}

/// Doubles each `$` that begins no `${`. Fails if a `${` is not closed.
pub(crate) fn escape_dollars(text: &str) -> Result<String, String> {
    let mut escaped = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(dollar) = rest.find('$') {
        let after = &rest[dollar + 1..];
        escaped.push_str(&rest[..=dollar]);
        match after.strip_prefix('{').map(|after| after.find('}')) {
            None => escaped.push('$'),
            Some(Some(1..)) => {}
            Some(_) => return Err(format!("`${after}` opens a variable and does not close it")),
        }
        rest = after;
    }
    escaped.push_str(rest);
    Ok(escaped)
}
