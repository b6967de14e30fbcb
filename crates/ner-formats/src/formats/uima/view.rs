use std::collections::BTreeMap;

use crate::Place;
use crate::formats::dkpro::{NAMED_ENTITY, is_syntax, label_feature};
use crate::read::ReadOptions;
use crate::record::{RawSpan, Record, Utf16Text};

/// A text ("sofa") with its annotations.
#[derive(Default)]
pub(super) struct View {
    pub(super) text: String,
    pub(super) annotations: Vec<Annotation>,
}

pub(super) struct Annotation {
    /// The name of its type without packages.
    pub(super) kind: String,
    /// In UTF-16 units.
    pub(super) begin: usize,
    pub(super) end: usize,
    pub(super) label: Option<String>,
    pub(super) kb_id: String,
}

impl Annotation {
    /// An annotation of a type, by its short name, with those of its features that are texts.
    pub(super) fn of(kind: &str, (begin, end): (usize, usize), features: &[(&str, &str)]) -> Annotation {
        let (ids, others): (Vec<_>, Vec<_>) = features.iter().partition(|(name, _)| *name == "identifier");
        let names: Vec<_> = others.iter().map(|(name, _)| name).collect();
        let label = label_feature(kind, &names).map(|index| others[index].1.to_owned());
        let kb_id = ids.first().map_or_else(String::new, |(_, id)| (*id).to_owned());
        Annotation { kind: kind.to_owned(), begin, end, label, kb_id }
    }
}

/// The record of a view. The error is a message.
pub(super) fn record(place: Place, view: View, options: &ReadOptions) -> Result<Record, String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for annotation in &view.annotations {
        *counts.entry(&annotation.kind).or_default() += 1;
    }
    let n_of_syntax: usize = counts.extract_if(.., |kind, _| is_syntax(kind)).map(|(_, count)| count).sum();
    let kinds: Vec<&str> = counts.keys().copied().collect();
    let chosen = match kinds.as_slice() {
        _ if counts.contains_key(NAMED_ENTITY) => NAMED_ENTITY,
        [] => NAMED_ENTITY,
        [kind] => kind,
        kinds => {
            return Err(format!(
                "the types {} may all be entities, and none is {NAMED_ENTITY}; export one of these layers alone",
                kinds.join(", ")
            ));
        }
    };
    let n_others = counts.iter().filter(|(kind, _)| **kind != chosen).map(|(_, count)| count).sum::<usize>();
    // Java counts in UTF-16.
    let units = Utf16Text::of(&view.text, options);
    let spans = view.annotations.iter().filter(|annotation| annotation.kind == chosen).map(|annotation| {
        let (start, end) = units.span(annotation.begin, annotation.end);
        // An annotation without a value is one all the same, of which only the layer is known.
        let label = annotation.label.as_deref().unwrap_or(chosen);
        RawSpan { kb_id: annotation.kb_id.clone(), ..RawSpan::new(start, end, label) }
    });
    let mut record = Record::of_text(place, "", spans.collect());
    record.left_out = vec![("annotations of syntax", n_of_syntax), ("annotations of other types", n_others)];
    record
        .findings
        .extend((chosen != NAMED_ENTITY).then(|| format!("entities are the annotations of type {chosen}")));
    record.text = Some(view.text);
    Ok(record)
}
