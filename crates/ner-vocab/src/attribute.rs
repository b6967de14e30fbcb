use serde::{Deserialize, Serialize};

use crate::{StringId, VocabError};

/// A feature of a token by spaCy's number for it, which is the id of its name among the reserved symbols.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
pub struct Attribute(u16);

impl Attribute {
    /// Row of the word's vector; `u64::MAX` if it has none.
    pub const ID: Attribute = Attribute(64);
    /// The word.
    pub const ORTH: Attribute = Attribute(65);
    /// The word in lower case.
    pub const LOWER: Attribute = Attribute(66);
    /// The normalised word.
    pub const NORM: Attribute = Attribute(67);
    /// The word's shape.
    pub const SHAPE: Attribute = Attribute(68);
    /// The first character.
    pub const PREFIX: Attribute = Attribute(69);
    /// The last three characters.
    pub const SUFFIX: Attribute = Attribute(70);
    /// Length in code points.
    pub const LENGTH: Attribute = Attribute(71);
    /// Base form.
    pub const LEMMA: Attribute = Attribute(73);
    /// Universal part of speech.
    pub const POS: Attribute = Attribute(74);
    /// Fine-grained part of speech.
    pub const TAG: Attribute = Attribute(75);
    /// Relation to the head.
    pub const DEP: Attribute = Attribute(76);
    /// Place in an entity.
    pub const ENT_IOB: Attribute = Attribute(77);
    /// Label of the entity.
    pub const ENT_TYPE: Attribute = Attribute(78);
    /// Index of the head relative to the token, as the two's complement.
    pub const HEAD: Attribute = Attribute(79);
    /// Whether a sentence starts, as the two's complement of 1, 0 or -1.
    pub const SENT_START: Attribute = Attribute(80);
    /// Whether a space follows.
    pub const SPACY: Attribute = Attribute(81);
    /// The language.
    pub const LANG: Attribute = Attribute(83);
    /// Knowledge-base id of the entity.
    pub const ENT_KB_ID: Attribute = Attribute(452);
    /// Morphological analysis.
    pub const MORPH: Attribute = Attribute(453);
    /// Id of the entity.
    pub const ENT_ID: Attribute = Attribute(454);
    /// Offset of the first character, in code points.
    pub const IDX: Attribute = Attribute(455);

    /// Whether it follows from the word and the space behind it, and not from annotation or from the place in the text.
    pub fn is_of_word(self) -> bool {
        matches!(self.0, 1..=71 | 81 | 83)
    }

    /// The attribute with this name in any case (spaCy's E983 if there is none).
    pub fn from_name(name: &str) -> Result<Attribute, VocabError> {
        let id = StringId::of(&name.to_uppercase());
        Attribute::from_id(id.0).map_err(|_| VocabError::UnknownAttribute { name: name.to_owned() })
    }

    /// The attribute with this number.
    pub fn from_id(id: u64) -> Result<Attribute, VocabError> {
        // The gaps are symbols of spaCy that name no feature of a token, such as `CLUSTER` (72) and `PROB` (82).
        match id {
            1..=71 | 73..=81 | 83 | 452..=455 => Ok(Attribute(id as u16)),
            _ => Err(VocabError::UnknownAttribute { name: id.to_string() }),
        }
    }

    /// The number.
    pub fn id(self) -> u64 {
        self.0.into()
    }

    /// The bit of [`LexemeFlags`](crate::LexemeFlags) that holds it; `None` if it is not a yes-or-no feature.
    pub fn flag(self) -> Option<u32> {
        // spaCy: the numbers below 64 are bits of one word (lexeme.pxd), used or not.
        (1..64).contains(&self.0).then_some(self.0.into())
    }

    /// The name, in capitals.
    pub fn name(self) -> &'static str {
        StringId(self.id()).symbol().expect("every attribute is a reserved symbol")
    }
}

impl TryFrom<u64> for Attribute {
    type Error = VocabError;

    fn try_from(id: u64) -> Result<Attribute, VocabError> {
        Attribute::from_id(id)
    }
}

impl From<Attribute> for u64 {
    fn from(attribute: Attribute) -> u64 {
        attribute.id()
    }
}
