use ner_doc::{Doc, Token};

/// The unit of offsets into a text.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum OffsetUnit {
    /// Code points, as in Python.
    #[default]
    Chars,
    /// Bytes of UTF-8, as in Rust and Go.
    Bytes,
    /// Code units of UTF-16, as in JavaScript, Java and C#.
    Utf16,
}

impl OffsetUnit {
    /// The name, in options and records.
    pub fn name(self) -> &'static str {
        match self {
            OffsetUnit::Chars => "chars",
            OffsetUnit::Bytes => "bytes",
            OffsetUnit::Utf16 => "utf16",
        }
    }

    /// The unit of a name.
    pub fn from_name(name: &str) -> Option<OffsetUnit> {
        [OffsetUnit::Chars, OffsetUnit::Bytes, OffsetUnit::Utf16].into_iter().find(|unit| unit.name() == name)
    }

    /// Where each token starts and ends.
    pub(crate) fn bounds(self, doc: &Doc) -> Vec<(usize, usize)> {
        let mut offset = 0;
        let bounds = doc.tokens.iter().map(|token| {
            let (start, end) = (offset, offset + self.length(token));
            offset = end + usize::from(token.space_after);
            (start, end)
        });
        bounds.collect()
    }

    fn length(self, token: &Token) -> usize {
        match self {
            OffsetUnit::Chars => token.lexeme.length as usize,
            OffsetUnit::Bytes => token.text().len(),
            OffsetUnit::Utf16 => token.text().encode_utf16().count(),
        }
    }
}
