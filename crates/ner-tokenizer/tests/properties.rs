//! What holds for any text, any rules and any number of threads.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
use std::sync::{Arc, LazyLock};

use ner_doc::Doc;
use ner_tokenizer::{Tokenizer, TokenizerError};
use ner_vocab::Vocab;
use proptest::prelude::*;
use rmpv::Value;

static ENGLISH: LazyLock<Tokenizer> = LazyLock::new(|| Tokenizer::for_language(vocab()).unwrap());

/// Characters that rules look at.
const TEXT: &str = "[ \t\na-cA-C0-9.,:;!?'’\"()\\-/@$€°%_é中\u{301}\u{1F600}]{0,40}";
/// Pieces of patterns, well put together or not.
const PATTERN: &str =
    r"(\(|\)|\[|\]|\||\*|\+|\?|\{2,3\}|\^|\$|\\w|\\d|\\b|\(\?<=|\(\?!|\(\?:|\(\?i\)|-|\.|[a-cA-C0-9é]){0,16}";

proptest! {
    #[test]
    fn tokens_give_the_text(text in TEXT) {
        let doc = ENGLISH.tokenize(&text).unwrap();
        prop_assert_eq!(doc.text(), text);
        prop_assert!(doc.tokens.iter().all(|token| !token.text().is_empty()));
    }

    #[test]
    fn explanations_give_the_text_without_white_space(text in TEXT) {
        let explained: String = ENGLISH.explain(&text).unwrap().into_iter().map(|(_, token)| token).collect();
        let strip = |text: &str| text.split_whitespace().collect::<String>();
        prop_assert_eq!(strip(&explained), strip(&text));
    }

    #[test]
    fn a_file_cut_short_is_refused(cut in 0..77_066_usize) {
        prop_assert!(Tokenizer::from_bytes(vocab(), &ENGLISH.to_bytes()[..cut]).is_err());
    }

    #[test]
    fn damaged_files_are_read_or_refused(at in 0..77_066_usize, byte: u8) {
        let mut bytes = ENGLISH.to_bytes();
        bytes[at] = byte;
        if let Ok(tokenizer) = Tokenizer::from_bytes(vocab(), &bytes) {
            prop_assert!(tokenizer.tokenize("It's 10km (at 5 p.m.)!").is_ok());
        }
    }

    #[test]
    fn any_pattern_is_refused_or_keeps_the_text(pattern in PATTERN, text in TEXT) {
        for rule in ["prefix_search", "suffix_search", "infix_finditer", "token_match"] {
            match Tokenizer::from_bytes(vocab(), &file_with(rule, &pattern)) {
                Ok(tokenizer) => prop_assert_eq!(tokenizer.tokenize(&text).unwrap().text(), text.as_str()),
                Err(error) => prop_assert!(matches!(error, TokenizerError::Pattern { .. }), "{}", error),
            }
        }
    }
}

#[test]
fn slow_patterns_end_in_an_error() {
    let tokenizer = Tokenizer::from_bytes(vocab(), &file_with("infix_finditer", "(?=(a+)+$)b")).unwrap();
    let error = tokenizer.tokenize(&"a".repeat(1000)).map(|doc| doc.len());
    assert_eq!(error, Ok(1), "no `b`, no search");
    let error = tokenizer.tokenize(&("a".repeat(1000) + "b")).unwrap_err();
    assert_eq!(error, TokenizerError::TooSlow { rule: "infix_finditer", length: 1001 });
}

#[test]
fn long_words_take_time_in_proportion() {
    for unit in ["(", "(.", "a:", "a.", "x@y:", "\u{1F600}", "'s"] {
        let text = unit.repeat(100_000);
        assert_eq!(ENGLISH.tokenize(&text).unwrap().text(), text);
    }
}

#[test]
fn threads_share_a_tokenizer() {
    let text = "Dr. O'Neil didn't pay $5.00 for the e-mail (he said) ...";
    let words = |doc: &Doc| doc.tokens.iter().map(|token| token.text().to_owned()).collect::<Vec<_>>();
    let expected = words(&ENGLISH.tokenize(text).unwrap());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                (0..100).for_each(|_| assert_eq!(words(&ENGLISH.tokenize(text).unwrap()), expected))
            });
        }
    });
}

fn file_with(rule: &str, pattern: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    rmpv::encode::write_value(&mut bytes, &Value::Map(vec![(rule.into(), pattern.into())])).unwrap();
    bytes
}

fn vocab() -> Arc<Vocab> {
    Arc::new(Vocab::new("en").unwrap())
}
