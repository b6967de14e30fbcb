use ner_vocab::{Attribute, StringId};

use crate::Doc;

impl Doc {
    /// A token's feature as the number that models see: an id, 0 or 1, or as [`Attribute`] says.
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
            // spaCy: OOV_RANK, the largest number (lexeme.pyx).
            Attribute::ID => self.vocab().vectors().row(lexeme.orth).map_or(u64::MAX, |row| row as u64),
            Attribute::LANG => StringId::of(self.vocab().lang()).0,
            Attribute::ENT_IOB => token.ent_iob as u64,
            Attribute::ENT_TYPE => token.ent_type.0,
            Attribute::ENT_KB_ID => token.ent_kb_id.0,
            Attribute::ENT_ID => token.ent_id.0,
            // Sign-extended, as C turns a signed number into an unsigned one; models hash all 64 bits.
            Attribute::SENT_START => i64::from(token.sent_start) as u64,
            Attribute::SPACY => token.space_after.into(),
            Attribute::IDX => self.tokens[..token_index].iter().map(|token| token.n_chars() as u64).sum(),
            _ => match attribute.flag() {
                Some(flag) => lexeme.flags.contains(flag).into(),
                None => self.syntactic_attribute(attribute, token_index),
            },
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
        // The offset is summed up along the way: `attribute` would sum it up anew for each token.
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

    /// Writes a token's vector from the vocabulary's table into `vector`, which is as long as the table is wide;
    /// zeros if there is none.
    pub fn write_vector(&self, token_index: usize, vector: &mut [f32]) {
        let vectors = self.vocab().vectors();
        let key = StringId(self.attribute(vectors.attribute(), token_index));
        match vectors.floret_settings() {
            None => vectors.write_vector(key, "", vector),
            Some(_) => {
                // The store first: a norm of the token itself is there, and cannot be made from the word.
                let own = self.vocab().strings().get(key);
                let word = self.tokens[token_index].text();
                let text = self.vocab().feature_text(word, vectors.attribute());
                vectors.write_vector(key, own.as_deref().or(text.as_deref()).unwrap_or(""), vector);
            }
        }
    }
}
