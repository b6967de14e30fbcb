use ner_vocab::StringId;

/// An entity: tokens `start..end` with a label.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entity {
    /// First token.
    pub start: usize,
    /// One past the last token.
    pub end: usize,
    /// Label.
    pub label: StringId,
}

/// One span of a span group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpanRecord {
    /// First token.
    pub start: usize,
    /// One past the last token.
    pub end: usize,
    /// Label.
    pub label: StringId,
    /// Knowledge-base id.
    pub kb_id: StringId,
    /// Id.
    pub id: StringId,
}

/// A named list of spans, which may overlap. `attrs` is a MessagePack map that is kept as found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SpanGroup {
    /// The spans in order.
    pub spans: Vec<SpanRecord>,
    /// Attributes as MessagePack; empty when there are none.
    pub attrs: Vec<u8>,
}
