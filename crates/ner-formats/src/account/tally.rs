use serde::Serialize;

/// Occurrences of one kind: their number, and the first few in full.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// All occurrences.
    pub count: usize,
    /// The first of them, with their places.
    pub first: Vec<String>,
}

/// A file with one fault in each record has thousands; a handful shows the fault as well.
const MAX_NAMED: usize = 5;

impl Tally {
    /// Counts an occurrence; `text` is asked for while there are few.
    pub fn add(&mut self, text: impl FnOnce() -> String) {
        self.count += 1;
        if self.first.len() < MAX_NAMED {
            self.first.push(text());
        }
    }

    /// Adds the occurrences that another tally counted.
    pub fn merge(&mut self, other: Tally) {
        self.count += other.count;
        self.first.extend(other.first);
        self.first.truncate(MAX_NAMED);
    }
}
