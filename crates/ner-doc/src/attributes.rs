use serde::{Deserialize, Serialize};

use crate::{Doc, DocError, StringId};

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

    /// The attribute with this name, whatever its case (spaCy's E983 if there is none).
    pub fn from_name(name: &str) -> Result<Attribute, DocError> {
        let id = StringId::of(&name.to_uppercase());
        Attribute::from_id(id.0).map_err(|_| DocError::UnknownAttribute { name: name.to_owned() })
    }

    /// The attribute with this number.
    pub fn from_id(id: u64) -> Result<Attribute, DocError> {
        match id {
            1..=71 | 73..=81 | 83 | 452..=455 => Ok(Attribute(id as u16)),
            _ => Err(DocError::UnknownAttribute { name: id.to_string() }),
        }
    }

    /// The number.
    pub fn id(self) -> u64 {
        self.0.into()
    }

    /// The name, in capitals.
    pub fn name(self) -> &'static str {
        StringId(self.id()).symbol().expect("every attribute is a reserved symbol")
    }
}

impl TryFrom<u64> for Attribute {
    type Error = DocError;

    fn try_from(id: u64) -> Result<Attribute, DocError> {
        Attribute::from_id(id)
    }
}

impl From<Attribute> for u64 {
    fn from(attribute: Attribute) -> u64 {
        attribute.id()
    }
}

impl Doc {
    /// A token's feature as the number that models see; see [`Attribute`] for what is neither an id nor 0 or 1.
    pub fn attribute(&self, attribute: Attribute, token_index: usize) -> u64 {
        let token = &self.tokens[token_index];
        let lexeme = &token.lexeme;
        match attribute {
            Attribute::ORTH => lexeme.orth.0,
            Attribute::LOWER => lexeme.lower.0,
            Attribute::NORM => token.norm().0,
            Attribute::SHAPE => lexeme.shape.0,
            Attribute::PREFIX => lexeme.prefix.0,
            Attribute::SUFFIX => lexeme.suffix.0,
            Attribute::LENGTH => lexeme.length.into(),
            Attribute::ID => self.vocab().vectors().row(lexeme.orth).map_or(u64::MAX, |row| row as u64),
            Attribute::LANG => StringId::of(self.vocab().lang()).0,
            Attribute::ENT_IOB => token.ent_iob as u64,
            Attribute::ENT_TYPE => token.ent_type.0,
            Attribute::ENT_KB_ID => token.ent_kb_id.0,
            Attribute::ENT_ID => token.ent_id.0,
            Attribute::SENT_START => i64::from(token.sent_start) as u64,
            Attribute::SPACY => token.space_after.into(),
            Attribute::IDX => self.tokens[..token_index].iter().map(|token| token.n_chars() as u64).sum(),
            Attribute(id @ 1..64) => lexeme.flags.contains(id.into()).into(),
            _ => self.syntactic_attribute(attribute, token_index),
        }
    }

    fn syntactic_attribute(&self, attribute: Attribute, token_index: usize) -> u64 {
        let Some(syntax) = self.syntax.get(token_index) else { return 0 };
        match attribute {
            Attribute::LEMMA => syntax.lemma.0,
            Attribute::POS => syntax.pos.0,
            Attribute::TAG => syntax.tag.0,
            Attribute::DEP => syntax.dep.0,
            Attribute::MORPH => syntax.morph.0,
            Attribute::HEAD => i64::from(syntax.head) as u64,
            _ => 0,
        }
    }

    /// Features of all tokens, row by row: `[tokens, attributes]`.
    pub fn to_array(&self, attributes: &[Attribute]) -> Vec<u64> {
        let mut array = Vec::with_capacity(self.len() * attributes.len());
        let mut offset = 0;
        for (token_index, token) in self.tokens.iter().enumerate() {
            array.extend(attributes.iter().map(|&attribute| match attribute {
                Attribute::IDX => offset,
                _ => self.attribute(attribute, token_index),
            }));
            offset += token.n_chars() as u64;
        }
        array
    }
}
