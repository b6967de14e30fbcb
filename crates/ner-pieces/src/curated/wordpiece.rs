use std::borrow::Cow;

use ner_cpython::{CharClass, lower, strip, universal_newlines};
use unicode_normalization::UnicodeNormalization;

use crate::PiecesError;
use crate::prefix_table::PrefixTable;

/// What pieces begin with that continue a word.
const CONTINUES: &str = "##";

/// How words are written before they are cut, and which pieces are special; spaCy's attributes, but for the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordpieceSettings {
    /// Whether punctuation inside of a token is cut off: the difference between `BertWordpieceEncoder.v1` and
    /// `WordpieceEncoder.v1`.
    pub splits_punctuation: bool,
    /// Whether words are written in small letters.
    pub lowercase: bool,
    /// Whether letters lose their accents.
    pub strip_accents: bool,
    /// The piece at the beginning of a document.
    pub bos_piece: String,
    /// The piece at its end.
    pub eos_piece: String,
    /// What stands for the rest of a word in which no piece fits.
    pub unk_piece: String,
}

impl WordpieceSettings {
    /// spaCy's defaults.
    pub fn new(splits_punctuation: bool) -> WordpieceSettings {
        WordpieceSettings {
            splits_punctuation,
            lowercase: false,
            strip_accents: false,
            bos_piece: "[CLS]".to_owned(),
            eos_piece: "[SEP]".to_owned(),
            unk_piece: "[UNK]".to_owned(),
        }
    }
}

/// BERT's pieces: the longest one at the beginning of a word, then the longest that continues it, and so on.
#[derive(Clone, Debug)]
pub struct Wordpiece {
    settings: WordpieceSettings,
    /// All pieces as they are written, in the order of their ids.
    pieces: Vec<String>,
    initial: PrefixTable,
    continuing: PrefixTable,
    bos: u32,
    eos: u32,
    unk: u32,
}

impl Wordpiece {
    /// Of pieces in the order of their ids. `place` is the file or attribute that they are from.
    ///
    /// # Errors
    /// If one of the special pieces is not among them.
    pub fn new(
        pieces: Vec<String>,
        settings: WordpieceSettings,
        place: &str,
    ) -> Result<Wordpiece, PiecesError> {
        let numbered = || pieces.iter().map(String::as_str).zip(0u32..);
        let initial = PrefixTable::new(numbered().filter(|(piece, _)| !piece.starts_with(CONTINUES)));
        let continuing = numbered().filter_map(|(piece, id)| Some((piece.strip_prefix(CONTINUES)?, id)));
        let special = |piece: &str, role| {
            initial.get(piece).ok_or_else(|| PiecesError::NoPiece {
                place: place.to_owned(),
                piece: piece.to_owned(),
                role,
                n_pieces: pieces.len(),
                mend: "name the piece in the settings of the piece encoder's loader, or take the encoder's own vocabulary",
            })
        };
        Ok(Wordpiece {
            bos: special(&settings.bos_piece, "first piece")?,
            eos: special(&settings.eos_piece, "last piece")?,
            unk: special(&settings.unk_piece, "piece of what is not known")?,
            continuing: PrefixTable::new(continuing),
            initial,
            pieces,
            settings,
        })
    }

    /// Of a `vocab.txt`, a piece a line, as `WordpieceLoader.v1` reads it.
    ///
    /// # Errors
    /// If it is not UTF-8, or lacks a special piece.
    pub fn from_file(
        vocab: &[u8],
        settings: WordpieceSettings,
        place: &str,
    ) -> Result<Wordpiece, PiecesError> {
        let lines = universal_newlines(text(vocab, place)?);
        let pieces = lines.lines().map(|line| strip(line).to_owned()).collect();
        Wordpiece::new(pieces, settings, place)
    }

    /// Of the attribute `wordpiece_processor`: a piece a line.
    ///
    /// # Errors
    /// If it is not UTF-8, or lacks a special piece.
    pub fn from_processor(processor: &[u8], settings: WordpieceSettings) -> Result<Wordpiece, PiecesError> {
        const PLACE: &str = "attribute wordpiece_processor";
        let pieces = text(processor, PLACE)?.split('\n').map(str::to_owned).collect();
        Wordpiece::new(pieces, settings, PLACE)
    }

    /// The attribute `wordpiece_processor`.
    pub fn processor(&self) -> Vec<u8> {
        self.pieces.join("\n").into_bytes()
    }

    /// How words are written, and which pieces are special.
    pub fn settings(&self) -> &WordpieceSettings {
        &self.settings
    }

    pub(super) fn n_ids(&self) -> usize {
        self.pieces.len()
    }

    pub(super) fn ends(&self) -> (u32, u32) {
        (self.bos, self.eos)
    }

    pub(super) fn encode(&self, word: &str) -> Vec<u32> {
        let word = if self.settings.lowercase { lower(word) } else { Cow::Borrowed(word) };
        let word = if self.settings.strip_accents { without_accents(&word) } else { word };
        let mut ids = Vec::new();
        if self.settings.splits_punctuation {
            parts(&word).for_each(|part| self.encode_part(part, &mut ids));
        } else {
            self.encode_part(&word, &mut ids);
        }
        ids
    }

    /// Appends the pieces of a word without punctuation, or of a punctuation character.
    fn encode_part(&self, part: &str, ids: &mut Vec<u32>) {
        let mut table = &self.initial;
        let mut rest = part.as_bytes();
        while !rest.is_empty() {
            let Some((length, id)) = table.beginnings(rest).last() else {
                // spaCy: the pieces that were found stay (curated_tokenizers/_wordpiece.pyx), where others make the whole
                // word unknown.
                ids.push(self.unk);
                return;
            };
            ids.push(id);
            rest = &rest[length..];
            table = &self.continuing;
        }
    }
}

fn text(bytes: &[u8], place: &str) -> Result<String, PiecesError> {
    String::from_utf8(bytes.to_vec()).map_err(|error| {
        let mend = "copy the vocabulary again from where the encoder came from";
        PiecesError::unreadable(place, error.to_string(), "a piece a line, in UTF-8", mend)
    })
}

/// Letters without the marks on them: decomposed (NFD), and marks left out.
fn without_accents(word: &str) -> Cow<'_, str> {
    if word.is_ascii() {
        return Cow::Borrowed(word);
    }
    Cow::Owned(word.nfd().filter(|character| !CharClass::NONSPACING.has(*character)).collect())
}

/// The runs between punctuation characters, and each of these alone.
fn parts(word: &str) -> impl Iterator<Item = &str> {
    let mut rest = word;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let end = if is_punctuation(first) { Some(first.len_utf8()) } else { rest.find(is_punctuation) };
        let (part, others) = rest.split_at(end.unwrap_or(rest.len()));
        rest = others;
        Some(part)
    })
}

/// What BERT takes as punctuation: of ASCII all that is printed and is neither letter nor digit.
fn is_punctuation(character: char) -> bool {
    character.is_ascii_punctuation() || CharClass::PUNCT.has(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(settings: WordpieceSettings, word: &str, expected: &[&str]) {
        let pieces = ["[CLS]", "[SEP]", "[UNK]", "un", "##aff", "##able", "-", "a", "##b", "e", "a-b"]
            .map(str::to_owned);
        let vocabulary = Wordpiece::new(pieces.to_vec(), settings, "test").unwrap();
        let found: Vec<&str> =
            vocabulary.encode(word).iter().map(|id| pieces[*id as usize].as_str()).collect();
        assert_eq!(found, expected, "{word}");
    }

    #[test]
    fn the_longest_pieces_are_taken_from_left_to_right() {
        let bert = WordpieceSettings::new(true);
        check(bert.clone(), "unaffable", &["un", "##aff", "##able"]);
        check(bert.clone(), "unaffected", &["un", "##aff", "[UNK]"]);
        check(bert.clone(), "a-b", &["a", "-", "[UNK]"]);
        check(bert.clone(), "É", &["[UNK]"]);
        check(WordpieceSettings { lowercase: true, strip_accents: true, ..bert }, "É", &["e"]);
        check(WordpieceSettings::new(false), "a-b", &["a-b"]);
    }
}
