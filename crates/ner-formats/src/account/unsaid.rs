use serde::Serialize;

/// What documents may hold and a format cannot say.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unsaid {
    /// Tokens of which nothing is known, beside others.
    Unknown,
    /// Spans that are known not to be entities.
    Rejected,
    /// Words with characters that mean something else in the format, or no character at all.
    Words,
    /// Labels with such characters.
    Labels,
    /// Ids of entities in a knowledge base.
    Links,
    /// Ids of entities.
    Ids,
    /// Documents with the text of another one.
    SameTexts,
    /// Words that no space follows.
    Spaces,
    /// Where documents begin and end.
    Documents,
    /// Beginnings of sentences.
    Sentences,
    /// Tags, lemmas, dependencies.
    Syntax,
    /// Spans of other groups than that of rejected ones.
    Groups,
    /// Categories of texts.
    Categories,
    /// Data of other programs.
    UserData,
}

/// How much cannot be said.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct UnsaidCount {
    /// Tokens, spans, ids and the like.
    pub things: usize,
    /// The documents that hold them.
    pub documents: usize,
}

impl Unsaid {
    /// All that is not said of entities in any format but spaCy's own.
    pub(crate) const BESIDE_ENTITIES: [Unsaid; 5] =
        [Unsaid::Sentences, Unsaid::Syntax, Unsaid::Groups, Unsaid::Categories, Unsaid::UserData];

    /// Whether it is annotation of entities, or changes what that is about.
    pub(super) fn is_of_entities(self) -> bool {
        // The variants stand in this order for that.
        self <= Unsaid::SameTexts
    }

    /// The loss in words, and the formats without it.
    pub(super) fn text(self, format: &str, UnsaidCount { things, documents }: UnsaidCount) -> String {
        let (what, thing, fate, others) = match self {
            Unsaid::Unknown => {
                ("which tokens are unknown", "tokens", "are written as outside", "jsonl or spacy")
            }
            Unsaid::Rejected => {
                ("which spans are known to be wrong", "spans", "are left out", "jsonl or spacy")
            }
            Unsaid::Words => {
                ("words with some characters", "words", "are changed or left out", "jsonl or spacy")
            }
            Unsaid::Labels => ("labels with some characters", "labels", "are changed", "jsonl or spacy"),
            Unsaid::Links => ("ids of a knowledge base", "ids", "are left out", "jsonl or spacy"),
            Unsaid::Ids => ("ids of entities", "ids", "are left out", "jsonl or spacy"),
            Unsaid::SameTexts => {
                ("that documents of one text are several", "documents", "become one", "jsonl or spacy")
            }
            Unsaid::Spaces => ("which words no space follows", "words", "get a space", "jsonl or spacy"),
            Unsaid::Documents => {
                ("where documents begin and end", "documents", "are not told apart", "conll")
            }
            Unsaid::Sentences => {
                ("where sentences begin", "sentences", "are not told apart", "json or spacy")
            }
            Unsaid::Syntax => ("tags and dependencies", "tokens", "are left out", "json or spacy"),
            Unsaid::Groups => ("span groups", "spans", "are left out", "spacy"),
            Unsaid::Categories => ("categories of texts", "categories", "are left out", "json or spacy"),
            Unsaid::UserData => ("data of other programs", "values", "are left out", "spacy"),
        };
        let of = if thing == "documents" { String::new() } else { format!(", documents: {documents}") };
        format!("{format} cannot say {what} ({thing}: {things}{of}): they {fate}; use {others}")
    }
}
