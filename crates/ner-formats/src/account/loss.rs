use serde::Serialize;

/// Why a record did not become a document, or a part of one.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordLoss {
    /// It cannot be read, and the reader was told to go on.
    Unreadable,
    /// The annotator ignored or cancelled it.
    Ignored,
    /// The annotator rejected the text as a whole.
    Refused,
    /// It says nothing of entities that can be taken over, such as a task about pictures.
    NoText,
}

/// Why a span did not become an entity.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SpanLoss {
    /// It does not begin and end where tokens do.
    Misfit,
    /// It carries its text, and its offsets select another.
    TextDiffers,
    /// It is white space alone, which no recogniser can predict.
    WhiteSpace,
    /// It stands under a key that is not known, beside spans under one that is.
    OtherKey,
    /// It stands in the record twice.
    Duplicate,
    /// It has several parts; an entity has one.
    Discontinuous,
    /// It has a second label beside the one that was taken.
    SecondLabel,
    /// It has no label.
    NoLabel,
    /// A later record contradicts it.
    Contradicted,
    /// Its record or the span itself was ignored, refused or cannot be read.
    Ignored,
    /// The label map drops its label.
    Dropped,
}

impl RecordLoss {
    /// The cause, after a number of records.
    pub(super) fn text(self) -> &'static str {
        match self {
            RecordLoss::Unreadable => "cannot be read",
            RecordLoss::Ignored => "were ignored or cancelled by the annotator",
            RecordLoss::Refused => "were refused by the annotator as a whole",
            RecordLoss::NoText => "hold no text, or nothing about entities in it",
        }
    }
}

impl SpanLoss {
    /// The cause, after a number of spans.
    pub(super) fn text(self) -> &'static str {
        match self {
            SpanLoss::Misfit => {
                "do not begin and end where tokens do; the recogniser finds whole tokens only"
            }
            SpanLoss::TextDiffers => "carry another text than their offsets select",
            SpanLoss::WhiteSpace => "are white space alone, which is never an entity",
            SpanLoss::OtherKey => {
                "stand under a key that is not known, beside spans that were read; name it `entities`, or take one of \
                 both out"
            }
            SpanLoss::Duplicate => {
                "stand in their record twice, or in records of the same text; one was kept"
            }
            SpanLoss::Discontinuous => "have several parts; an entity is one stretch of text",
            SpanLoss::SecondLabel => "have a label beside the one that was taken",
            SpanLoss::NoLabel => "have no label",
            SpanLoss::Contradicted => "are contradicted by a later record",
            SpanLoss::Ignored => "are of records that were ignored, refused or unreadable",
            SpanLoss::Dropped => "have labels that the label map drops",
        }
    }

    /// Whether the file is in order all the same: someone decided that the span is left out.
    pub(super) fn is_intended(self) -> bool {
        // A duplicate loses nothing: its entity is there once.
        matches!(self, SpanLoss::Dropped | SpanLoss::Ignored | SpanLoss::Duplicate)
    }
}
