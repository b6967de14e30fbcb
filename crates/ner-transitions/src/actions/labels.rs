use std::collections::HashMap;

use ner_vocab::StringId;

use super::LabelId;

/// The labels of a recogniser in the order in which they were met. A [`LabelId`] is a place in it; the empty label has
/// the first.
#[derive(Clone, Debug)]
pub(crate) struct Labels {
    entries: Vec<(StringId, String)>,
    ids: HashMap<StringId, LabelId>,
}

impl Labels {
    /// The empty label alone.
    pub(crate) fn new() -> Labels {
        Labels {
            entries: vec![(StringId::EMPTY, String::new())],
            ids: HashMap::from([(StringId::EMPTY, LabelId::EMPTY)]),
        }
    }

    /// The id of a label, which is new if the label is.
    pub(crate) fn intern(&mut self, label: &str) -> LabelId {
        let string_id = StringId::of(label);
        *self.ids.entry(string_id).or_insert_with(|| {
            self.entries.push((string_id, label.to_owned()));
            LabelId(self.entries.len() as u32 - 1)
        })
    }

    pub(crate) fn find(&self, string_id: StringId) -> Option<LabelId> {
        self.ids.get(&string_id).copied()
    }

    pub(crate) fn string_id(&self, label: LabelId) -> StringId {
        self.entries.get(label.0 as usize).map_or(StringId::EMPTY, |(string_id, _)| *string_id)
    }

    pub(crate) fn text(&self, label: LabelId) -> &str {
        self.entries.get(label.0 as usize).map_or("", |(_, text)| text)
    }
}
