use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

/// A paragraph as the file has it: the document of training JSON.
#[derive(Deserialize)]
pub(super) struct Paragraph {
    pub(super) raw: Option<String>,
    pub(super) sentences: Vec<Sentence>,
    #[serde(default)]
    pub(super) cats: Vec<Category>,
    #[serde(default)]
    pub(super) links: Vec<HashMap<String, HashMap<String, f64>>>,
    /// Spans of characters, in which spaCy 2 kept entities.
    #[serde(default)]
    pub(super) entities: Vec<Value>,
}

/// A sentence as the file has it.
#[derive(Deserialize)]
pub(super) struct Sentence {
    pub(super) tokens: Vec<TrainingToken>,
}

/// A token as the file has it; all but its text may be left out.
#[derive(Deserialize)]
pub(super) struct TrainingToken {
    pub(super) orth: String,
    pub(super) space: Option<Value>,
    pub(super) tag: Option<String>,
    pub(super) pos: Option<String>,
    pub(super) morph: Option<String>,
    pub(super) lemma: Option<String>,
    pub(super) head: Option<i64>,
    pub(super) dep: Option<String>,
    pub(super) ner: Option<String>,
}

/// A category of the text with its score.
#[derive(Deserialize)]
pub(super) struct Category {
    pub(super) label: String,
    pub(super) value: f64,
}

impl Paragraph {
    /// The tokens of all sentences.
    pub(super) fn tokens(&self) -> impl Iterator<Item = &TrainingToken> + Clone {
        self.sentences.iter().flat_map(|sentence| &sentence.tokens)
    }

    /// Whether each token is the first of its sentence.
    pub(super) fn sentence_starts(&self) -> impl Iterator<Item = bool> {
        self.sentences.iter().flat_map(|sentence| (0..sentence.tokens.len()).map(|index| index == 0))
    }

    /// Whether a space follows each token, as the tokens or else the text say; empty where neither does.
    pub(super) fn spaces(&self) -> Vec<bool> {
        let tokens = self.tokens();
        if tokens.clone().any(|token| token.space.is_some()) {
            return tokens.map(|token| token.space.as_ref().is_some_and(is_truthy)).collect();
        }
        match &self.raw {
            Some(text) => guess_spaces(text, tokens),
            None => Vec::new(),
        }
    }
}

impl TrainingToken {
    /// The relation to the head, empty if there is none. Roots are called `ROOT`, however the file spells that.
    pub(super) fn dep(&self) -> &str {
        match self.dep.as_deref().unwrap_or_default() {
            root if root.eq_ignore_ascii_case("root") => "ROOT",
            dep => dep,
        }
    }
}

/// Whether Python takes a value for true: `space` is written as a text, a number or a truth value.
fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(map) => !map.is_empty(),
    }
}

/// Whether a space follows each word where it is next found in the text; a word that is not found has one.
fn guess_spaces<'a>(text: &str, tokens: impl Iterator<Item = &'a TrainingToken>) -> Vec<bool> {
    let mut rest = text;
    let follows = |token: &TrainingToken| match rest.split_once(token.orth.as_str()) {
        Some((_, after)) => {
            rest = after;
            after.starts_with(' ')
        }
        // The search resumes where it was: one word that was changed does not cost the spaces of all after it.
        None => true,
    };
    tokens.map(follows).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(paragraph: &str, expected: &[bool]) {
        assert_eq!(serde_json::from_str::<Paragraph>(paragraph).unwrap().spaces(), expected);
    }

    #[test]
    fn spaces_are_guessed_from_the_text() {
        check(
            r#"{"raw": "a b, c", "sentences": [{"tokens": [{"orth": "a"}, {"orth": "b"}, {"orth": ","}]},
                {"tokens": [{"orth": "x"}, {"orth": "c"}]}]}"#,
            &[true, false, true, true, false],
        );
    }

    #[test]
    fn spaces_of_tokens_overrule_the_text() {
        check(
            r#"{"raw": "ab c d", "sentences": [{"tokens": [{"orth": "a", "space": " "}, {"orth": "b", "space": ""},
                {"orth": "c", "space": 1}, {"orth": "d"}]}]}"#,
            &[true, false, true, false],
        );
        check(r#"{"sentences": [{"tokens": [{"orth": "a"}]}]}"#, &[]);
    }
}
