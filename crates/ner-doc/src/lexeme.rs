use crate::StringId;

/// What is known of a word without its context. Strings are those of the text; ids are what models see.
#[derive(Clone, Debug, PartialEq)]
pub struct Lexeme {
    /// The word itself.
    pub text: Box<str>,
    /// Id of the text.
    pub orth: StringId,
    /// Id of the lower-cased text.
    pub lower: StringId,
    /// Id of the normalised form.
    pub norm: StringId,
    /// Id of the first character.
    pub prefix: StringId,
    /// Id of the last three characters.
    pub suffix: StringId,
    /// Id of the shape, such as `Xxxxx` or `dd.dd`.
    pub shape: StringId,
    /// Length in code points.
    pub length: u32,
    /// The yes-or-no features.
    pub flags: LexemeFlags,
}

/// The yes-or-no features of a word: bit `n` is the feature whose attribute id is `n` (1 `IS_ALPHA` ... 18 `IS_CURRENCY`).
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct LexemeFlags(pub u32);

impl LexemeFlags {
    /// Attribute id of "consists of white space".
    pub const IS_SPACE: u32 = 6;

    /// Whether the feature with this attribute id is set.
    pub fn contains(self, attribute: u32) -> bool {
        self.0 & (1 << attribute) != 0
    }
}
