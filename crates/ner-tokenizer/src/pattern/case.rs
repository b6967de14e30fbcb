//! Matching without regard to case, as Python's `re` does it: by simple lower case and a few odd pairs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::char_set::CharSet;

/// The set of all characters that match a member of `set` when case does not count; under the flag `a`, the case of
/// ASCII letters alone.
pub(super) fn fold(set: &CharSet, ascii: bool) -> CharSet {
    // CPython lowers the pattern first, and compares lowered characters of the text with it.
    let mut lowered: BTreeSet<u32> = BTreeSet::new();
    for (_, lower) in pairs(ascii).filter(|&(character, _)| set.contains_code(character)) {
        lowered.insert(lower);
        lowered.extend(EQUIVALENT.get(&lower).into_iter().flatten().filter(|_| !ascii));
    }
    for (_, equivalents) in EQUIVALENT.iter().filter(|(lower, _)| !ascii && set.contains_code(**lower)) {
        lowered.extend(equivalents);
    }
    let members = set.union(&CharSet::from_ranges(lowered.into_iter().map(|code| (code, code))));
    only_by_lower_case(&members, ascii)
}

/// A character matches when its lower case is a member: an upper-case member itself does not count.
fn only_by_lower_case(members: &CharSet, ascii: bool) -> CharSet {
    let upper = CharSet::from_ranges(pairs(ascii).map(|(code, _)| (code, code)));
    let lower_members = members.complement().union(&upper).complement();
    let matching = pairs(ascii).filter(|&(_, lower)| members.contains_code(lower));
    lower_members.union(&CharSet::from_ranges(matching.map(|(code, _)| (code, code))))
}

/// Characters with their lower case, where it is another character.
fn pairs(ascii: bool) -> impl Iterator<Item = (u32, u32)> {
    let limit = if ascii { 0x80 } else { u32::MAX };
    LOWER.range(..limit).map(|(&character, &lower)| (character, lower))
}

/// Characters with a lower case of their own, and that lower case: the first character of the full mapping.
static LOWER: LazyLock<BTreeMap<u32, u32>> = LazyLock::new(|| {
    // No character of a higher plane has case.
    let cased = ('\0'..='\u{1ffff}').map(|character| (character as u32, lower(character)));
    cased.filter(|(code, lower)| code != lower).collect()
});

/// Lower-case characters that share their upper case with other ones, such as `i` and the dotless `ı`.
static EQUIVALENT: LazyLock<BTreeMap<u32, Vec<u32>>> = LazyLock::new(|| {
    let mut by_upper: BTreeMap<String, BTreeSet<u32>> = BTreeMap::new();
    for character in '\0'..='\u{1ffff}' {
        if character.to_lowercase().count() == 1 {
            by_upper.entry(character.to_uppercase().collect()).or_default().insert(lower(character));
        }
    }
    let shared = by_upper.into_values().filter(|codes| codes.len() > 1);
    shared
        .flat_map(|codes| codes.clone().into_iter().map(move |code| (code, codes.iter().copied().collect())))
        .collect()
});

fn lower(character: char) -> u32 {
    character.to_lowercase().next().unwrap_or(character) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(ascii: bool, members: &str, expected: &str) {
        let set = CharSet::from_ranges(members.chars().map(|character| (character as u32, character as u32)));
        let folded =
            CharSet::from_ranges(expected.chars().map(|character| (character as u32, character as u32)));
        assert_eq!(fold(&set, ascii), folded);
    }

    #[test]
    fn case_does_not_count() {
        check(false, "a", "aA");
        check(false, "É-", "éÉ-");
        check(false, "k", "kK\u{212a}");
        check(false, "s", "sSſ");
        check(false, "i", "iIİı");
        check(false, "1", "1");
        check(true, "kKéſ", "kKéſ");
    }
}
