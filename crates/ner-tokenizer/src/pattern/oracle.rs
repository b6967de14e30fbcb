//! The engine beside `fancy-regex`: the English rules match the same.

use std::ops::Range;
use std::sync::LazyLock;

use fancy_regex::Regex;
use proptest::prelude::*;

use super::{Pattern, Scratch};
use crate::language;
use crate::rules::{Rules, file};

/// A rule with its twin.
struct Twins {
    name: &'static str,
    ours: Pattern,
    theirs: Regex,
}

static TWINS: LazyLock<[Twins; 3]> = LazyLock::new(|| {
    let rules = file::read(&language::rules("en").expect("English is built in")).expect("our rules");
    let Rules { prefix_search, suffix_search, infix_finditer, .. } = rules;
    let rules = [("prefix", prefix_search), ("suffix", suffix_search), ("infix", infix_finditer)];
    rules.map(|(name, pattern)| {
        let ours = pattern.expect("English has all three");
        let theirs = Regex::new(ours.source()).expect("both know all that the rules use");
        Twins { name, ours, theirs }
    })
});

/// Short texts of characters that the rules look at. Marks, line feeds and the separators of ASCII are not among them:
/// of these Python says otherwise than Unicode whether they belong to words, end a text or are white space.
const TEXT: &str = "[ \ta-cA-CksKM0-9.,:;!?'’\"()\\-/*+=$€°%_#@é中Я\u{1F600}…–«»]{0,12}";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn rules_match_as_in_another_engine(text in TEXT) {
        for Twins { name, ours, theirs } in TWINS.iter() {
            let mut scratch = Scratch::default();
            scratch.begin(&text);
            let mut found = Vec::new();
            ours.find_all(&text, &mut scratch, &mut found).expect("a short text");
            let expected: Vec<Range<usize>> =
                theirs.find_iter(&text).map(|found| found.expect("a short text").range()).collect();
            prop_assert_eq!(&found, &expected, "all matches of {}", name);
            let first = ours.search(&text, &mut scratch).expect("a short text");
            prop_assert_eq!(first.as_ref(), expected.first(), "the first match of {}", name);
        }
    }
}
