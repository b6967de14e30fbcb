use std::collections::HashSet;

use ner_cpython::{CharClass, lower};

/// How a language writes numbers.
#[derive(Debug)]
pub(crate) struct NumberRule {
    words: HashSet<&'static str>,
    /// Whether number words are recognised in any case.
    ignores_case: bool,
    allows_sign: bool,
    allows_percent: bool,
    /// Characters without meaning, such as those between thousands.
    separators: &'static [char],
    /// Recognises forms that no other language has, in a text without sign and separators.
    own_form: fn(&NumberRule, &str) -> bool,
}

impl NumberRule {
    // spaCy: like_num is a function of its own in each language (lang/*/lex_attrs.py); they differ in no more than this.
    pub(crate) fn of_language(code: &str, words: &'static str) -> NumberRule {
        NumberRule {
            words: words.lines().collect(),
            ignores_case: !matches!(code, "ar" | "ca" | "fa" | "fi" | "he" | "uk"),
            allows_sign: !matches!(code, "fa" | "nl" | "pl" | "uk"),
            allows_percent: code == "ru",
            separators: match code {
                "fa" => &[',', '.', '،', '٫', '/'],
                "pt" => &[',', '.', 'º', 'ª'],
                _ => &[',', '.'],
            },
            own_form: match code {
                "el" => greek,
                "en" => english,
                "hi" => hindi,
                "id" => indonesian,
                "tr" => turkish,
                _ => |_, _| false,
            },
        }
    }

    /// Whether the text looks like a number: digits, a fraction, a number word or an ordinal.
    pub(crate) fn matches(&self, text: &str) -> bool {
        let unsigned = if self.allows_sign { text.strip_prefix(['+', '-', '±', '~']) } else { None };
        let text = unsigned.unwrap_or(text);
        let text = if self.allows_percent { text.strip_suffix('%').unwrap_or(text) } else { text };
        // spaCy: they are removed wherever they stand, so `1,2.` is a number as well (lang/lex_attrs.py).
        if text.contains(self.separators) {
            let text = text.replace(self.separators, "");
            self.matches_bare(&text)
        } else {
            self.matches_bare(text)
        }
    }

    fn matches_bare(&self, text: &str) -> bool {
        is_number(text)
            || is_pair(text, '/')
            || if self.ignores_case { self.is_word(&lower(text)) } else { self.is_word(text) }
            || (self.own_form)(self, text)
    }

    fn is_word(&self, text: &str) -> bool {
        self.words.contains(text)
    }
}

fn is_number(text: &str) -> bool {
    CharClass::DIGIT.all(text)
}

/// Whether the text consists of two numbers and this character between them.
fn is_pair(text: &str, between: char) -> bool {
    text.split_once(between).is_some_and(|(first, second)| is_number(first) && is_number(second))
}

/// `22nd`.
fn english(_: &NumberRule, text: &str) -> bool {
    let lower = lower(text);
    ["st", "nd", "rd", "th"].iter().filter_map(|ending| lower.strip_suffix(ending)).any(is_number)
}

/// `2^8`, number words as written, and phrases that begin with a number word.
fn greek(rule: &NumberRule, text: &str) -> bool {
    is_pair(text, '^') || rule.is_word(text) || rule.is_word(lower(text).split(' ').next().unwrap_or(""))
}

/// Number words from eleven on with the ordinal ending.
fn hindi(_: &NumberRule, text: &str) -> bool {
    // spaCy: the ordinals up to ten are number words of their own (lang/hi/lex_attrs.py).
    let stems = include_str!("languages/hi/ordinal_stems.txt");
    text.strip_suffix("वाँ").is_some_and(|stem| stems.lines().any(|line| line == stem))
}

/// `ke-2`, and with a number word for the 2.
fn indonesian(rule: &NumberRule, text: &str) -> bool {
    // spaCy: unlike the word alone, the word behind the dash is not lower-cased (lang/id/lex_attrs.py).
    text.split_once('-')
        .is_some_and(|(_, number)| !number.contains('-') && (is_number(number) || rule.is_word(number)))
}

/// `3üncü`.
fn turkish(_: &NumberRule, text: &str) -> bool {
    let lower = lower(text);
    let is_ordinal =
        ["inci", "ıncı", "nci", "ncı", "uncu", "üncü"].iter().any(|ending| lower.ends_with(ending));
    // spaCy: three or four characters are cut whichever ending it is (lang/tr/lex_attrs.py).
    let without =
        |count: usize| lower.char_indices().nth_back(count - 1).map_or("", |(start, _)| &lower[..start]);
    is_ordinal && (is_number(without(3)) || is_number(without(4)))
}
