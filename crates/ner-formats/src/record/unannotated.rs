use indexmap::IndexSet;

use super::Record;

/// Records of a file in which no annotation was found, and the keys that they have.
#[derive(Default)]
pub(super) struct Unannotated {
    count: usize,
    keys: IndexSet<String>,
}

/// Keys that are named: enough to see what the records are.
const MAX_KEYS: usize = 12;

impl Unannotated {
    pub(super) fn add(&mut self, record: &mut Record) {
        self.count += 1;
        for key in record.keys.drain(..) {
            if self.keys.len() < MAX_KEYS {
                self.keys.insert(key);
            }
        }
    }

    /// What to say of a file of so many records.
    pub(super) fn finding(&self, n_records: usize) -> Option<String> {
        let count = self.count;
        let keys = self.keys.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        let cause = match keys.as_str() {
            "" => String::new(),
            keys => {
                format!(" (no `entities`, `spans`, `ents` or `label`); their keys: {keys}")
            }
        };
        (count > 0).then(|| format!("{count} of {n_records} records have no annotation of entities, so nothing is known of them{cause}"))
    }
}
