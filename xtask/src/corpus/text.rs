//! A text in segments, each an entity or what stands between, and its line of JSON.

use serde_json::json;

use super::grammar::Label;

/// A run of characters with one label, or none.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Segment {
    pub(crate) text: String,
    pub(crate) label: Option<Label>,
}

/// A text that grows from left to right.
#[derive(Debug, Default)]
pub(crate) struct Text {
    pub(crate) segments: Vec<Segment>,
    capital: bool,
    article: bool,
    apart: bool,
}

impl Text {
    /// Appends characters to the segment that is open: an entity, or text outside of entities.
    pub(crate) fn push(&mut self, label: Option<Label>, text: &str) {
        // The article brings a space of its own.
        let text = if self.article { text.trim_start() } else { text };
        let Some(first) = text.chars().next() else { return };
        if self.article {
            self.article = false;
            // An 8 is spoken with a vowel, alone and at the head of 80.
            let vowel = "aeiouAEIOU8".contains(first);
            self.push(None, if vowel { "an " } else { "a " });
        }
        let rest = &text[first.len_utf8()..];
        let first = if self.capital { first.to_uppercase().to_string() } else { first.to_string() };
        self.capital = false;
        let segment = self.segment(label);
        segment.push_str(&first);
        segment.push_str(rest);
    }

    /// Makes the next character a capital.
    pub(crate) fn capital(&mut self) {
        self.capital = true;
    }

    /// Puts `a` or `an` and a space before the next word.
    pub(crate) fn article(&mut self) {
        self.article = true;
    }

    /// Begins an entity: it stays apart from what was pushed before, even where that bears the same label.
    pub(crate) fn open(&mut self) {
        self.apart = true;
    }

    /// The characters of all segments.
    pub(crate) fn text(&self) -> String {
        self.segments.iter().map(|segment| segment.text.as_str()).collect()
    }

    /// Start, end (in code points) and label of each entity.
    pub(crate) fn entities(&self) -> Vec<(usize, usize, Label)> {
        let mut start = 0;
        let mut entities = Vec::new();
        for segment in &self.segments {
            let end = start + segment.text.chars().count();
            entities.extend(segment.label.map(|label| (start, end, label)));
            start = end;
        }
        entities
    }

    /// The characters of each entity in small letters: what counts as the same name.
    pub(crate) fn names(&self) -> impl Iterator<Item = String> {
        self.segments
            .iter()
            .filter(|segment| segment.label.is_some())
            .map(|segment| segment.text.to_lowercase())
    }

    /// The line of the corpus file, without its line feed.
    pub(crate) fn to_json(&self) -> String {
        json!({ "text": self.text(), "entities": self.entities() }).to_string()
    }

    fn segment(&mut self, label: Option<Label>) -> &mut String {
        let apart = label.is_some() && std::mem::take(&mut self.apart);
        if apart || self.segments.last().is_none_or(|last| last.label != label) {
            self.segments.push(Segment { text: String::new(), label });
        }
        &mut self.segments.last_mut().expect("a segment was pushed if there was none").text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_code_points() {
        let mut text = Text::default();
        text.push(None, "café: ");
        text.push(Some("DOSE"), "100 µg");
        assert_eq!(text.to_json(), r#"{"text":"café: 100 µg","entities":[[6,12,"DOSE"]]}"#);
    }

    #[test]
    fn article_and_capital_wait_for_their_word() {
        let mut text = Text::default();
        text.capital();
        text.article();
        text.push(None, " ");
        text.open();
        text.push(Some("SYMPTOM"), "itch");
        assert_eq!(text.text(), "An itch");
        assert_eq!(text.entities(), [(3, 7, "SYMPTOM")]);
    }
}
