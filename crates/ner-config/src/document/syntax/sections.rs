//! A document as flat sections whose values are text: between the lines of a `.cfg` file and the tree.

use std::collections::VecDeque;
use std::fmt::Write;

use indexmap::IndexMap;

use super::json;
use super::variables::{escape_dollars, has_variable};
use crate::document::places::Places;
use crate::problems::Problems;
use crate::{ConfigError, Table, Value};

/// Python's name for a section whose options belong to all sections; no configuration may use it.
pub(crate) const DEFAULT: &str = "DEFAULT";

/// The name of a section that holds positional arguments; it needs no parent.
const POSITIONAL: &str = "*";

/// The text of a value, and the line where it starts; 0 if it comes from no file.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    pub(crate) text: String,
    pub(crate) line: usize,
}

/// The options under one `[header]`, and its line; 0 if it comes from no file.
#[derive(Debug, Default)]
pub(crate) struct Section {
    pub(crate) options: IndexMap<String, Text>,
    pub(crate) line: usize,
}

/// Options by section, in the order of the file.
#[derive(Debug, Default)]
pub(crate) struct Sections {
    pub(crate) sections: IndexMap<String, Section>,
}

impl Sections {
    /// The raw text of `key` in `section`.
    pub(crate) fn text(&self, section: &str, key: &str) -> Option<&Text> {
        self.sections.get(section)?.options.get(key)
    }

    /// A problem for each section that lacks a parent, or has the name of a value.
    pub(crate) fn check(&self, problems: &mut Problems) {
        for (name, section) in &self.sections {
            let parents = name.match_indices('.').map(|(end, _)| (&name[..end], &name[end + 1..]));
            // One for each section, whose parent is at fault for all that is below it.
            let problem = parents.into_iter().find_map(|(parent, rest)| self.problem(name, parent, rest));
            problems.extend(problem.map(|message| ConfigError::syntax(section.line, message)));
        }
    }

    fn problem(&self, name: &str, parent: &str, rest: &str) -> Option<String> {
        let child = rest.split('.').next().unwrap_or(rest);
        match self.sections.get(parent) {
            None if parent.split('.').any(|part| part == POSITIONAL) => None,
            None => Some(format!("section [{name}] needs the section [{parent}] beside it")),
            Some(section) if section.options.contains_key(child) => Some(format!(
                "section [{name}] is also the value `{child}` in section [{parent}]; keep one of the two"
            )),
            Some(_) => None,
        }
    }

    /// The lines of all sections and values.
    pub(crate) fn places(&self) -> Places {
        let sections = self.sections.iter().map(|(name, section)| (name.clone(), section.line));
        let values = self.sections.iter().flat_map(|(name, section)| {
            section.options.iter().map(move |(key, text)| (format!("{name}.{key}"), text.line))
        });
        sections.chain(values).collect()
    }

    /// The tree of all values, each made from its text by `value`.
    pub(crate) fn tree(&self, mut value: impl FnMut(&str, &str, &Text) -> Value) -> Table {
        let mut root = Table::new();
        // All sections come before the values, so that a key holds its place whatever the order of the headers.
        for name in self.sections.keys() {
            descend(&mut root, name);
        }
        for (name, section) in &self.sections {
            let table = descend(&mut root, name);
            for (key, text) in &section.options {
                table.insert(key.clone(), value(name, key, text));
            }
        }
        root
    }

    /// The sections of a tree, the upper levels first.
    pub(crate) fn from_tree(root: &Table) -> Result<Sections, ConfigError> {
        let mut sections = Sections::default();
        // A queue, since spaCy writes all sections of one level before those of the next.
        let mut queue = VecDeque::new();
        for (name, value) in root {
            let message = || format!("expected a section whose keys `.cfg` can hold, found {}", value.kind());
            let table = as_section(name, value)
                .ok_or_else(|| ConfigError::Value { path: name.clone(), message: message() })?;
            queue.push_back((name.clone(), table));
        }
        while let Some((name, table)) = queue.pop_front() {
            let mut section = Section::default();
            for (key, value) in table {
                match as_section(key, value) {
                    Some(child) => queue.push_back((format!("{name}.{key}"), child)),
                    None => section.set(&name, key, value)?,
                }
            }
            let is_positional = name.rsplit('.').next() == Some(POSITIONAL);
            if !(is_positional && section.options.is_empty() && !table.is_empty()) {
                sections.sections.insert(name, section);
            }
        }
        Ok(sections)
    }

    /// The text of a `.cfg` file.
    pub(crate) fn write(&self) -> String {
        let mut text = String::new();
        for (name, section) in &self.sections {
            let _ = writeln!(text, "[{name}]");
            for (key, value) in &section.options {
                let _ = writeln!(text, "{key} = {}", value.text.replace('\n', "\n\t"));
            }
            text.push('\n');
        }
        text.truncate(text.trim_end().len());
        text
    }
}

impl Section {
    /// Writes `value` as the text of `key`; `name` is this section, for errors.
    fn set(&mut self, name: &str, key: &str, value: &Value) -> Result<(), ConfigError> {
        let error = |message| ConfigError::Variable { path: format!("{name}.{key}"), message };
        let text = Text { text: value_text(value).map_err(error)?, line: 0 };
        self.options.insert(key.to_owned(), text);
        Ok(())
    }
}

/// The table of the section `name`; it and its parents are made if missing.
fn descend<'a>(root: &'a mut Table, name: &str) -> &'a mut Table {
    name.split('.').fold(root, |table, part| {
        let node = table.entry(part.to_owned()).or_insert_with(|| Table::new().into());
        node.as_table_mut().expect("no value bears the name of a section")
    })
}

/// The text after the `=`: a value with variables as it is, any other value in JSON.
fn value_text(value: &Value) -> Result<String, String> {
    match value {
        Value::String(text) if has_variable(text) => Ok(text.clone()),
        value => escape_dollars(&value.to_string()),
    }
}

/// The table, if it can be the section `name`; otherwise it is written in braces.
fn as_section<'a>(name: &str, value: &'a Value) -> Option<&'a Table> {
    let holds = |table: &&Table| {
        table.iter().all(|(key, value)| is_option_name(key) || as_section(key, value).is_some())
    };
    value.as_table().filter(|_| is_section_name(name)).filter(holds)
}

fn is_section_name(name: &str) -> bool {
    !name.is_empty() && name != DEFAULT && !name.contains(['.', '\n'])
}

fn is_option_name(name: &str) -> bool {
    !name.is_empty()
        && name.trim() == name
        && !name.starts_with(['#', ';', '['])
        && !name.contains(['=', ':', '\n'])
}

/// The value of a text that is not interpolated: JSON, a word of Python, or a string.
pub(crate) fn interpret(text: &str) -> Value {
    let value = json::parse(text).unwrap_or_else(|| match text {
        "True" => Value::Bool(true),
        "False" => Value::Bool(false),
        "None" => Value::Null,
        text => text.into(),
    });
    match value {
        // The quotes are kept, so that writing it back yields the same text.
        Value::String(_) if has_variable(text) => text.into(),
        value => value,
    }
}
