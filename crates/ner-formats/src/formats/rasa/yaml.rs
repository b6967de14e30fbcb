use saphyr_parser::{Event, Parser, ScanError, StrInput};

use super::markdown::item;
use super::section::{Example, Section};
use crate::FormatError;
use crate::source::Source;

/// A list or a mapping that is open, the latter with its last key.
enum Level {
    List,
    Mapping(Option<String>),
}

impl Level {
    /// The key of the value in it; of a list, whose values have none, empty.
    fn key(&self) -> &str {
        match self {
            Level::Mapping(key) => key.as_deref().unwrap_or_default(),
            Level::List => "",
        }
    }
}

/// Where in the file a value stands.
struct Path {
    levels: Vec<Level>,
    /// Whether the next scalar is a key.
    is_key: bool,
}

/// The sections below the key `nlu`.
// Event by event, so that neither deep nesting nor aliases of aliases cost more than their length.
pub(super) fn sections(source: &Source) -> Result<Vec<Section>, FormatError> {
    let mut parser: Parser<'_, StrInput<'_>> = Parser::new_from_str(source.text());
    let mut path = Path { levels: Vec::new(), is_key: false };
    let mut sections: Vec<Section> = Vec::new();
    let mut section = Section { kind: String::new(), examples: Vec::new() };
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| malformed(source, &error))?;
        match event {
            Event::SequenceStart(..) => path.open(Level::List),
            Event::MappingStart(..) => path.open(Level::Mapping(None)),
            Event::SequenceEnd => path.close(),
            Event::MappingEnd => {
                path.close();
                if path.keys() == ["nlu", ""] && !section.kind.is_empty() {
                    let empty = Section { kind: String::new(), examples: Vec::new() };
                    sections.push(std::mem::replace(&mut section, empty));
                }
            }
            Event::Scalar(text, ..) if path.is_key => path.set_key(&text),
            Event::Scalar(text, ..) => {
                read_value(&mut section, &path.keys(), &text, span.start.line());
                path.pass_value();
            }
            Event::Alias(_) if path.is_key => path.set_key(""),
            Event::Alias(_) if path.keys().starts_with(&["nlu", "", "examples"]) => {
                let place = source.first().line(span.start.line());
                let message = "aliases are not read here; write the examples out".to_owned();
                return Err(FormatError::Malformed { place, message, code: None });
            }
            Event::Alias(_) => path.pass_value(),
            _ => {}
        }
    }
    Ok(sections)
}

/// Takes the parts of a section from the value at a path.
fn read_value(section: &mut Section, keys: &[&str], text: &str, first_line: usize) {
    match keys {
        ["nlu", "", "examples"] => {
            // Examples are one text, a list in markdown within YAML, so that the parser sees no list.
            let lines = text.lines().enumerate();
            let example =
                |(index, line)| Some(Example { line: first_line + index, text: item(line)?.to_owned() });
            section.examples.extend(lines.filter_map(example));
        }
        ["nlu", "", "examples", ""] | ["nlu", "", "examples", "", "text"] => {
            section.examples.push(Example { line: first_line, text: text.trim().to_owned() });
        }
        ["nlu", "", kind @ ("intent" | "synonym" | "regex" | "lookup")] => section.kind = (*kind).to_owned(),
        _ => {}
    }
}

impl Path {
    fn open(&mut self, level: Level) {
        self.is_key = matches!(level, Level::Mapping(_));
        self.levels.push(level);
    }

    fn close(&mut self) {
        self.levels.pop();
        self.pass_value();
    }

    /// After a value of a mapping comes a key.
    fn pass_value(&mut self) {
        self.is_key = matches!(self.levels.last(), Some(Level::Mapping(_)));
    }

    fn set_key(&mut self, key: &str) {
        if let Some(Level::Mapping(last)) = self.levels.last_mut() {
            *last = Some(key.to_owned());
        }
        self.is_key = false;
    }

    /// The keys to the value. Of deep values none: nothing that is read lies there.
    fn keys(&self) -> Vec<&str> {
        let n_levels = self.levels.len();
        if n_levels > 5 { Vec::new() } else { self.levels.iter().map(Level::key).collect() }
    }
}

fn malformed(source: &Source, error: &ScanError) -> FormatError {
    let place = source.first().line(error.marker().line()).column(error.marker().col() + 1);
    FormatError::Malformed { place, message: format!("not YAML: {}", error.info()), code: None }
}
