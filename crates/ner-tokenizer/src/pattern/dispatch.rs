//! The alternatives of a pattern that are worth trying at a character.

use super::char_set::CharSet;
use super::syntax::{SetId, Sets};

/// Alternatives by the character that they need; in the order of the pattern everywhere.
#[derive(Clone, Debug)]
pub(super) struct Dispatch {
    by_ascii: Vec<Box<[u32]>>,
    /// Alternatives that may suit a character outside ASCII.
    other: Box<[u32]>,
    /// The characters outside ASCII that an alternative needs.
    needed: CharSet,
    /// Alternatives that need no character.
    free: Box<[u32]>,
}

impl Dispatch {
    /// `needs` holds, for each alternative, the set that has the character; `None`: any place will do.
    pub(super) fn new(needs: &[Option<SetId>], sets: &Sets) -> Dispatch {
        let alternatives = |suits: &dyn Fn(&CharSet) -> bool| -> Box<[u32]> {
            let suitable = |need: &Option<SetId>| need.is_none_or(|id| suits(sets.get(id)));
            (0..).zip(needs).filter(|(_, need)| suitable(need)).map(|(index, _)| index).collect()
        };
        let ranges = needs.iter().flatten().flat_map(|&id| sets.get(id).ranges());
        // A list for each ASCII character and one for all others, which are asked for in their sets: classes of letters have
        // thousands of them.
        Dispatch {
            by_ascii: (0..128).map(|byte| alternatives(&|set| set.contains_ascii(byte))).collect(),
            other: alternatives(&|set| !set.is_ascii()),
            needed: CharSet::from_ranges(ranges.copied()),
            free: alternatives(&|_| false),
        }
    }

    /// The alternatives that may suit the character. For ASCII they do; for others, ask their sets.
    pub(super) fn candidates(&self, character: Option<char>) -> &[u32] {
        match character {
            Some(ascii) if ascii.is_ascii() => &self.by_ascii[ascii as usize],
            Some(other) if self.needed.contains(other) => &self.other,
            _ => &self.free,
        }
    }
}
