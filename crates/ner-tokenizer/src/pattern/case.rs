//! Matching without regard to case, as Python's `re` does it: by simple lower case and a few odd pairs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::char_set::CharSet;

/// The set of all characters that match a member of `set` when case does not count.
pub(super) fn fold(set: &CharSet) -> CharSet {
    let mut lowered: BTreeSet<u32> = BTreeSet::new();
    for (&character, &lower) in LOWER.iter().filter(|(character, _)| set.contains_code(**character)) {
        lowered.insert(lower);
        lowered.extend(EQUIVALENT.get(&lower).into_iter().flatten());
        debug_assert_ne!(character, lower);
    }
    for (_, equivalents) in EQUIVALENT.iter().filter(|(lower, _)| set.contains_code(**lower)) {
        lowered.extend(equivalents);
    }
    let with_lowered = set.union(&CharSet::from_ranges(lowered.into_iter().map(|code| (code, code))));
    only_by_lower_case(&with_lowered)
}

/// A character matches when its lower case is a member: an upper-case member itself does not count.
fn only_by_lower_case(members: &CharSet) -> CharSet {
    let upper = CharSet::from_ranges(LOWER.keys().map(|&code| (code, code)));
    let (yes, no): (Vec<_>, Vec<_>) = LOWER.iter().partition(|(_, lower)| members.contains_code(**lower));
    debug_assert_eq!(yes.len() + no.len(), LOWER.len());
    let lower_members = members.complement().union(&upper).complement();
    lower_members.union(&CharSet::from_ranges(yes.into_iter().map(|(&code, _)| (code, code))))
}

/// Characters with a lower case of their own, and that lower case: the first character of the full mapping.
static LOWER: LazyLock<BTreeMap<u32, u32>> = LazyLock::new(|| {
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
    fn check(members: &str, expected: &str) {
        let set = CharSet::from_ranges(members.chars().map(|character| (character as u32, character as u32)));
        let folded =
            CharSet::from_ranges(expected.chars().map(|character| (character as u32, character as u32)));
        assert_eq!(fold(&set), folded);
    }

    #[test]
    fn case_does_not_count() {
        check("a", "aA");
        check("É-", "éÉ-");
        check("k", "kK\u{212a}");
        check("s", "sSſ");
        check("i", "iIİı");
        check("1", "1");
    }
}
