/// The tokens that a state shows to the model.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum ContextFeatures {
    /// The next token; while an entity is open, its first token and the token before the next.
    Basic,
    /// The next token and the first five tokens of the open entity (`extra_state_tokens`).
    Extended,
}

impl ContextFeatures {
    /// The context of `count` token ids a state; `None` for a number that is neither's.
    pub fn with_count(count: usize) -> Option<ContextFeatures> {
        [ContextFeatures::Basic, ContextFeatures::Extended]
            .into_iter()
            .find(|context| context.count() == count)
    }

    /// The number of token ids a state.
    pub fn count(self) -> usize {
        match self {
            ContextFeatures::Basic => 3,
            ContextFeatures::Extended => 6,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_context_is_known_by_its_number_of_tokens() {
        assert_eq!(ContextFeatures::with_count(3), Some(ContextFeatures::Basic));
        assert_eq!(ContextFeatures::with_count(6), Some(ContextFeatures::Extended));
        assert_eq!(ContextFeatures::with_count(8), None);
    }
}
