use ner_doc::Doc;

/// Where and why no action leads to the gold annotation; spaCy's E024.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "token {token_index} ({token:?}, gold {gold}): no action leads to the gold annotation{}",
    explain(causes)
)]
pub struct NoOracle {
    /// Index of the token in the predicted document.
    pub token_index: usize,
    /// Its text.
    pub token: String,
    /// The gold tag, `-` if missing.
    pub gold: String,
    /// Each of these, taken away alone, makes the annotation reachable.
    pub causes: Vec<Cause>,
}

/// A kind of constraint without which the gold annotation could be reached, and its token nearest the dead end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// The kind of constraint.
    pub kind: CauseKind,
    /// Index of a token that has such a constraint.
    pub token_index: usize,
    /// The token's text.
    pub token: String,
}

/// A kind of constraint that can put gold annotation out of reach.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum CauseKind {
    /// Entities and blocked tokens that the predicted document came with.
    Preset,
    /// Sentence starts of the predicted document: no entity may run across one.
    SentenceStart,
    /// Spans known not to be entities.
    NegativeSpan,
    /// White space: no entity may start on it.
    WhiteSpace,
}

impl CauseKind {
    pub(crate) const ALL: [CauseKind; 4] =
        [CauseKind::Preset, CauseKind::SentenceStart, CauseKind::NegativeSpan, CauseKind::WhiteSpace];

    /// The problem and its remedy, to follow the name of a token.
    fn advice(self) -> &'static str {
        match self {
            CauseKind::Preset => "the entity preset there contradicts it: change one of the two",
            CauseKind::SentenceStart => {
                "a sentence starts there and no entity may cross it: let no component set sentence starts before \
                 the recogniser, or split the entity"
            }
            CauseKind::NegativeSpan => "the incorrect spans rule out every action: remove one of them",
            CauseKind::WhiteSpace => "no entity may start on white space: trim the annotated span",
        }
    }
}

/// The end of the message: one clause a cause.
fn explain(causes: &[Cause]) -> String {
    if causes.is_empty() {
        return "; no single preset, sentence start, incorrect span or white space is to blame, but several \
                together: compare the annotation with the presets and sentences"
            .to_owned();
    }
    let clause = |Cause { kind, token_index, token }: &Cause| {
        format!("; at token {token_index} ({token:?}) {}", kind.advice())
    };
    causes.iter().map(clause).collect()
}

/// The text of a token as errors quote it; empty past the end.
pub(crate) fn token_text(doc: &Doc, token_index: usize) -> String {
    doc.tokens.get(token_index).map_or(String::new(), |token| token.text().to_owned())
}
