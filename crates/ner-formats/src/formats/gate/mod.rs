//! GATE's XML: a text with nodes in it, and sets of annotations between nodes
//! (<https://gate.ac.uk/sale/tao/splitch5.html>).

mod sets;

use std::collections::HashMap;

use self::sets::{Annotation, AnnotationSet, chosen};
use super::Records;
use super::xml::{Element, Node, Xml};
use crate::FormatError;
use crate::read::ReadOptions;
use crate::record::{RawSpan, Record};
use crate::source::{Sample, Source};

pub(super) fn looks_like(sample: &Sample<'_>) -> bool {
    sample.holds("<GateDocument")
}

pub(super) fn read(source: &Source, _: &ReadOptions) -> Result<Records, FormatError> {
    let mut document = Document::default();
    let mut xml = Xml::of(source);
    let (mut is_text, mut has_text) = (false, false);
    while let Some(node) = xml.next()? {
        match node {
            Node::Open(element) if element.name == "TextWithNodes" => (is_text, has_text) = (true, true),
            Node::Close(name) if name == "TextWithNodes" => is_text = false,
            Node::Open(element) => document.open(&element).map_err(|message| xml.error(message))?,
            Node::Text(text) if is_text => {
                // Kept beside the text: counting it anew at each node would take time with the square of its length.
                document.n_chars += text.chars().count();
                document.text.push_str(&text);
            }
            _ => {}
        }
    }
    // Any XML comes here that no narrower format takes, since all go by the same suffix.
    if !has_text {
        return Err(
            xml.error("no element <TextWithNodes>; of XML, documents of GATE, BioC and UIMA's XMI are read")
        );
    }
    Ok(vec![document.record(source).map_err(|message| source.error(source.text(), None, message))])
}

#[derive(Default)]
struct Document {
    text: String,
    n_chars: usize,
    /// Where in the text each node stands.
    nodes: HashMap<String, usize>,
    sets: Vec<AnnotationSet>,
}

impl Document {
    /// Takes an element in. The error is a message.
    fn open(&mut self, element: &Element) -> Result<(), String> {
        let required = |name: &str| {
            let value = element.attribute(name).map(str::to_owned);
            value.ok_or_else(|| format!("<{}> needs the attribute {name}", element.name))
        };
        match element.name.as_str() {
            "Node" => {
                self.nodes.insert(required("id")?, self.n_chars);
            }
            "AnnotationSet" => {
                self.sets.push(AnnotationSet::of(element.attribute("Name").unwrap_or_default()));
            }
            "Annotation" => {
                let set = self.sets.last_mut().ok_or("<Annotation> stands outside of an <AnnotationSet>")?;
                let [start, end] = [required("StartNode")?, required("EndNode")?];
                set.annotations.push(Annotation { kind: required("Type")?, start, end });
            }
            _ => {}
        }
        Ok(())
    }

    fn record(self, source: &Source) -> Result<Record, String> {
        let node = |id: &String| {
            let place = self.nodes.get(id).copied();
            place.ok_or_else(|| format!("an annotation stands at the node {id:?}, which is not in the text"))
        };
        let mut record = Record::new(source.first());
        if let Some(set) = chosen(&self.sets)? {
            let (entities, syntax): (Vec<_>, Vec<_>) =
                set.annotations.iter().partition(|annotation| !annotation.is_of_syntax());
            let span = |annotation: &&Annotation| {
                Ok(RawSpan::new(node(&annotation.start)?, node(&annotation.end)?, annotation.kind.as_str()))
            };
            record.spans = Some(entities.iter().map(span).collect::<Result<_, String>>()?);
            let n_all: usize = self.sets.iter().map(|set| set.annotations.len()).sum();
            let n_of_other_sets = n_all - set.annotations.len();
            record.left_out =
                vec![("annotations of syntax", syntax.len()), ("annotations of other sets", n_of_other_sets)];
            record
                .findings
                .extend((self.sets.len() > 1).then(|| format!("entities are those of {}", set.name())));
        }
        record.text = Some(self.text);
        Ok(record)
    }
}
