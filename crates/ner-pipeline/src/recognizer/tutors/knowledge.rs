use ner_transitions::ActionId;

/// What a recogniser has found out about documents, from which it can say what it would do in any of their states. It
/// depends on the documents alone, and can be kept from one visit to the next.
#[derive(Debug)]
pub enum Knowledge {
    /// The vectors of the tokens as the state layer takes them, `[tokens, hidden_width]`; all documents in a row.
    Tokens(Vec<f32>),
    /// The parses that a beam ended with, of each document.
    Parses(Vec<Vec<Parse>>),
}

/// The probability of a parse, and its actions.
pub(super) type Parse = (f64, Vec<ActionId>);

impl Knowledge {
    /// The memory that it takes.
    pub fn n_bytes(&self) -> usize {
        match self {
            Knowledge::Tokens(vectors) => size_of_val(&vectors[..]),
            Knowledge::Parses(docs) => {
                docs.iter().flatten().map(|(_, actions)| size_of_val(&actions[..]) + size_of::<f64>()).sum()
            }
        }
    }
}
