use std::ops::Range;

use ner_doc::Token;

/// Which token of a span each character of its text belongs to.
#[derive(Debug)]
pub(super) struct Owners(Vec<u32>);

impl Owners {
    /// Of the text of these tokens. A token owns the space after it too.
    // spaCy: the end of a token is taken as inclusive (get_alignment_via_offset_mapping in spacy_transformers/align.pyx), so
    // that a piece which begins with a space belongs to the word before it as well.
    pub(super) fn of_span(tokens: &[Token]) -> Owners {
        let mut owners = Vec::new();
        for (index, token) in tokens.iter().enumerate() {
            owners.resize(owners.len() + token.n_chars(), index as u32);
        }
        Owners(owners)
    }

    /// The tokens that a piece belongs to, each once, given its characters.
    pub(super) fn of_piece(&self, chars: Range<usize>) -> impl Iterator<Item = usize> {
        let end = chars.end.min(self.0.len());
        let owners = &self.0[chars.start.min(end)..end];
        // Owners ascend from character to character.
        owners.chunk_by(|left, right| left == right).map(|owners| owners[0] as usize)
    }
}
