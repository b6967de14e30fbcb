//! Sentence starts that follow from heads.

use ner_doc::Doc;

/// Rounds after which a tree that crosses itself is taken as it is.
const MAX_ROUNDS: usize = 12;

/// Starts a sentence at the left edge of every root's subtree, and nowhere else, as spaCy does for a parsed
/// document. The document must have syntax, with heads inside it.
pub(crate) fn start_at_roots(doc: &mut Doc) {
    let heads: Vec<usize> = doc
        .syntax
        .iter()
        .enumerate()
        .map(|(index, syntax)| index.saturating_add_signed(syntax.head as isize))
        .collect();
    let left_edges = left_edges(&heads);
    for token in &mut doc.tokens {
        token.sent_start = -1;
    }
    for (index, &head) in heads.iter().enumerate() {
        if head == index && !doc.syntax[index].dep.is_empty() {
            doc.tokens[left_edges[index]].sent_start = 1;
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

// spaCy: doc.pyx looks at all sentences but leaves out the last token of each range, so the result is kept the same.
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
