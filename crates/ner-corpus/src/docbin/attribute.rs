/// A column of a `.spacy` file that carries annotation. The value is spaCy's id of the attribute. Other columns that
/// a file may have (shapes, flags) follow from the words and are passed over.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u64)]
pub enum Attribute {
    /// The word.
    Orth = 65,
    /// The normalised form.
    Norm = 67,
    /// The base form.
    Lemma = 73,
    /// The universal part of speech.
    Pos = 74,
    /// The fine-grained part of speech.
    Tag = 75,
    /// The relation to the head.
    Dep = 76,
    /// The place in an entity.
    EntIob = 77,
    /// The label of the entity.
    EntType = 78,
    /// The head, relative to the token.
    Head = 79,
    /// Whether a sentence starts.
    SentStart = 80,
    /// The knowledge-base id of the entity.
    EntKbId = 452,
    /// The morphological analysis.
    Morph = 453,
    /// The id of the entity.
    EntId = 454,
}

impl Attribute {
    /// The columns that spaCy writes unless told otherwise, in the order of their ids.
    pub const ALL: [Attribute; 13] = [
        Attribute::Orth,
        Attribute::Norm,
        Attribute::Lemma,
        Attribute::Pos,
        Attribute::Tag,
        Attribute::Dep,
        Attribute::EntIob,
        Attribute::EntType,
        Attribute::Head,
        Attribute::SentStart,
        Attribute::EntKbId,
        Attribute::Morph,
        Attribute::EntId,
    ];

    /// The attribute with this id, if it is one that carries annotation.
    pub fn from_id(id: u64) -> Option<Attribute> {
        Attribute::ALL.into_iter().find(|attribute| attribute.id() == id)
    }

    /// The id in a file.
    pub fn id(self) -> u64 {
        self as u64
    }
}
