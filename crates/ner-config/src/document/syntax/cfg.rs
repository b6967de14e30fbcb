//! The lines of a `.cfg` file, as Python's `configparser` reads them.

use indexmap::IndexMap;
use tracing::warn;

use super::sections::{DEFAULT, Section, Sections, Text};
use crate::ConfigError;
use crate::hints::excerpt;
use crate::problems::Problems;

/// Reads sections and options; the values stay text.
pub(crate) fn parse(text: &str) -> Result<Sections, ConfigError> {
    let (mut lines, mut problems) = (Lines::default(), Problems::default());
    for (index, line) in text.split('\n').enumerate() {
        let read = lines.read(line, index + 1);
        problems.check(read.map_err(|message| ConfigError::syntax(index + 1, message)));
    }
    let mut sections = Sections { sections: lines.sections };
    sections.sections.shift_remove(DEFAULT);
    sections.sections.values_mut().flat_map(|section| section.options.values_mut()).for_each(finish);
    sections.check(&mut problems);
    problems.into_result()?;
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
    fn read(&mut self, line: &str, number: usize) -> Result<(), String> {
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
            self.refuse_swallowed(content)?;
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
        if let Some((_, value)) = self.last_option() {
            value.text.push('\n');
            value.text.push_str(content);
        }
    }

    /// The option that an indented line continues.
    fn last_option(&mut self) -> Option<(&String, &mut Text)> {
        let section = self.sections.last_mut().map(|(_, section)| section).filter(|_| self.has_option)?;
        section.options.last_mut()
    }

    /// Fails for a line that would become part of a value and looks like a key of its own.
    // configparser takes it, and spaCy then runs with another value than the one that stands there.
    fn refuse_swallowed(&mut self, content: &str) -> Result<(), String> {
        let Some((key, value)) = self.last_option() else { return Ok(()) };
        let is_nested = value.text.trim_start().starts_with(['[', '{']);
        match assigned(content).filter(|_| !is_nested) {
            None => Ok(()),
            Some(name) => Err(format!(
                "`{name}` is indented, so that `{}` would continue the value of `{key}` in line {}; remove the \
                 blanks before it",
                excerpt(content),
                value.line
            )),
        }
    }

    fn open(&mut self, name: &str, line: usize) -> Result<(), String> {
        self.has_option = false;
        if name.split('.').count() > MAX_DEPTH {
            return Err(format!("expected at most {MAX_DEPTH} sections within each other"));
        }
        match self.sections.insert(name.to_owned(), Section { line, ..Section::default() }) {
            None => Ok(()),
            Some(_) => Err(format!("section [{}] already exists; keep one of the two", excerpt(name))),
        }
    }

    fn option(&mut self, content: &str, line: usize) -> Result<(), String> {
        let Some((name, section)) = self.sections.last_mut() else {
            return Err(format!("expected a [section] before any value, found `{}`", excerpt(content)));
        };
        let Some((key, value)) = content.split_once(['=', ':']).filter(|(key, _)| !key.trim().is_empty())
        else {
            return Err(format!("expected `key = value`, found `{}`", excerpt(content)));
        };
        let key = key.trim_end();
        if name == DEFAULT {
            return Err(format!("`{}` is not part of a section; [{DEFAULT}] is not one", excerpt(key)));
        }
        let value = Text { text: value.trim().to_owned(), line };
        if section.options.insert(key.to_owned(), value).is_some() {
            return Err(format!(
                "key `{}` already exists in section [{}]; keep one of the two",
                excerpt(key),
                excerpt(name)
            ));
        }
        self.has_option = true;
        Ok(())
    }
}

/// The word that a line of the form `word = ..` begins with.
fn assigned(content: &str) -> Option<&str> {
    let (name, _) = content.split_once('=')?;
    let name = name.trim_end();
    let is_word = |character: char| character.is_alphanumeric() || matches!(character, '_' | '@' | '.' | '-');
    (!name.is_empty() && name.chars().all(is_word)).then_some(name)
}

/// The name of the section that a line opens. Everything after the last bracket is ignored, as configparser does.
fn header(content: &str) -> Option<&str> {
    let end = content.rfind(']')?;
    content[..end].strip_prefix('[').filter(|name| !name.is_empty())
}
