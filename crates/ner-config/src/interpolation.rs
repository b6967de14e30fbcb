//! Variables in values: `${section.key}`.
//!
//! As in spaCy they are replaced in the text of a value before it is read as JSON, so a value that is one variable
//! takes over the type of what it refers to.

use crate::document::find;
use crate::syntax::json;
use crate::syntax::sections::{Sections, Text, interpret};
use crate::{ConfigError, Table, Value};

const MAX_DEPTH: usize = 10;

/// Marks a reference to a whole section until all values are known. Not a character, so no document holds it.
const SECTION: &str = "\u{fdd0}section:";

/// The tree of `sections` with every variable replaced.
pub(crate) fn interpolate(sections: &Sections) -> Result<Table, ConfigError> {
    let root = sections.tree(|section, key, text| {
        let variables = Variables { sections, path: format!("{section}.{key}") };
        variables.replace(section, key, text).map(|text| interpret(&text))
    })?;
    let mut open = Vec::new();
    root.iter().map(|(name, value)| Ok((name.clone(), resolve(&root, value, name, &mut open)?))).collect()
}

struct Variables<'a> {
    sections: &'a Sections,
    /// The key whose value is being made, for errors.
    path: String,
}

impl Variables<'_> {
    fn replace(&self, section: &str, key: &str, text: &Text) -> Result<String, ConfigError> {
        let mut pieces = Vec::new();
        self.expand(section, key, &text.text, 1, &mut pieces)?;
        match pieces.len() {
            1 => Ok(pieces.remove(0)),
            _ => Ok(pieces.iter().map(|piece| unquote(piece)).collect()),
        }
    }

    /// Cuts `text`, the value of `key` in `section`, into its literal parts and the texts of its variables.
    fn expand(
        &self,
        section: &str,
        key: &str,
        text: &str,
        depth: usize,
        pieces: &mut Vec<String>,
    ) -> Result<(), ConfigError> {
        if depth > MAX_DEPTH {
            return Err(self.error(format!("more than {MAX_DEPTH} variables in a row, at `{section}.{key}`")));
        }
        let mut rest = text;
        while let Some(dollar) = rest.find('$') {
            if dollar > 0 {
                pieces.push(rest[..dollar].to_owned());
            }
            let after = &rest[dollar + 1..];
            if let Some(after) = after.strip_prefix('$') {
                pieces.push("$".to_owned());
                rest = after;
                continue;
            }
            let variable = after.strip_prefix('{').and_then(|after| after.split_once('}'));
            let Some((name, after)) = variable.filter(|(name, _)| !name.is_empty()) else {
                return Err(self.error(format!(
                    "expected `$$` or a variable such as `${{paths.train}}`, found `${after}`"
                )));
            };
            self.expand_variable(section, key, name, depth, pieces)?;
            rest = after;
        }
        if !rest.is_empty() {
            pieces.push(rest.to_owned());
        }
        Ok(())
    }

    fn expand_variable(
        &self,
        section: &str,
        key: &str,
        name: &str,
        depth: usize,
        pieces: &mut Vec<String>,
    ) -> Result<(), ConfigError> {
        let path = name.replace(':', ".");
        let (target, option) = path.rsplit_once('.').unwrap_or((section, &path));
        let is_local = !path.contains('.');
        let own_text = || self.sections.text(section, key).map(|own| own.text.trim());
        let value = self
            .sections
            .text(target, option)
            .filter(|value| !is_local || own_text() != Some(value.text.trim()));
        match value {
            Some(value) if value.text.contains('$') => {
                self.expand(target, option, &value.text, depth + 1, pieces)
            }
            Some(value) => {
                pieces.push(value.text.clone());
                Ok(())
            }
            None if self.sections.sections.contains_key(&path) => {
                pieces.push(format!("\"{SECTION}{path}\""));
                Ok(())
            }
            None => {
                Err(self.error(format!("`${{{name}}}` refers to no value and no section of this document")))
            }
        }
    }

    fn error(&self, message: String) -> ConfigError {
        ConfigError::Variable { path: self.path.clone(), message }
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
