use std::sync::Arc;

use ner_doc::Doc;
use ner_tokenizer::Tokenizer;
use ner_vocab::Vocab;

use super::layout::Layout;
use super::{OffsetUnit, RecordError};
use crate::account::{RecordLoss, SpanLoss};
use crate::{FormatError, Place};

/// A record of a file, whatever its format: a text, or words, or both, and its annotation.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    /// The file and the line.
    pub(crate) place: Place,
    pub(crate) text: Option<String>,
    pub(crate) words: Option<Vec<String>>,
    /// Whether a space follows each word; `None` if the record does not say.
    pub(crate) spaces: Option<Vec<bool>>,
    /// `None`: nothing is known of entities.
    pub(crate) spans: Option<Vec<RawSpan>>,
    /// An entity tag for each word, of whatever scheme; instead of spans.
    pub(crate) tags: Option<Vec<String>>,
    /// Stretches of which nothing is known, as bounds of spans are.
    pub(crate) unknown: Vec<Bounds>,
    /// Prodigy's `answer`.
    pub(crate) answer: Option<Answer>,
    /// Prodigy's `_view_id`: `ner` for yes-or-no questions, `ner_manual` for complete annotation.
    pub(crate) view_id: Option<String>,
    /// Spans that the format has and an entity cannot be, with their description.
    pub(crate) lost: Vec<(SpanLoss, String)>,
    /// What stands beside spans and is not read, such as relations: its name and number.
    pub(crate) left_out: Vec<(&'static str, usize)>,
    /// The unit in which the record says that its spans count, whatever the file does.
    pub(crate) unit: Option<OffsetUnit>,
    /// Why it makes no document, if it makes none.
    pub(crate) loss: Option<(RecordLoss, String)>,
    /// The keys of a record in which no annotation was found.
    pub(crate) keys: Vec<String>,
    /// What the reader chose where the file leaves a choice.
    pub(crate) findings: Vec<String>,
}

/// The answer of an annotator.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Accept,
    Reject,
    Ignore,
}

/// A span as a record gives it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct RawSpan {
    pub(crate) bounds: Bounds,
    /// The tokens, first and one past the last, if the record gives them beside bounds in characters.
    pub(crate) tokens: Option<(usize, usize)>,
    /// Empty: the tokens are known to be outside.
    pub(crate) label: String,
    pub(crate) kb_id: String,
    pub(crate) id: String,
    /// The text of the span, if the record gives it.
    pub(crate) text: Option<String>,
    pub(crate) answer: Option<Answer>,
}

/// First and one past the last, in the unit that the file counts in or in tokens.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Bounds {
    /// In the unit of the file; in tokens where the record has no text.
    Own(usize, usize),
    /// In tokens.
    Tokens(usize, usize),
}

impl Default for Bounds {
    fn default() -> Bounds {
        Bounds::Own(0, 0)
    }
}

impl RawSpan {
    /// A span of characters, or of the unit that the file counts in.
    pub(crate) fn new(start: usize, end: usize, label: impl Into<String>) -> RawSpan {
        RawSpan { bounds: Bounds::Own(start, end), label: label.into(), ..RawSpan::default() }
    }

    /// The same with its text.
    pub(crate) fn with_text(self, text: impl Into<String>) -> RawSpan {
        RawSpan { text: Some(text.into()), ..self }
    }
}

impl Record {
    /// A record without text, words and annotation.
    pub(crate) fn new(place: Place) -> Record {
        Record {
            place,
            text: None,
            words: None,
            spaces: None,
            spans: None,
            tags: None,
            unknown: Vec::new(),
            answer: None,
            view_id: None,
            lost: Vec::new(),
            left_out: Vec::new(),
            unit: None,
            loss: None,
            keys: Vec::new(),
            findings: Vec::new(),
        }
    }

    /// A text with its spans.
    pub(crate) fn of_text(place: Place, text: impl Into<String>, spans: Vec<RawSpan>) -> Record {
        Record { text: Some(text.into()), spans: Some(spans), ..Record::new(place) }
    }

    /// Words, each followed by a space as far as is known, with a tag each.
    pub(crate) fn of_tags(place: Place, words: Vec<String>, tags: Vec<String>) -> Record {
        Record { words: Some(words), tags: Some(tags), ..Record::new(place) }
    }

    /// Fails if a list that goes with the words is of another length.
    pub(crate) fn check(&self) -> Result<(), RecordError> {
        let n_words = self.words.as_ref().map_or(0, Vec::len);
        if let Some(spaces) = self.spaces.as_ref().filter(|spaces| spaces.len() != n_words) {
            return Err(RecordError::Spaces { tokens: n_words, spaces: spaces.len() });
        }
        let Some(words) = &self.words else {
            return if self.text.is_some() { Ok(()) } else { Err(RecordError::NoText) };
        };
        match self.tags.as_ref().filter(|tags| tags.len() != words.len()) {
            Some(tags) => Err(RecordError::Tags { tokens: words.len(), tags: tags.len() }),
            None => Ok(()),
        }
    }

    /// The document of the record's own tokens, if it has any.
    pub(crate) fn doc(&self, vocab: &Arc<Vocab>) -> Result<Option<Doc>, RecordError> {
        let Some(words) = &self.words else { return Ok(None) };
        let Some(text) = self.text.as_ref().filter(|_| !self.is_spelled_out()) else {
            let spaces = self.spaces.as_deref().unwrap_or_default();
            return Ok(Some(Doc::from_words(vocab.clone(), words, spaces)));
        };
        let layout = Layout::find(text, words)?;
        let mut doc = Doc::from_words(vocab.clone(), &layout.tokens, &layout.spaces);
        doc.has_unknown_spaces = false;
        Ok(Some(doc))
    }

    /// Whether the words, with spaces where the record has them, are the text. If not, the words are looked for in it,
    /// which may take a space for one between words that is the beginning of one.
    pub(super) fn is_spelled_out(&self) -> bool {
        let (Some(text), Some(words), Some(spaces)) = (&self.text, &self.words, &self.spaces) else {
            return false;
        };
        let mut words = words.iter().zip(spaces);
        let rest = words.try_fold(text.as_str(), |rest, (word, has_space)| {
            let rest = rest.strip_prefix(word.as_str())?;
            if *has_space { rest.strip_prefix(' ') } else { Some(rest) }
        });
        rest == Some("")
    }

    /// The tokens of the record: its own, or those of its text.
    pub(super) fn tokens(&self, tokenizer: &Tokenizer) -> Result<Doc, FormatError> {
        let problem = |problem| FormatError::Record { place: self.place.clone(), problem };
        match self.doc(tokenizer.vocab()).map_err(problem)? {
            Some(doc) => Ok(doc),
            None => {
                let text = self.text.as_deref().unwrap_or_default();
                let place = self.place.clone();
                tokenizer.tokenize(text).map_err(|source| FormatError::Tokenizer { place, source })
            }
        }
    }

    /// The text that the words make.
    pub(super) fn plain_text(&self) -> String {
        let mut text = String::new();
        for (index, word) in self.words.iter().flatten().enumerate() {
            text += word;
            if self.is_followed_by_space(index) {
                text.push(' ');
            }
        }
        text
    }

    pub(super) fn is_followed_by_space(&self, index: usize) -> bool {
        self.spaces.as_ref().is_none_or(|spaces| spaces[index])
    }

    /// The number of spans that go in.
    pub(super) fn n_spans(&self) -> usize {
        self.spans.as_ref().map_or(0, Vec::len) + self.lost.len()
    }
}

/// The records of a file, in their order.
pub(crate) type RecordIter<'a> = Box<dyn Iterator<Item = Result<Record, FormatError>> + Send + 'a>;
