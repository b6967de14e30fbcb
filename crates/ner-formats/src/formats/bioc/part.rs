use crate::Place;
use crate::account::SpanLoss;
use crate::record::{Bounds, RawSpan, Record};

/// A document, a passage or a sentence that is open.
pub(super) struct Part {
    pub(super) place: Place,
    pub(super) offset: usize,
    pub(super) text: Option<String>,
    pub(super) annotations: Vec<Annotation>,
    pub(super) n_relations: usize,
    /// The annotation that is open.
    pub(super) annotation: Option<Annotation>,
    /// What the text of the open element is: the key of an infon, or the element's name.
    pub(super) key: String,
    pub(super) value: String,
}

#[derive(Default)]
pub(super) struct Annotation {
    pub(super) label: String,
    pub(super) id: String,
    pub(super) text: Option<String>,
    /// Offset in the document, and length.
    pub(super) locations: Vec<(usize, usize)>,
}

impl Part {
    pub(super) fn new(place: Place) -> Part {
        Part {
            place,
            offset: 0,
            text: None,
            annotations: Vec::new(),
            n_relations: 0,
            annotation: None,
            key: String::new(),
            value: String::new(),
        }
    }

    /// The record of a text.
    pub(super) fn record(self) -> Record {
        let mut record = Record::of_text(self.place, self.text.unwrap_or_default(), Vec::new());
        record.left_out.push(("relations", self.n_relations));
        let mut spans = Vec::new();
        for annotation in self.annotations {
            let place = |&(offset, length): &(usize, usize)| {
                // Offsets count over the whole document, of which the file holds the passages alone.
                let start = usize::checked_sub(offset, self.offset)?;
                Some((start, start.saturating_add(length)))
            };
            let locations = annotation.locations.iter().map(place).collect::<Option<Vec<_>>>();
            let Annotation { label, id: kb_id, text, .. } = annotation;
            let name = format!("{:?} ({label})", text.as_deref().unwrap_or_default());
            match locations.as_deref() {
                None => {
                    let text = format!("{name} begins before its passage, whose offset is {}", self.offset);
                    record.lost.push((SpanLoss::Misfit, text));
                }
                Some([(start, end)]) => {
                    spans.push(RawSpan { kb_id, text, ..RawSpan::new(*start, *end, label) });
                }
                Some(parts) => {
                    record
                        .lost
                        .push((SpanLoss::Discontinuous, format!("{name} has {} locations", parts.len())));
                    // Its tokens are of an entity that cannot be shown, so they are not outside.
                    record.unknown.extend(parts.iter().map(|&(start, end)| Bounds::Own(start, end)));
                }
            }
        }
        record.spans = Some(spans);
        record
    }
}
