use indexmap::IndexMap;

use super::view::{Annotation, View, record};
use crate::FormatError;
use crate::formats::Records;
use crate::formats::xml::{Element, Node, Xml};
use crate::read::ReadOptions;
use crate::source::{Sample, Source};

pub(in crate::formats) fn looks_like(sample: &Sample<'_>) -> bool {
    sample.holds("<xmi:XMI")
}

/// Reads XMI (<https://uima.apache.org/d/uimaj-current/references.html#ugr.ref.xmi>), a record for each of its texts.
pub(in crate::formats) fn read(source: &Source, options: &ReadOptions) -> Result<Records, FormatError> {
    let mut xml = Xml::of(source);
    let mut views: IndexMap<String, View> = IndexMap::new();
    // Annotations stand before the text that they are of.
    let mut annotations: Vec<(String, Annotation)> = Vec::new();
    while let Some(node) = xml.next()? {
        let Node::Open(element) = node else { continue };
        // By short names: prefixes of namespaces are chosen by each file.
        if let ("Sofa", Some(text)) = (element.name.as_str(), element.attribute("sofaString")) {
            let id = element.attribute("id").unwrap_or_default().to_owned();
            views.insert(id, View { text: text.to_owned(), annotations: Vec::new() });
        } else if let Some(sofa) = element.attribute("sofa").filter(|_| element.attribute("begin").is_some())
        {
            let message = || format!("<{}> has no numbers as begin and end", element.name);
            let annotation = annotation(&element).ok_or_else(|| xml.error(message()))?;
            annotations.push((sofa.to_owned(), annotation));
        }
    }
    if views.is_empty() {
        return Err(xml.error("no element cas:Sofa with a sofaString; the text is missing"));
    }
    for (sofa, annotation) in annotations {
        let message = || {
            format!("an annotation of type {} is of the text {sofa:?}, which is not there", annotation.kind)
        };
        let view = views.get_mut(&sofa).ok_or_else(|| xml.error(message()))?;
        view.annotations.push(annotation);
    }
    let first = source.first();
    let malformed = |message| FormatError::Malformed { place: first.clone(), message, code: None };
    Ok(views.into_values().map(|view| record(first.clone(), view, options).map_err(malformed)).collect())
}

fn annotation(element: &Element) -> Option<Annotation> {
    let bounds = (element.number("begin")?, element.number("end")?);
    let of_format = |name: &str| matches!(name, "id" | "sofa" | "begin" | "end");
    let texts = element.attributes().filter(|(name, text)| !of_format(name) && !text.is_empty());
    Some(Annotation::of(&element.name, bounds, &texts.collect::<Vec<_>>()))
}
