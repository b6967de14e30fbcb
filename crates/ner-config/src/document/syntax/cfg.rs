//! The lines of a `.cfg` file, as Python's `configparser` reads them.

use indexmap::IndexMap;
use tracing::warn;

use super::sections::{DEFAULT, Section, Sections, Text};
use crate::ConfigError;

/// Reads sections and options; the values stay text.
pub(crate) fn parse(text: &str) -> Result<Sections, ConfigError> {
    let mut lines = Lines::default();
    for (index, line) in text.split('\n').enumerate() {
        lines.read(line, index + 1)?;
    }
    let mut sections = Sections { sections: lines.sections };
    sections.sections.shift_remove(DEFAULT);
    sections.sections.values_mut().flat_map(|section| section.options.values_mut()).for_each(finish);
    sections.check()?;
    Ok(sections)
}

/// Drops the blank lines after a value, which are not part of it.
fn finish(value: &mut Text) {
    value.text.truncate(value.text.trim_end().len());
    let text = &value.text;
    if text.starts_with('\'') && text.ends_with('\'') {
        warn!(
            line = value.line,
            value = text,
            "A value in single quotes is read with its quotes; JSON strings take double quotes."
        );
    }
}

/// How deep sections may be nested. Trees are walked recursively, and a stack has an end.
const MAX_DEPTH: usize = 128;

#[derive(Default)]
struct Lines {
    sections: IndexMap<String, Section>,
    /// The option that an indented line continues.
    has_option: bool,
    indent: usize,
}

impl Lines {
    fn read(&mut self, line: &str, number: usize) -> Result<(), ConfigError> {
        let content = line.trim();
        if content.starts_with(['#', ';']) {
            return Ok(());
        }
        if content.is_empty() {
            self.continue_with("");
            return Ok(());
        }
        let indent = line.chars().take_while(|character| character.is_whitespace()).count();
        // configparser: a line that is indented more than its key continues the value, whatever it looks like.
        if self.has_option && indent > self.indent {
            self.continue_with(content);
            return Ok(());
        }
        self.indent = indent;
        match header(content) {
            Some(name) => self.open(name, number),
            None => self.option(content, number),
        }
    }

    fn continue_with(&mut self, content: &str) {
        let section = self.sections.last_mut().map(|(_, section)| section).filter(|_| self.has_option);
        if let Some((_, value)) = section.and_then(|section| section.options.last_mut()) {
            value.text.push('\n');
            value.text.push_str(content);
        }
    }

    fn open(&mut self, name: &str, line: usize) -> Result<(), ConfigError> {
        self.has_option = false;
        if name.split('.').count() > MAX_DEPTH {
            return Err(ConfigError::syntax(
                line,
                format_args!("expected at most {MAX_DEPTH} sections within each other"),
            ));
        }
        match self.sections.insert(name.to_owned(), Section { line, ..Section::default() }) {
            None => Ok(()),
            Some(_) => Err(ConfigError::syntax(
                line,
                format_args!("section [{name}] already exists; keep one of the two"),
            )),
        }
    }

    fn option(&mut self, content: &str, line: usize) -> Result<(), ConfigError> {
        let Some((name, section)) = self.sections.last_mut() else {
            return Err(ConfigError::syntax(
                line,
                format_args!("expected a [section] before any value, found `{content}`"),
            ));
        };
        let Some((key, value)) = content.split_once(['=', ':']).filter(|(key, _)| !key.trim().is_empty())
        else {
            return Err(ConfigError::syntax(line, format_args!("expected `key = value`, found `{content}`")));
        };
        let key = key.trim_end();
        if name == DEFAULT {
            return Err(ConfigError::syntax(
                line,
                format_args!("`{key}` is not part of a section; [{DEFAULT}] is not one"),
            ));
        }
        let value = Text { text: value.trim().to_owned(), line };
        if section.options.insert(key.to_owned(), value).is_some() {
            return Err(ConfigError::syntax(
                line,
                format_args!("key `{key}` already exists in section [{name}]; keep one of the two"),
            ));
        }
        self.has_option = true;
        Ok(())
    }
}

/// The name of the section that a line opens. Everything after the last bracket is ignored, as configparser does.
fn header(content: &str) -> Option<&str> {
    let end = content.rfind(']')?;
    content[..end].strip_prefix('[').filter(|name| !name.is_empty())
}
