use thiserror::Error;

/// Why an annotation does not fit its document.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum DocError {
    /// A token continues an entity that never began (spaCy's E093).
    #[error("token {token} ({text:?}) continues an entity, but no entity is open before it; begin it there")]
    InsideWithoutBegin {
        /// Index of the token.
        token: usize,
        /// Text of the token.
        text: String,
    },
    /// Two spans cover one token (E1010).
    #[error(
        "token {token} is covered by two spans; a token belongs to one entity at most, so drop one of them"
    )]
    OverlappingSpans {
        /// Index of the token.
        token: usize,
    },
    /// Two spans cover one character (E103).
    #[error(
        "the span {second:?} overlaps the span {first:?} (characters start..end); a token belongs to one entity \
         at most, so drop one of them"
    )]
    OverlappingOffsets {
        /// The one that starts first.
        first: (usize, usize),
        /// The one that runs into it.
        second: (usize, usize),
    },
    /// A span reaches past the last token (E1004, E084).
    #[error("the span of tokens {start}..{end} does not lie in a document of {n_tokens} tokens")]
    SpanOutOfBounds {
        /// First token.
        start: usize,
        /// One past the last token.
        end: usize,
        /// Length of the document.
        n_tokens: usize,
    },
    /// `I-` or `L-` without `B-` before it (E067).
    #[error("tag {index} continues an entity that no tag began; begin it with B- or use U-")]
    TagWithoutBegin {
        /// Index of the tag.
        index: usize,
    },
    /// A tag of no known form (E068, E177).
    #[error("tag {tag:?} is not of the form B-LABEL, I-LABEL, L-LABEL, U-LABEL, O or -")]
    UnknownTag {
        /// The tag.
        tag: String,
    },
    /// Two tokenisations of different texts (E949).
    #[error(
        "the tokens spell different texts: character {offset} (white space not counted) is {found:?} on one side \
         and {expected:?} on the other; only white space and case may differ"
    )]
    TextsDiffer {
        /// Characters that agree, white space not counted.
        offset: usize,
        /// The character of the first text; `None` at its end.
        found: Option<char>,
        /// The character of the second text; `None` at its end.
        expected: Option<char>,
    },
    /// A sentence of the reference begins with a token that the prediction lacks.
    #[error("token {token} of the reference begins a sentence, but no predicted token is aligned to it")]
    UnalignedSentenceStart {
        /// Index of the reference token.
        token: usize,
    },
    /// Annotation of another number of tokens (E189, E971).
    #[error("{n_values} values are given for {n_tokens} tokens; give one a token")]
    LengthMismatch {
        /// Values given.
        n_values: usize,
        /// Length of the document.
        n_tokens: usize,
    },
    /// A span of characters that does not begin and end where tokens do (E855, E981).
    #[error("characters {start}..{end} do not begin and end where tokens do")]
    MisalignedSpan {
        /// First character.
        start: usize,
        /// One past the last character.
        end: usize,
    },
    /// Two ids of one span have the probability 1 (E980).
    #[error("characters {start}..{end} are linked to two ids with probability 1; one span has one id")]
    AmbiguousLink {
        /// First character.
        start: usize,
        /// One past the last character.
        end: usize,
    },
    /// A head that is no token (E190).
    #[error("the head of token {token} is {head}, but there are {n_tokens} tokens")]
    HeadOutOfBounds {
        /// Index of the token.
        token: usize,
        /// Index of its head.
        head: i64,
        /// Length of the document.
        n_tokens: usize,
    },
    /// A part of speech or morphological feature of no known form.
    #[error("token {token}: {feature:?} is neither a universal part of speech nor of the form Field=Value")]
    UnknownFeature {
        /// Index of the token.
        token: usize,
        /// What was found.
        feature: String,
    },
}
