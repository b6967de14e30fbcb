//! Conditions that hold for any match of a pattern, worked out before a text is seen: where it may start, which
//! characters it needs. They only have to be necessary: what passes them is tried by the machine.

use super::char_set::CharSet;
use super::syntax::{Assertion, Node, SetId, Sets};

/// Necessary conditions of a match. `None`: nothing is known.
#[derive(Copy, Clone, Debug, Default)]
pub(super) struct Facts {
    /// The match starts at the start of the text.
    pub(super) starts_text: bool,
    /// The match ends with the text, or before a line feed that ends the text.
    pub(super) ends_text: bool,
    /// Has the character that follows the place where the match starts.
    pub(super) first: Option<SetId>,
    /// Has the last character of the match.
    pub(super) last: Option<SetId>,
    /// At least one of these characters is in the text.
    pub(super) required: Option<SetId>,
    /// Characters in the match at most.
    pub(super) max_width: Option<usize>,
    /// Has every character of the match; known where there is no greatest width.
    pub(super) alphabet: Option<SetId>,
}

impl Facts {
    pub(super) fn of(node: &Node, sets: &mut Sets) -> Facts {
        let first = Edge::Start.characters(node, sets);
        let last = Edge::End.characters(node, sets);
        let required = required(node, sets);
        let max_width = node.width().1;
        // Where the width is bounded, it says more exactly how far back a match can begin.
        let alphabet = if max_width.is_none() { Some(alphabet(node, sets)) } else { None };
        Facts {
            starts_text: touches(node, Edge::Start),
            ends_text: touches(node, Edge::End),
            first: first.map(|set| sets.intern(set)),
            last: last.map(|set| sets.intern(set)),
            required: required.map(|set| sets.intern(set)),
            max_width,
            alphabet: alphabet.map(|set| sets.intern(set)),
        }
    }
}

/// One end of a match.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Edge {
    Start,
    End,
}

impl Edge {
    /// The characters that a match of the node may have at this edge; `None` if it may take none at all.
    fn characters(self, node: &Node, sets: &Sets) -> Option<CharSet> {
        let (set, is_certain) = self.reach(node, sets);
        is_certain.then_some(set)
    }

    /// The characters at this edge, and whether there must be one of them.
    fn reach(self, node: &Node, sets: &Sets) -> (CharSet, bool) {
        match node {
            Node::Set(id) => (sets.get(*id).clone(), true),
            Node::Atomic(body) => self.reach(body, sets),
            Node::Repeat { body, min, .. } => {
                let (set, is_certain) = self.reach(body, sets);
                (set, is_certain && *min > 0)
            }
            // The text must have these characters here although the look-ahead does not take them.
            Node::Look { body, behind: false, negate: false } if self == Edge::Start => {
                self.reach(body, sets)
            }
            Node::Alternate(branches) => {
                let reaches: Vec<_> = branches.iter().map(|branch| self.reach(branch, sets)).collect();
                let is_certain = reaches.iter().all(|(_, is_certain)| *is_certain);
                (CharSet::union_of(reaches.iter().map(|(set, _)| set)), is_certain)
            }
            Node::Concat(parts) => match self {
                Edge::Start => self.reach_along(parts.iter(), sets),
                Edge::End => self.reach_along(parts.iter().rev(), sets),
            },
            Node::Empty | Node::Assertion(_) | Node::Look { .. } => (none(), false),
        }
    }

    fn reach_along<'n>(self, parts: impl Iterator<Item = &'n Node>, sets: &Sets) -> (CharSet, bool) {
        let mut all = none();
        for part in parts {
            let (set, is_certain) = self.reach(part, sets);
            all = all.union(&set);
            if is_certain {
                return (all, true);
            }
        }
        (all, false)
    }
}

fn none() -> CharSet {
    CharSet::from_ranges([])
}

/// Whether the node begins, or ends, with the assertion that pins it to that edge of the text.
fn touches(node: &Node, edge: Edge) -> bool {
    match (node, edge) {
        // Not those of lines: under the flag `m` they hold in the middle of a text as well.
        (Node::Assertion(Assertion::Start), Edge::Start) => true,
        (Node::Assertion(Assertion::End | Assertion::EndOrLastLineFeed), Edge::End) => true,
        (Node::Concat(parts), Edge::Start) => parts.first().is_some_and(|part| touches(part, edge)),
        (Node::Concat(parts), Edge::End) => parts.last().is_some_and(|part| touches(part, edge)),
        (Node::Alternate(branches), _) => branches.iter().all(|branch| touches(branch, edge)),
        (Node::Atomic(body), _) => touches(body, edge),
        _ => false,
    }
}

/// The smallest set that is known to have a character in common with every match.
fn required(node: &Node, sets: &Sets) -> Option<CharSet> {
    match node {
        Node::Set(id) => Some(sets.get(*id).clone()),
        Node::Atomic(body) => required(body, sets),
        Node::Repeat { body, min, .. } if *min > 0 => required(body, sets),
        // Every part has such a set; the smallest is the least likely to be in a text.
        Node::Concat(parts) => parts.iter().filter_map(|part| required(part, sets)).min_by_key(CharSet::len),
        Node::Alternate(branches) => {
            let branches: Option<Vec<_>> = branches.iter().map(|branch| required(branch, sets)).collect();
            branches.map(|branches| CharSet::union_of(&branches))
        }
        _ => None,
    }
}

fn alphabet(node: &Node, sets: &Sets) -> CharSet {
    let mut ids = Vec::new();
    taken(node, &mut ids);
    CharSet::union_of(ids.into_iter().map(|id| sets.get(id)))
}

fn taken(node: &Node, ids: &mut Vec<SetId>) {
    match node {
        Node::Set(id) => ids.push(*id),
        Node::Concat(parts) | Node::Alternate(parts) => parts.iter().for_each(|part| taken(part, ids)),
        Node::Repeat { body, .. } | Node::Atomic(body) => taken(body, ids),
        Node::Empty | Node::Assertion(_) | Node::Look { .. } => {}
    }
}
