/// A set of annotations.
pub(super) struct AnnotationSet {
    /// Empty for the default set.
    name: String,
    pub(super) annotations: Vec<Annotation>,
}

/// An annotation between two nodes, which are named by their ids.
pub(super) struct Annotation {
    pub(super) kind: String,
    pub(super) start: String,
    pub(super) end: String,
}

/// Types that GATE's own pipelines add, and that are never entities.
const SYNTAX: [&str; 8] =
    ["Token", "SpaceToken", "DEFAULT_TOKEN", "Sentence", "Split", "Lookup", "Paragraph", "paragraph"];

/// GATE's name for what people annotated, with which the results of a pipeline are compared.
const KEY: &str = "Key";

/// What was markup in the file that GATE imported.
const MARKUP: &str = "Original markups";

impl AnnotationSet {
    pub(super) fn of(name: &str) -> AnnotationSet {
        AnnotationSet { name: name.to_owned(), annotations: Vec::new() }
    }

    pub(super) fn name(&self) -> String {
        if self.name.is_empty() { "the default set".to_owned() } else { format!("the set {:?}", self.name) }
    }
}

impl Annotation {
    pub(super) fn is_of_syntax(&self) -> bool {
        SYNTAX.contains(&self.kind.as_str())
    }
}

/// The set to read: that of people, or else the only one with anything but syntax in it. The error is a message.
pub(super) fn chosen(sets: &[AnnotationSet]) -> Result<Option<&AnnotationSet>, String> {
    if let Some(key) = sets.iter().find(|set| set.name == KEY) {
        return Ok(Some(key));
    }
    // A set that holds syntax alone was made by a pipeline, and nobody has to be asked about it.
    let has_entities = |set: &&AnnotationSet| {
        set.name != MARKUP && set.annotations.iter().any(|annotation| !annotation.is_of_syntax())
    };
    let candidates: Vec<_> = sets.iter().filter(has_entities).collect();
    match candidates.as_slice() {
        [] => Ok(sets.iter().find(|set| set.name != MARKUP)),
        [set] => Ok(Some(set)),
        several => {
            let names: Vec<_> = several.iter().map(|set| set.name()).collect();
            Err(format!(
                "{} all have annotations, and one is read; rename the one that is meant to {KEY:?}, or save it alone",
                names.join(", ")
            ))
        }
    }
}
