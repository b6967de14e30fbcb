use std::fmt;

/// What a rule found in the data of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// No entity to learn from.
    NothingToLearn {
        /// Training documents.
        documents: usize,
        /// Those without annotation of entities.
        unknown: usize,
        /// Whether no entity can come from elsewhere: further on in a stream, or out of a source.
        is_certain: bool,
    },
    /// No entity to find.
    NothingToScore {
        /// Dev documents.
        documents: usize,
        /// Those without annotation of entities.
        unknown: usize,
    },
    /// Labels that are scored and never learned.
    UnseenLabels {
        /// The labels.
        labels: Vec<String>,
        /// The labels that are learned.
        learned: Vec<String>,
    },
    /// Many spans did not become entities.
    SpansLost {
        /// Of the training data; if not, of the dev data.
        is_train: bool,
        /// Spans that are lost.
        lost: usize,
        /// All spans.
        spans: usize,
    },
    /// Entities that cannot be predicted.
    WhiteSpace {
        /// Of the training data; if not, of the dev data.
        is_train: bool,
        /// Their number.
        entities: usize,
    },
    /// Documents without annotation among others.
    Unannotated {
        /// Of the training data; if not, of the dev data.
        is_train: bool,
        /// Their number.
        unknown: usize,
        /// All documents.
        documents: usize,
    },
}

impl Finding {
    /// Whether no run can succeed with it.
    // A dev set that is annotated and has no entity is not: it measures whether entities are seen where none are.
    pub fn is_fatal(&self) -> bool {
        match self {
            Finding::NothingToLearn { is_certain, .. } => *is_certain,
            Finding::NothingToScore { documents, unknown } => documents == unknown,
            _ => false,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let corpus = |is_train: &bool| if *is_train { "training" } else { "dev" };
        match self {
            Finding::NothingToLearn { documents, unknown, .. } if documents == unknown => {
                write!(
                    f,
                    "nothing to learn: no training document is annotated with entities (0 of {documents})"
                )
            }
            Finding::NothingToLearn { documents, unknown, .. } => {
                let annotated = documents - unknown;
                write!(
                    f,
                    "nothing to learn: the training documents have no entity ({annotated} of {documents} are annotated)"
                )
            }
            Finding::NothingToScore { documents, unknown } if documents == unknown => {
                write!(f, "nothing to score: no dev document is annotated with entities (0 of {documents})")
            }
            Finding::NothingToScore { documents, unknown } => {
                let annotated = documents - unknown;
                write!(
                    f,
                    "the dev documents have no entity ({annotated} of {documents} are annotated): scores cannot rise above 0"
                )
            }
            Finding::UnseenLabels { labels, learned } => write!(
                f,
                "the dev data have labels that the training data lack, and that are never found: {}; the training data have {}",
                labels.join(", "),
                learned.join(", ")
            ),
            Finding::SpansLost { is_train, lost, spans } => {
                write!(f, "{lost} of {spans} spans of the {} data are lost, as said above", corpus(is_train))
            }
            Finding::WhiteSpace { is_train, entities } => write!(
                f,
                "entities of the {} data begin or end with white space, which no recogniser predicts ({entities})",
                corpus(is_train)
            ),
            Finding::Unannotated { is_train, unknown, documents } => {
                let effect = if *is_train { "nothing is learned from them" } else { "they are not scored" };
                write!(
                    f,
                    "{unknown} of {documents} {} documents are not annotated with entities: {effect}",
                    corpus(is_train)
                )
            }
        }
    }
}
