//! The lexical knowledge that differs between languages: stop words, number words, currencies and norms. The words are
//! data, one a line, in the folder of this name.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use ner_cpython::lower;

use super::numbers::NumberRule;

/// The lexical knowledge of one language.
#[derive(Debug)]
pub(crate) struct Language {
    stop_words: HashSet<&'static str>,
    currencies: HashSet<&'static str>,
    base_norms: HashMap<&'static str, &'static str>,
    stem_suffixes: Vec<&'static str>,
    pub(crate) numbers: NumberRule,
}

macro_rules! words {
    ($path:literal) => {
        include_str!(concat!("languages/", $path, ".txt"))
    };
}

impl Language {
    /// The language with this code; one without word lists of its own has those that all languages share.
    pub(crate) fn new(code: &str) -> Language {
        let [stop_words, number_words] = own_words(code).unwrap_or_default();
        let base_norms = words!("base_norms").lines().filter_map(|line| line.split_once('\t')).collect();
        // spaCy: of these languages Indonesian alone has names of currencies, and Hindi alone norms that are
        // stems (lang/id/lex_attrs.py, lang/hi/lex_attrs.py).
        let currencies = if code == "id" { words!("id/currencies") } else { "" };
        let stem_suffixes = if code == "hi" { words!("hi/stem_suffixes") } else { "" };
        Language {
            stop_words: stop_words.lines().collect(),
            currencies: currencies.lines().collect(),
            base_norms,
            stem_suffixes: stem_suffixes.lines().collect(),
            numbers: NumberRule::of_language(code, number_words),
        }
    }

    pub(crate) fn is_stop_word(&self, lower: &str) -> bool {
        self.stop_words.contains(lower)
    }

    pub(crate) fn is_currency(&self, text: &str) -> bool {
        self.currencies.contains(text)
    }

    /// The word's normalised form: one sign for all quotes, one for all currencies and so on, else the lower-cased word.
    /// In Hindi, it is the stem.
    pub(crate) fn norm<'a>(&self, text: &'a str) -> Cow<'a, str> {
        match self.base_norms.get(text) {
            Some(&norm) => Cow::Borrowed(norm),
            None if self.stem_suffixes.is_empty() => lower(text),
            None => Cow::Borrowed(self.stem(text)),
        }
    }

    /// The word without the longest of the language's endings, if more than the ending is there.
    fn stem<'a>(&self, text: &'a str) -> &'a str {
        // The endings are sorted by length, the longest first, so that the first that fits is the one.
        let stems = self.stem_suffixes.iter().filter_map(|suffix| text.strip_suffix(suffix));
        stems.into_iter().find(|stem| !stem.is_empty()).unwrap_or(text)
    }
}

/// Stop words and number words of a language, one a line; `None` for a language that is not here.
pub(crate) fn own_words(code: &str) -> Option<[&'static str; 2]> {
    Some(match code {
        "ar" => [words!("ar/stop_words"), words!("ar/number_words")],
        "bn" => [words!("bn/stop_words"), ""],
        "ca" => [words!("ca/stop_words"), words!("ca/number_words")],
        "da" => [words!("da/stop_words"), words!("da/number_words")],
        "de" => [words!("de/stop_words"), ""],
        "el" => [words!("el/stop_words"), words!("el/number_words")],
        "en" => [words!("en/stop_words"), words!("en/number_words")],
        "es" => [words!("es/stop_words"), words!("es/number_words")],
        "fa" => [words!("fa/stop_words"), words!("fa/number_words")],
        "fi" => [words!("fi/stop_words"), words!("fi/number_words")],
        "fr" => [words!("fr/stop_words"), words!("fr/number_words")],
        "he" => [words!("he/stop_words"), words!("he/number_words")],
        "hi" => [words!("hi/stop_words"), words!("hi/number_words")],
        "hu" => [words!("hu/stop_words"), ""],
        "id" => [words!("id/stop_words"), words!("id/number_words")],
        "it" => [words!("it/stop_words"), ""],
        "nl" => [words!("nl/stop_words"), words!("nl/number_words")],
        "pl" => [words!("pl/stop_words"), words!("pl/number_words")],
        "pt" => [words!("pt/stop_words"), words!("pt/number_words")],
        "ro" => [words!("ro/stop_words"), words!("ro/number_words")],
        "ru" => [words!("ru/stop_words"), words!("ru/number_words")],
        "sr" => [words!("sr/stop_words"), words!("sr/number_words")],
        "sv" => [words!("sv/stop_words"), words!("sv/number_words")],
        "tr" => [words!("tr/stop_words"), words!("tr/number_words")],
        "uk" => [words!("uk/stop_words"), words!("uk/number_words")],
        "xx" => ["", ""],
        _ => return None,
    })
}
