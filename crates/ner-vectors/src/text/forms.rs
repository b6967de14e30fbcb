use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// The distinct tokens of a text and how often each is there, in the order in which they were met.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Forms(IndexMap<Box<str>, u64>);

impl Forms {
    /// Counts a token; its number.
    pub(super) fn count(&mut self, form: &str) -> u32 {
        if let Some((index, _, count)) = self.0.get_full_mut(form) {
            *count += 1;
            return index as u32;
        }
        self.0.insert_full(form.into(), 1).0 as u32
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, u64)> {
        self.0.iter().map(|(form, &count)| (&**form, count))
    }
}
