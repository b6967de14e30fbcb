use std::collections::HashMap;

use indexmap::IndexMap;
use serde_json::Value;

use super::view::{Annotation, View, record};
use crate::formats::dkpro::{NAMED_ENTITY, short_name};
use crate::read::ReadOptions;
use crate::record::Record;
use crate::source::Sample;
use crate::{FormatError, Place};

/// The first key of JSON CAS 0.4 (<https://github.com/apache/uima-uimaj-io-jsoncas>).
const TYPES: &str = "\"%TYPES\"";
const STRUCTURES: &str = "%FEATURE_STRUCTURES";

/// Asked of the bytes: of a file that is longer than the sample the value is not known.
pub(in crate::formats) fn looks_like(sample: &Sample<'_>) -> bool {
    sample.bytes.trim_ascii_start().starts_with(b"{") && (sample.holds(TYPES) || sample.holds(STRUCTURES))
}

pub(in crate::formats) fn read(
    place: &Place,
    value: &Value,
    options: &ReadOptions,
) -> Result<Vec<Record>, FormatError> {
    let malformed = |message| FormatError::Malformed { place: place.clone(), message, code: None };
    let views = views(value).map_err(malformed)?;
    views.into_values().map(|view| record(place.clone(), view, options).map_err(malformed)).collect()
}

/// The views by the id of their sofa.
fn views(cas: &Value) -> Result<IndexMap<i64, View>, String> {
    let structures = match cas.get(STRUCTURES) {
        Some(Value::Array(structures)) => structures.iter().collect::<Vec<_>>(),
        Some(Value::Object(structures)) => structures.values().collect(),
        _ => {
            return Err(format!(
                "no list {STRUCTURES:?}; expected UIMA CAS JSON 0.4 as INCEpTION exports it"
            ));
        }
    };
    let parents = parents(cas);
    let mut views = IndexMap::new();
    let kind = |structure: &Value| structure.get("%TYPE").and_then(Value::as_str).map(str::to_owned);
    for sofa in structures.iter().filter(|sofa| kind(sofa).is_some_and(|kind| short_name(&kind) == "Sofa")) {
        // Sofas first, since annotations may stand before the text that they are of.
        if let (Some(id), Some(text)) = (sofa.get("%ID").and_then(Value::as_i64), sofa.get("sofaString")) {
            let text = text.as_str().unwrap_or_default().to_owned();
            views.insert(id, View { text, annotations: Vec::new() });
        }
    }
    if views.is_empty() {
        return Err(
            "no structure of type uima.cas.Sofa with a \"sofaString\"; the text is missing".to_owned()
        );
    }
    for structure in structures {
        let (Some(kind), Some(begin), Some(end)) =
            (kind(structure), structure.get("begin"), structure.get("end"))
        else {
            continue;
        };
        let number = |value: &Value| value.as_u64().and_then(|number| usize::try_from(number).ok());
        let (Some(begin), Some(end)) = (number(begin), number(end)) else {
            let found: String = structure.to_string().chars().take(80).collect();
            return Err(format!("the annotation {found} has no whole numbers as begin and end"));
        };
        let view = structure.get("@sofa").and_then(Value::as_i64).and_then(|id| views.get_mut(&id));
        let view =
            view.ok_or_else(|| format!("the annotation {begin}..{end} ({kind}) is of no text of the file"))?;
        let kind = short_name(root(&kind, &parents));
        view.annotations.push(Annotation::of(kind, (begin, end), &texts(structure)));
    }
    Ok(views)
}

/// The features of a structure that are texts. Keys of the format itself begin with a sign.
fn texts(structure: &Value) -> Vec<(&str, &str)> {
    let features = structure.as_object().into_iter().flatten();
    features
        .filter(|(name, _)| name.starts_with(char::is_alphabetic))
        .filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)))
        .filter(|(_, text)| !text.is_empty())
        .collect()
}

/// The type that each type is a kind of.
fn parents(cas: &Value) -> HashMap<&str, &str> {
    let types = cas.get("%TYPES").and_then(Value::as_object).into_iter().flatten();
    types.filter_map(|(name, kind)| Some((name.as_str(), kind.get("%SUPER_TYPE")?.as_str()?))).collect()
}

/// `NamedEntity` for types that are kinds of it, and other types themselves.
fn root<'a>(kind: &'a str, parents: &HashMap<&'a str, &'a str>) -> &'a str {
    let mut name = kind;
    // A damaged file may have types that are kinds of each other.
    for _ in 0..16 {
        if short_name(name) == NAMED_ENTITY {
            return name;
        }
        let Some(parent) = parents.get(name) else { break };
        name = parent;
    }
    kind
}
