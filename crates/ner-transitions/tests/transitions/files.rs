use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use flate2::read::GzDecoder;
use ner_doc::{Doc, EntIob, Example, SpanGroup, SpanRecord};
use ner_transitions::{ActionId, Actions, LabelFrequencies};
use ner_vocab::{StringId, Vocab};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The span group that negative spans are kept in.
pub(crate) const NEG_KEY: &str = "negatives";

/// The slice in the repository.
fn slice() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/transitions")
}

fn golden_dirs() -> Vec<PathBuf> {
    let whole = std::env::var_os("NER_GOLDEN").map(|dir| Path::new(&dir).join("transitions"));
    [Some(slice()), whole].into_iter().flatten().collect()
}

/// Calls `check` with every row of a file of lines, of which there is at least one.
pub(crate) fn for_each_row<Row: DeserializeOwned>(name: &str, mut check: impl FnMut(Row)) {
    for dir in golden_dirs() {
        for_each_row_in(&dir.join(name), &mut check);
    }
}

/// The same for a file that the whole suite does not have.
pub(crate) fn for_each_own_row<Row: DeserializeOwned>(name: &str, check: impl FnMut(Row)) {
    for_each_row_in(&slice().join(name), check);
}

fn for_each_row_in<Row: DeserializeOwned>(path: &Path, check: impl FnMut(Row)) {
    let text = read(path);
    assert!(!text.is_empty(), "{} has no rows", path.display());
    text.lines().map(|line| serde_json::from_str(line).unwrap()).for_each(check);
}

/// The one value of a file.
pub(crate) fn value<Value: DeserializeOwned>(name: &str) -> Value {
    serde_json::from_str(&read(&slice().join(name))).unwrap()
}

fn read(path: &Path) -> String {
    let mut file = File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut text = String::new();
    if path.extension().is_some_and(|extension| extension == "gz") {
        GzDecoder::new(file).read_to_string(&mut text).unwrap();
    } else {
        file.read_to_string(&mut text).unwrap();
    }
    text
}

/// A predicted document with presets, and the gold annotation of its tokens.
#[derive(Deserialize)]
pub(crate) struct Case {
    pub(crate) set: usize,
    pub(crate) iob: Vec<u8>,
    #[serde(rename = "type")]
    pub(crate) ent_type: Vec<String>,
    pub(crate) ss: Vec<i8>,
    pub(crate) space: Vec<u8>,
    pub(crate) gold: Vec<Option<String>>,
    pub(crate) neg: Vec<(usize, usize, String)>,
}

#[derive(Deserialize)]
struct ClassSet {
    classes: Vec<String>,
}

/// The actions of the label sets that cases refer to, with negative spans switched on.
pub(crate) fn class_sets() -> Vec<Actions> {
    let sets: Vec<ClassSet> = value("class_sets.json");
    sets.iter().map(|set| actions_of_classes(&set.classes)).collect()
}

/// Actions with these names in this order.
pub(crate) fn actions_of_classes(classes: &[String]) -> Actions {
    let labels = classes.iter().filter_map(|class| class.strip_prefix("B-"));
    let n_labels = labels.clone().count() as i64;
    let counts = labels.zip(0..).map(|(label, rank)| (label.to_owned(), n_labels - rank + 1));
    let mut actions = Actions::new(&LabelFrequencies::from_counts(counts));
    actions.neg_key = Some(NEG_KEY.to_owned());
    assert_eq!(names(&actions), classes);
    actions
}

/// The names of all actions by number.
pub(crate) fn names(actions: &Actions) -> Vec<String> {
    actions.iter().map(|(id, _)| actions.name(id)).collect()
}

/// Action numbers as the files have them.
pub(crate) fn ids(numbers: &[u32]) -> Vec<ActionId> {
    numbers.iter().copied().map(ActionId).collect()
}

impl Case {
    /// The example whose prediction has the presets and whose reference has the gold annotation.
    pub(crate) fn example(&self) -> Example {
        self.example_of(&self.gold)
    }

    /// The same with white space that the reference says nothing of: it counts as outside all the same, and
    /// the files do not tell the two apart.
    pub(crate) fn example_without_space_tags(&self) -> Example {
        let given = self.gold.iter().zip(&self.space);
        let tags = given.map(|(tag, &space)| tag.clone().filter(|tag| !(tag == "O" && space == 1)));
        self.example_of(&tags.collect::<Vec<_>>())
    }

    fn example_of(&self, tags: &[Option<String>]) -> Example {
        let vocab = vocab();
        let words: Vec<&str> = self.space.iter().map(|&space| if space == 1 { " " } else { "w" }).collect();
        let mut predicted = Doc::from_words(vocab.clone(), &words, &[]);
        for (index, token) in predicted.tokens.iter_mut().enumerate() {
            token.ent_iob = iob(self.iob[index]);
            token.ent_type = vocab.strings().add(&self.ent_type[index]);
            token.sent_start = self.ss[index];
        }
        Example::new(predicted, reference(&vocab, &words, tags, &self.neg))
    }
}

/// The vocabulary of all documents.
pub(crate) fn vocab() -> Arc<Vocab> {
    static VOCAB: LazyLock<Arc<Vocab>> = LazyLock::new(|| Arc::new(Vocab::new("en").unwrap()));
    VOCAB.clone()
}

/// A document with these BILUO tags (`None`: missing) and negative spans.
pub(crate) fn reference(
    vocab: &Arc<Vocab>,
    words: &[&str],
    tags: &[Option<String>],
    negatives: &[(usize, usize, String)],
) -> Doc {
    let mut doc = Doc::from_words(vocab.clone(), words, &[]);
    for (token, tag) in doc.tokens.iter_mut().zip(tags) {
        let Some(tag) = tag else { continue };
        token.ent_iob = match &tag[..1] {
            "B" | "U" => EntIob::Begin,
            "I" | "L" => EntIob::In,
            _ => EntIob::Out,
        };
        token.ent_type = vocab.strings().add(tag.get(2..).unwrap_or(""));
    }
    let record = |(start, end, label): &(usize, usize, String)| SpanRecord {
        start: *start,
        end: *end,
        label: vocab.strings().add(label),
        kb_id: StringId::EMPTY,
        id: StringId::EMPTY,
    };
    let spans = negatives.iter().map(record).collect();
    doc.spans.insert(NEG_KEY.to_owned(), SpanGroup { spans, attrs: Vec::new() });
    doc
}

/// The IOB value with this number.
pub(crate) fn iob(number: u8) -> EntIob {
    [EntIob::Missing, EntIob::In, EntIob::Out, EntIob::Begin][usize::from(number)]
}
