//! XML, element by element. Entities other than those of XML itself are refused, so that nothing outside of the file is
//! read and nothing grows.

use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::source::Source;
use crate::{FormatError, Place};

/// What comes next in a file.
pub(super) enum Node {
    Open(Element),
    /// Text, or a part of one.
    Text(String),
    Close(String),
}

/// The beginning of an element.
pub(super) struct Element {
    /// Without the prefix of a namespace.
    pub(super) name: String,
    attributes: Vec<(String, String)>,
}

impl Element {
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(super) fn attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.attributes.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The number that an attribute is.
    pub(super) fn number(&self, name: &str) -> Option<usize> {
        self.attribute(name)?.trim().parse().ok()
    }
}

pub(super) struct Xml<'a> {
    reader: Reader<&'a [u8]>,
    source: &'a Source,
    /// Names of the elements that are open.
    open: Vec<String>,
    /// How far lines have been counted.
    n_counted: usize,
    line: usize,
}

impl<'a> Xml<'a> {
    pub(super) fn of(source: &'a Source) -> Xml<'a> {
        let mut reader = Reader::from_str(source.text());
        reader.config_mut().expand_empty_elements = true;
        Xml { reader, source, open: Vec::new(), n_counted: 0, line: 1 }
    }

    /// The line that has been read to.
    pub(super) fn place(&mut self) -> Place {
        let end = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX);
        let bytes = self.source.text().as_bytes();
        // Counted from where it was asked last, for it is asked at each record.
        let read = bytes.get(self.n_counted..end.min(bytes.len())).unwrap_or_default();
        self.line += read.iter().filter(|&&byte| byte == b'\n').count();
        self.n_counted += read.len();
        self.source.first().line(self.line)
    }

    pub(super) fn error(&mut self, message: impl Into<String>) -> FormatError {
        FormatError::Malformed { place: self.place(), message: message.into(), code: None }
    }

    /// The next element, text or end; `None` at the end of the file.
    pub(super) fn next(&mut self) -> Result<Option<Node>, FormatError> {
        loop {
            let event = match self.reader.read_event() {
                Ok(event) => event,
                Err(problem) => return Err(self.error(format!("not XML: {problem}"))),
            };
            return Ok(Some(match event {
                Event::Start(start) => {
                    let element = self.element(&start)?;
                    self.open.push(element.name.clone());
                    Node::Open(element)
                }
                Event::End(_) => Node::Close(self.open.pop().unwrap_or_default()),
                Event::Text(text) => Node::Text(text.xml10_content().into_owned()),
                Event::CData(text) => Node::Text(text.xml10_content().into_owned()),
                Event::GeneralRef(reference) => Node::Text(self.resolve(&reference)?),
                Event::Eof => match self.open.pop() {
                    None => return Ok(None),
                    Some(name) => {
                        let message = format!("not XML: the file ends inside of <{name}>: it was cut short");
                        return Err(self.error(message));
                    }
                },
                _ => continue,
            }));
        }
    }

    fn element(&mut self, start: &BytesStart<'_>) -> Result<Element, FormatError> {
        let mut attributes = Vec::new();
        // Without the check for names that stand there twice, which takes time with the square of their number.
        for attribute in start.attributes().with_checks(false) {
            let pair =
                attribute.map_err(|problem| problem.to_string()).and_then(|attribute| pair(&attribute));
            attributes.push(pair.map_err(|problem| self.error(format!("not XML: {problem}")))?);
        }
        let name: &str = start.local_name().into_inner();
        Ok(Element { name: name.to_owned(), attributes })
    }

    fn resolve(&mut self, reference: &BytesRef<'_>) -> Result<String, FormatError> {
        let known = match reference.resolve_char_ref() {
            Ok(Some(c)) => Some(c.to_string()),
            _ => quick_xml::escape::resolve_predefined_entity(reference).map(str::to_owned),
        };
        let name: &str = reference;
        known.ok_or_else(|| self.error(format!("not XML: the entity &{name}; is not one of XML's own")))
    }
}

fn pair(attribute: &Attribute<'_>) -> Result<(String, String), String> {
    let value = attribute.normalized_value(XmlVersion::Explicit1_0).map_err(|problem| problem.to_string())?;
    let name: &str = attribute.key.local_name().into_inner();
    Ok((name.to_owned(), value.into_owned()))
}
