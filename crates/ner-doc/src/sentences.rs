use std::ops::Range;

use crate::Doc;

/// The number of rounds after which the edges of a tree with crossing arcs are taken as they are.
// spaCy: twelve, since the loop ends when a counter from 0 is seen to be above 10 (tokens/doc.pyx).
const MAX_ROUNDS: usize = 12;

impl Doc {
    /// First token and one past the last of each sentence: one starts wherever a token says so.
    pub fn sentences(&self) -> Vec<Range<usize>> {
        let is_start = |index: &usize| *index == 0 || self.tokens[*index].sent_start == 1;
        let starts: Vec<usize> = (0..self.len()).filter(is_start).collect();
        let ends = starts.iter().skip(1).copied().chain([self.len()]);
        starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect()
    }

    /// Starts a sentence at the left edge of every root's subtree, and nowhere else, as spaCy does for a parsed
    /// document. Heads outside the document count as the token itself.
    pub fn start_sentences_at_roots(&mut self) {
        let n_tokens = self.syntax.len();
        let head = |(index, offset): (usize, i32)| {
            index.checked_add_signed(offset as isize).filter(|&head| head < n_tokens).unwrap_or(index)
        };
        let heads: Vec<usize> = self.syntax.iter().map(|syntax| syntax.head).enumerate().map(head).collect();
        let left_edges = left_edges(&heads);
        for token in &mut self.tokens {
            token.sent_start = -1;
        }
        for (index, &head) in heads.iter().enumerate() {
            // spaCy: without a relation the head is missing, and the token is no root (tokens/token.pxd).
            if head == index && !self.syntax[index].dep.is_empty() {
                self.tokens[left_edges[index]].sent_start = 1;
            }
        }
    }
}

/// The first token of each token's subtree. One pass in each direction settles a tree without crossing arcs.
fn left_edges(heads: &[usize]) -> Vec<usize> {
    let mut edges: Vec<usize> = (0..heads.len()).collect();
    for _ in 0..MAX_ROUNDS {
        for child in (0..heads.len()).chain((0..heads.len()).rev()) {
            edges[heads[child]] = edges[heads[child]].min(edges[child]);
        }
        if are_heads_within_sentences(heads, &edges) {
            break;
        }
    }
    edges
}

// spaCy: the last token of each sentence is left out (tokens/doc.pyx), which can end the rounds early.
fn are_heads_within_sentences(heads: &[usize], edges: &[usize]) -> bool {
    let mut is_start = vec![false; heads.len()];
    for (index, &head) in heads.iter().enumerate() {
        if head == index {
            is_start[edges[index]] = true;
        }
    }
    let mut start = 0;
    for index in 0..heads.len() {
        if (index > 0 && is_start[index]) || index + 1 == heads.len() {
            if heads[start..index].iter().any(|&head| head < start || head > index) {
                return false;
            }
            start = index;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ner_vocab::{StringId, Vocab};

    use super::*;
    use crate::Syntax;

    #[test]
    fn a_sentence_starts_where_a_roots_subtree_does() {
        let heads = [2, 2, -1, 0, -1, 1, 0];
        let mut doc = Doc::from_words(Arc::new(Vocab::new("xx").unwrap()), &["w"; 7], &[]);
        doc.syntax = heads.map(|head| Syntax { head, dep: StringId(1), ..Syntax::default() }).to_vec();
        doc.start_sentences_at_roots();
        let starts: Vec<i8> = doc.tokens.iter().map(|token| token.sent_start).collect();
        assert_eq!(starts, [1, -1, -1, -1, -1, 1, -1]);
        assert_eq!(doc.sentences(), [0..5, 5..7]);
        doc.tokens.clear();
        assert_eq!(doc.sentences(), []);
    }
}
