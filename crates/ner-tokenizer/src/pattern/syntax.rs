//! A pattern as a tree.

use super::char_set::CharSet;

/// The number of a set in [`Sets`].
pub(super) type SetId = u32;

/// A part of a pattern.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Empty,
    Set(SetId),
    Assertion(Assertion),
    Concat(Vec<Node>),
    Alternate(Vec<Node>),
    Repeat { body: Box<Node>, min: u32, max: Option<u32>, greed: Greed },
    Look { body: Box<Node>, behind: bool, negate: bool },
    Atomic(Box<Node>),
}

/// How a repetition chooses among the lengths that it could have.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Greed {
    Greedy,
    Lazy,
    Possessive,
}

/// A condition on a place in the text.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Assertion {
    Start,
    LineStart,
    End,
    /// Python's `$`: the end, or just before a line feed that ends the text.
    EndOrLastLineFeed,
    LineEnd,
    WordBoundary {
        negate: bool,
        ascii: bool,
    },
}

impl Node {
    /// The least and the greatest number of characters that the node takes; `None`: no bound.
    pub(super) fn width(&self) -> (usize, Option<usize>) {
        match self {
            Node::Empty | Node::Assertion(_) | Node::Look { .. } => (0, Some(0)),
            Node::Set(_) => (1, Some(1)),
            Node::Atomic(body) => body.width(),
            Node::Concat(parts) => {
                parts.iter().map(Node::width).fold((0, Some(0)), |(min, max), (least, most)| {
                    (min.saturating_add(least), max.zip(most).map(|(max, most)| max.saturating_add(most)))
                })
            }
            Node::Alternate(branches) => {
                let widths = || branches.iter().map(Node::width);
                let most =
                    widths().map(|width| width.1).try_fold(0, |max, most| most.map(|most| max.max(most)));
                (widths().map(|width| width.0).min().unwrap_or(0), most)
            }
            Node::Repeat { body, min, max, .. } => {
                let (least, most) = body.width();
                // Nothing repeated without bound is still nothing.
                let most = if most == Some(0) {
                    Some(0)
                } else {
                    most.zip(*max).map(|(most, max)| most.saturating_mul(max as usize))
                };
                (least.saturating_mul(*min as usize), most)
            }
        }
    }
}

/// The distinct sets of a pattern.
#[derive(Debug, Default)]
pub(super) struct Sets {
    sets: Vec<CharSet>,
    ids: std::collections::HashMap<CharSet, SetId>,
}

impl Sets {
    pub(super) fn intern(&mut self, set: CharSet) -> SetId {
        // Equal sets get one number: language rules repeat their long classes hundreds of times.
        let next = self.sets.len() as SetId;
        *self.ids.entry(set).or_insert_with_key(|set| {
            self.sets.push(set.clone());
            next
        })
    }

    pub(super) fn get(&self, id: SetId) -> &CharSet {
        &self.sets[id as usize]
    }

    pub(super) fn into_vec(self) -> Vec<CharSet> {
        self.sets
    }
}
