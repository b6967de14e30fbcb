//! Matches are those of `re` in CPython 3.11, and no pattern runs without bound.

use super::*;

/// All matches, as texts between bars, the places of empty ones included.
#[track_caller]
fn check(pattern: &str, text: &str, expected: &[(usize, &str)]) {
    let pattern = Pattern::new(pattern).unwrap_or_else(|error| panic!("{pattern}: {error:?}"));
    let mut matches = Vec::new();
    pattern.find_all(text, &mut scratch(text), &mut matches).expect("a small pattern");
    let found: Vec<_> = matches.iter().map(|range| (range.start, &text[range.clone()])).collect();
    assert_eq!(found, expected);
    let first = pattern.search(text, &mut scratch(text)).expect("a small pattern");
    assert_eq!(first, matches.first().cloned(), "search and find_all agree");
}

fn scratch(text: &str) -> Scratch {
    let mut scratch = Scratch::default();
    scratch.begin(text);
    scratch
}

#[test]
fn repetitions_are_as_greedy_as_they_say() {
    check("a+", "baac", &[(1, "aa")]);
    check("a{2}", "aaaaa", &[(0, "aa"), (2, "aa")]);
    check("a{,2}b", "aaab", &[(1, "aab")]);
    check("a+?", "aa", &[(0, "a"), (1, "a")]);
    check("a++a|b", "aab", &[(2, "b")]);
    check("(?>a|ab)c", "abcac", &[(3, "ac")]);
    check("(|a)*", "a", &[(0, ""), (0, "a"), (1, "")]);
    check("(a?b??)*", "ab", &[(0, "a"), (1, ""), (1, "b"), (2, "")]);
    check(r"(\b)+a", "a", &[(0, "a")]);
    check("x{a}{", "x{a}{", &[(0, "x{a}{")]);
}

#[test]
fn empty_matches_stand_where_python_puts_them() {
    check("b*", "abb", &[(0, ""), (1, "bb"), (3, "")]);
    check("(?<=a)b*", "abba", &[(1, "bb"), (4, "")]);
    check("$", "a\n", &[(1, ""), (2, "")]);
    check(r"\Z", "a\n", &[(2, "")]);
    check("(?m)^", "a\nb", &[(0, ""), (2, "")]);
    check(r"\b", "a-", &[(0, ""), (1, "")]);
    check(r"\B", "", &[]);
}

#[test]
fn alternatives_are_tried_in_order_at_each_place() {
    check("b|ab|a", "ab", &[(0, "ab")]);
    check("a|ab", "ab", &[(0, "a")]);
    check("c$|bc$", "abc", &[(1, "bc")]);
    check(r"\.\.+$|x$", "..a...", &[(3, "...")]);
    check("(?:km||m)$", "km", &[(0, "km"), (2, "")]);
}

#[test]
fn looking_around_takes_nothing() {
    check("(?<=[0-9])k(?=m)", "1km k", &[(1, "k")]);
    check("(?<!ab)c", "abcc", &[(3, "c")]);
    check("(?<=^a)b", "abab", &[(1, "b")]);
    check("a(?!b)", "abac", &[(2, "a")]);
    check("(?=(a+))a", "aa", &[(0, "a"), (1, "a")]);
}

#[test]
fn sets_are_read_as_python_reads_them() {
    check(r"[]\-x]", "]-xy", &[(0, "]"), (1, "-"), (2, "x")]);
    check("[^^]", "^a", &[(1, "a")]);
    check("[a-]", "b-", &[(1, "-")]);
    check(r"[\d_]+", "a1_٣", &[(1, "1_٣")]);
    check(r"[\U0001F300-\U0001F5FF\ud800-\udfff]", "🌀", &[(0, "🌀")]);
    check(r"\w+", "é२²a\u{301}", &[(0, "é२²a")]);
    check(r"(?a)\w+", "aé", &[(0, "a")]);
    check(r"\x41\101\u0042", "AAB", &[(0, "AAB")]);
}

#[test]
fn flags_hold_where_they_stand() {
    check("(?i)ß|é", "ẞÉ", &[(0, "ẞ"), (3, "É")]);
    check("(?i:a)b", "AbaB", &[(0, "Ab")]);
    check("(?a)(?i)k", "kK\u{212a}", &[(0, "k"), (1, "K")]);
    check("(?i)[^a]", "aAb", &[(2, "b")]);
    check("(?x) a b # c", "ab", &[(0, "ab")]);
    check("(?s).", "\n", &[(0, "\n")]);
    check("(?P<name>a)(?#comment)b", "ab", &[(0, "ab")]);
}

#[test]
fn what_python_refuses_is_refused() {
    for pattern in
        ["(", ")", "[", "a**", "*", "a{2,1}", r"\1", "(?<=a*)b", "[b-a]", r"\q", "(?P=x)", "a(?i)", "^*"]
    {
        assert!(Pattern::new(pattern).is_err(), "{pattern}");
    }
}

#[test]
fn huge_repetitions_are_refused() {
    for pattern in ["(((a{999}){999}){999})", "a{4294967296}", &"(".repeat(10_000)] {
        assert!(Pattern::new(pattern).is_err());
    }
    check("((((){999}){999}){999}){999}a{0}b", "b", &[(0, "b")]);
}

#[test]
fn repetitions_within_repetitions_end() {
    let text = "a".repeat(5_000) + "b";
    for source in ["(a+)+$", "(a|aa)+$", "(a*)*c", "(?=(a+)+$)b", "(a|b|ab)*c", r"(\w+-\w+(-\w+)*)"] {
        let pattern = Pattern::new(source).expect("a valid pattern");
        let found = pattern.search(&text, &mut scratch(&text));
        assert!(matches!(found, Ok(None) | Err(TooSlow { length: 5_001 })), "{source}: {found:?}");
    }
}

#[test]
fn many_searches_in_a_text_have_an_end_together() {
    let text = "ab".repeat(5_000);
    for source in ["a(?=.*c)|b", "a(?!.*c)", "(?=(a|b|ab)*c)a|b"] {
        let (pattern, mut scratch) = (Pattern::new(source).expect("a valid pattern"), scratch(&text));
        let found = pattern.find_all(&text, &mut scratch, &mut Vec::new());
        assert_eq!(found, Err(TooSlow { length: text.len() }), "{source}");
    }
}
