//! BioC in XML (<https://bioc.sourceforge.net>): documents of passages, and of sentences in them, with annotations.

mod part;

use self::part::{Annotation, Part};
use super::Records;
use super::xml::{Element, Node, Xml};
use crate::FormatError;
use crate::read::ReadOptions;
use crate::source::{Sample, Source};

pub(super) fn looks_like(sample: &Sample<'_>) -> bool {
    sample.holds("<collection>") && (sample.holds("<document>") || sample.holds("BioC"))
}

/// Reads a file, of which each text that has an offset of its own is a record: a passage, or a sentence.
pub(super) fn read(source: &Source, _: &ReadOptions) -> Result<Records, FormatError> {
    let mut reader = Reader { xml: Xml::of(source), parts: Vec::new(), records: Vec::new() };
    while let Some(node) = reader.xml.next()? {
        match node {
            Node::Open(element) => reader.open(&element)?,
            Node::Text(text) => reader.text(&text),
            Node::Close(name) => reader.close(&name)?,
        }
    }
    Ok(reader.records)
}

struct Reader<'a> {
    xml: Xml<'a>,
    /// The document, its passage and the sentence of it that are open.
    parts: Vec<Part>,
    records: Records,
}

impl Reader<'_> {
    fn open(&mut self, element: &Element) -> Result<(), FormatError> {
        let name = element.name.as_str();
        if matches!(name, "document" | "passage" | "sentence") {
            self.parts.push(Part::new(self.xml.place()));
            return Ok(());
        }
        let Some(part) = self.parts.last_mut() else { return Ok(()) };
        // What stands before an element within another is white space of the layout.
        part.value.clear();
        part.key = element.attribute("key").unwrap_or(name).to_owned();
        match (name, &mut part.annotation) {
            ("annotation", _) => part.annotation = Some(Annotation::default()),
            ("relation", _) => part.n_relations += 1,
            ("location", Some(annotation)) => {
                let location = element.number("offset").zip(element.number("length"));
                let message = "<location> needs the numbers offset and length";
                annotation.locations.push(location.ok_or_else(|| self.xml.error(message))?);
            }
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if let Some(part) = self.parts.last_mut() {
            part.value.push_str(text);
        }
    }

    fn close(&mut self, name: &str) -> Result<(), FormatError> {
        if matches!(name, "document" | "passage" | "sentence") {
            self.finish_part();
            return Ok(());
        }
        let Some(part) = self.parts.last_mut() else { return Ok(()) };
        let value = std::mem::take(&mut part.value);
        match (name, &mut part.annotation) {
            ("annotation", annotation) => {
                let annotation = annotation.take().unwrap_or_default();
                if annotation.label.is_empty() || annotation.locations.is_empty() {
                    let message = "the annotation needs <infon key=\"type\"> for its label, and a <location>";
                    return Err(self.xml.error(message));
                }
                part.annotations.push(annotation);
            }
            ("infon", Some(annotation)) if part.key == "type" => annotation.label = value.trim().to_owned(),
            ("infon", Some(annotation)) if part.key == "identifier" => {
                annotation.id = value.trim().to_owned()
            }
            ("text", Some(annotation)) => annotation.text = Some(value),
            ("text", None) => part.text = Some(value),
            ("offset", None) => {
                let message = format!("<offset> is {value:?}; expected a number");
                part.offset = value.trim().parse().map_err(|_| self.xml.error(message))?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Makes the record of a passage or a sentence. What has no text leaves its annotations to the part around it.
    fn finish_part(&mut self) {
        let Some(part) = self.parts.pop() else { return };
        match (part.text.is_some(), self.parts.last_mut()) {
            (true, _) => self.records.push(Ok(part.record())),
            (false, Some(around)) => {
                around.n_relations += part.n_relations;
                around.annotations.extend(part.annotations);
            }
            (false, None) if part.annotations.is_empty() => {
                if let Some(Ok(record)) = self.records.last_mut() {
                    record.left_out.push(("relations", part.n_relations));
                }
            }
            (false, None) => {
                let n_annotations = part.annotations.len();
                let message = format!(
                    "the document has annotations outside of its texts ({n_annotations}); expected them in a <passage> with <offset> and <text>"
                );
                self.records.push(Err(FormatError::Malformed { place: part.place, message, code: None }));
            }
        }
    }
}
