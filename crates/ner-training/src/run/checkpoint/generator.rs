use serde::{Deserialize, Serialize};

/// A generator; two are equal if their states are, and so all numbers that they will draw.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Generator<Random>(pub(crate) Random);

impl<Random: Serialize> PartialEq for Generator<Random> {
    fn eq(&self, other: &Self) -> bool {
        // Through serde, since the generators have no equality of their own.
        let state = |random| serde_json::to_value(random).expect("a generator is numbers");
        state(&self.0) == state(&other.0)
    }
}
