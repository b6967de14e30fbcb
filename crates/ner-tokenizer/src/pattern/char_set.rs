//! Sets of characters: a bit each for ASCII, sorted ranges for the rest.

use std::sync::LazyLock;

use ner_cpython::CharClass;

/// A set of characters. Surrogates may be members, but no text holds them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct CharSet {
    ascii: u128,
    /// Sorted, disjoint, not touching; both ends belong. ASCII is among them.
    ranges: Box<[(u32, u32)]>,
}

impl CharSet {
    pub(super) fn from_ranges(ranges: impl IntoIterator<Item = (u32, u32)>) -> CharSet {
        let mut sorted: Vec<(u32, u32)> = ranges.into_iter().collect();
        sorted.sort_unstable();
        let mut merged: Vec<(u32, u32)> = Vec::with_capacity(sorted.len());
        // Ranges that touch are merged too, so that equal sets are equal as values and are interned once.
        for (start, end) in sorted {
            match merged.last_mut() {
                Some(last) if start <= last.1.saturating_add(1) => last.1 = last.1.max(end),
                _ => merged.push((start, end)),
            }
        }
        let ascii =
            merged.iter().take_while(|range| range.0 < 128).map(|&(start, end)| ascii_bits(start, end));
        CharSet { ascii: ascii.fold(0, |bits, more| bits | more), ranges: merged.into() }
    }

    pub(super) fn of(character: char) -> CharSet {
        CharSet::from_ranges([(character as u32, character as u32)])
    }

    pub(super) fn any() -> CharSet {
        CharSet::from_ranges([(0, char::MAX as u32)])
    }

    /// The set that `\d`, `\s` or `\w` names, restricted to ASCII where the flag `a` says so.
    pub(super) fn class(class: Class, ascii_only: bool) -> &'static CharSet {
        static UNICODE: LazyLock<[CharSet; 3]> =
            LazyLock::new(|| [CharClass::DECIMAL.into(), CharClass::SPACE.into(), word()]);
        static ASCII: LazyLock<[CharSet; 3]> =
            LazyLock::new(|| UNICODE.each_ref().map(|set| CharSet::from_ranges(ascii_part(set))));
        let sets = if ascii_only { &ASCII } else { &UNICODE };
        &sets[class as usize]
    }

    pub(super) fn union(&self, other: &CharSet) -> CharSet {
        CharSet::union_of([self, other])
    }

    /// The union of many sets.
    pub(super) fn union_of<'s>(sets: impl IntoIterator<Item = &'s CharSet>) -> CharSet {
        CharSet::from_ranges(sets.into_iter().flat_map(|set| set.ranges.iter().copied()))
    }

    pub(super) fn complement(&self) -> CharSet {
        let starts = std::iter::once(0).chain(self.ranges.iter().map(|range| range.1 + 1));
        let ends = self.ranges.iter().map(|range| range.0).chain([char::MAX as u32 + 1]);
        CharSet::from_ranges(
            starts.zip(ends).filter(|(start, end)| start < end).map(|(start, end)| (start, end - 1)),
        )
    }

    pub(crate) fn contains(&self, character: char) -> bool {
        if character.is_ascii() {
            self.contains_ascii(character as u8)
        } else {
            self.contains_code(character as u32)
        }
    }

    /// Whether the set has this ASCII character. `byte` is below 128.
    pub(super) fn contains_ascii(&self, byte: u8) -> bool {
        self.ascii >> byte & 1 == 1
    }

    pub(super) fn contains_code(&self, code: u32) -> bool {
        let index = self.ranges.partition_point(|range| range.1 < code);
        self.ranges.get(index).is_some_and(|range| range.0 <= code)
    }

    pub(super) fn is_ascii(&self) -> bool {
        self.ranges.last().is_none_or(|range| range.1 < 128)
    }

    /// The number of members.
    pub(super) fn len(&self) -> u32 {
        self.ranges.iter().map(|range| range.1 - range.0 + 1).sum()
    }

    pub(super) fn ranges(&self) -> &[(u32, u32)] {
        &self.ranges
    }
}

/// A class that an escape names.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Digit = 0,
    Space = 1,
    Word = 2,
}

/// The bits of `start..=end` among the 128 of ASCII: those up to the end and those from the start on.
fn ascii_bits(start: u32, end: u32) -> u128 {
    let last = end.min(127);
    (u128::MAX >> (127 - last)) & (u128::MAX << start)
}

fn ascii_part(set: &CharSet) -> impl Iterator<Item = (u32, u32)> + '_ {
    set.ranges.iter().filter(|range| range.0 < 128).map(|range| (range.0, range.1.min(127)))
}

impl From<CharClass> for CharSet {
    fn from(class: CharClass) -> CharSet {
        CharSet::from_ranges(class.ranges())
    }
}

/// What `\w` matches: letters, numbers of every kind, and the underscore; marks are not among them.
fn word() -> CharSet {
    let letters = CharClass::ALPHA | CharClass::DECIMAL | CharClass::DIGIT | CharClass::NUMERIC;
    CharSet::union_of([&letters.into(), &CharSet::of('_')])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_and_its_complement_share_no_character_and_cover_all() {
        let set = CharSet::from_ranges([(0x61, 0x7a), (0x30, 0x39), (0x7b, 0x7b), (0x391, 0x3a9)]);
        assert_eq!(set.ranges(), [(0x30, 0x39), (0x61, 0x7b), (0x391, 0x3a9)]);
        assert_eq!(set.complement().complement(), set);
        assert_eq!(set.union(&set.complement()), CharSet::any());
        for character in ['a', '{', '|', '5', 'Ω', 'ω', '\u{10ffff}'] {
            assert_ne!(set.contains(character), set.complement().contains(character));
            assert_eq!(set.contains(character), set.contains_code(character as u32));
        }
    }
}
