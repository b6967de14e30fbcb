/// What kind of component shares rows, and with whom: libraries of spaCy have listeners of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SharedKind {
    /// The vectors of tokens, as a `tok2vec` shares them.
    Tok2Vec,
    /// The rows of a `transformer`.
    Transformer,
    /// The rows of a `curated_transformer`, of the last layer or of all of them.
    CuratedTransformer {
        /// Whether all layers are shared, that of the embeddings included.
        all_layers: bool,
    },
}

impl SharedKind {
    /// Whether a listener that wants rows of this kind can take those of the kind `shared`.
    pub fn takes(self, shared: SharedKind) -> bool {
        match (self, shared) {
            (
                SharedKind::CuratedTransformer { all_layers: wanted },
                SharedKind::CuratedTransformer { all_layers },
            ) => all_layers || !wanted,
            _ => self == shared,
        }
    }

    /// The factory of such a component.
    pub fn factory(self) -> &'static str {
        match self {
            SharedKind::Tok2Vec => "tok2vec",
            SharedKind::Transformer => "transformer",
            SharedKind::CuratedTransformer { .. } => "curated_transformer",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::SharedKind::{CuratedTransformer, Tok2Vec, Transformer};

    #[test]
    fn listeners_take_what_their_own_library_shares() {
        let [last, all] = [false, true].map(|all_layers| CuratedTransformer { all_layers });
        let kinds = [Tok2Vec, Transformer, last, all];
        for wanted in kinds {
            let taken = kinds.into_iter().filter(|shared| wanted.takes(*shared));
            let expected = if wanted == last { vec![last, all] } else { vec![wanted] };
            assert_eq!(taken.collect::<Vec<_>>(), expected, "{wanted:?}");
        }
    }
}
