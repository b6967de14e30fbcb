//! What is written is read again: nothing changes but what is counted as lost.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ner_doc::{Doc, EntIob, Entity, SpanRecord};
use ner_formats::account::{OutputAccount, Unsaid};
use ner_formats::convert::{ConvertOptions, FileType, Output, convert_path};
use ner_formats::docbin::DocBinWriter;
use ner_formats::{Format, ReadOptions};
use ner_vocab::{StringId, Vocab};
use proptest::prelude::*;
use tempfile::TempDir;

use super::support::{read, shared_tokenizer, show};

/// Labels as people write them (case 36 of the field study), and worse ones.
const LABELS: [&str; 14] = [
    "PERSON",
    "Multi-tissue_structure",
    "Örtlich/er",
    "two words",
    "B-X",
    "O",
    "-",
    "1",
    "a|b",
    " PERSON ",
    "\u{200b}PERSON",
    "日本",
    "per\"son",
    "tab\there",
];

/// Words with whatever means something in some format.
const ODD: &str = "[a-zé🙂|#'\"/\\\\. \t\r\n\u{a0}-]{1,4}";

/// Words and labels that every form can say.
const PLAIN: &str = "[a-zé日🙂'\"/\\\\.-][a-zé日🙂#'\"/\\\\.-]{0,3}";
const PLAIN_LABELS: usize = 2;

/// A token: its text, whether a space follows, what it is of entities, and whether a sentence begins with it.
type TokenSpec = (String, bool, u8, bool);

/// A document: tokens, and spans that are known to be wrong, by start, length and label.
#[derive(Clone, Debug)]
struct DocSpec {
    tokens: Vec<TokenSpec>,
    rejected: Vec<(usize, usize, usize)>,
    is_complete: bool,
}

fn doc_specs(word: &'static str, n_labels: usize) -> impl Strategy<Value = Vec<DocSpec>> {
    let token = (word, any::<bool>(), 0..(2 * n_labels + 6) as u8, proptest::bool::weighted(0.2));
    let rejected = proptest::collection::vec((0..8_usize, 1..3_usize, 0..n_labels), 0..3);
    let doc = (proptest::collection::vec(token, 0..8), rejected, any::<bool>());
    let spec = |(tokens, rejected, is_complete)| DocSpec { tokens, rejected, is_complete };
    proptest::collection::vec(doc.prop_map(spec), 1..5)
}

/// The document of a specification. Its tokens are those of the tokenizer if a form has none of its own.
fn doc(spec: &DocSpec, is_tokenized: bool) -> Doc {
    let words: Vec<&str> = spec.tokens.iter().map(|(word, ..)| word.as_str()).collect();
    let spaces: Vec<bool> = spec.tokens.iter().map(|(_, space, ..)| *space).collect();
    let mut doc = Doc::from_words(Arc::new(Vocab::new("en").unwrap()), &words, &spaces);
    if is_tokenized {
        doc = shared_tokenizer().tokenize(&doc.text()).unwrap();
    }
    doc.has_unknown_spaces = false;
    let vocab = doc.vocab().clone();
    let label = |index: usize| vocab.strings().add(LABELS[index]);
    let mut entities: Vec<Entity> = Vec::new();
    for (index, (.., state, starts_sentence)) in spec.tokens.iter().enumerate().take(doc.len()) {
        let state = usize::from(*state);
        let token = &mut doc.tokens[index];
        token.sent_start = if index == 0 || *starts_sentence { 1 } else { -1 };
        token.ent_iob = if state == 0 && !spec.is_complete { EntIob::Missing } else { EntIob::Out };
        match (state, entities.last_mut()) {
            (1..=3, Some(entity)) if entity.end == index => entity.end += 1,
            (6.., _) => {
                entities.push(Entity { start: index, end: index + 1, label: label((state - 6) / 2) });
            }
            _ => {}
        }
    }
    // White space alone is no entity to a reader.
    entities.retain(|entity| !doc.tokens[entity.start..entity.end].iter().all(ner_doc::Token::is_space));
    for &Entity { start, end, label } in &entities {
        for token in &mut doc.tokens[start..end] {
            (token.ent_iob, token.ent_type) = (EntIob::In, label);
            token.ent_kb_id = vocab.strings().add("Q1");
        }
        doc.tokens[start].ent_iob = EntIob::Begin;
    }
    let mut rejected: Vec<SpanRecord> = Vec::new();
    for &(start, length, index) in &spec.rejected {
        let (end, label) = ((start + length).min(doc.len()), label(index));
        let is_entity = entities.contains(&Entity { start, end, label });
        let (kb_id, id) = (StringId::EMPTY, StringId::EMPTY);
        let span = SpanRecord { start, end, label, kb_id, id };
        if start < end && !is_entity && !rejected.contains(&span) {
            rejected.push(span);
        }
    }
    if !rejected.is_empty() {
        doc.spans.entry("incorrect_spans".to_owned()).or_default().spans = rejected;
    }
    doc
}

/// Documents of different texts, for Prodigy takes those of one text for one.
fn docs(specs: &[DocSpec], is_tokenized: bool) -> Vec<Doc> {
    let mut docs: Vec<Doc> = Vec::new();
    for spec in specs {
        let doc = doc(spec, is_tokenized);
        if docs.iter().all(|other| other.text() != doc.text()) {
            docs.push(doc);
        }
    }
    docs
}

/// Writes documents in a form.
fn written(docs: &[Doc], format: &str) -> (TempDir, OutputAccount) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.spacy");
    let mut writer = DocBinWriter::new();
    docs.iter().for_each(|doc| writer.add(doc));
    writer.save(&file).unwrap();
    let file_type: FileType = format.parse().unwrap();
    let options = ConvertOptions { file_type, ..ConvertOptions::default() };
    let out = folder.path().join("out");
    let mut accounts = convert_path(&file, Output::Directory(&out), &options, &mut |_| {}).unwrap();
    (folder, accounts.remove(0).output.unwrap())
}

/// Writes documents in a form and reads them again.
fn there_and_back(docs: &[Doc], format: &str) -> (Vec<Doc>, OutputAccount) {
    let (folder, account) = written(docs, format);
    let options = ReadOptions { format: Format::named(format), ..ReadOptions::default() };
    let files = written_files(&folder.path().join("out"));
    (files.iter().flat_map(|file| read(file, &options).unwrap().0).collect(), account)
}

/// The files to read; of brat's pairs one of each.
fn written_files(out: &Path) -> Vec<PathBuf> {
    let mut files = ner_files::files_below(out).unwrap();
    files.retain(|file| file.extension().is_some_and(|suffix| suffix != "txt"));
    files
}

/// The documents as they are without what was counted as lost, in the order of their texts.
fn without(mut docs: Vec<Doc>, unsaid: &OutputAccount) -> Vec<String> {
    let is_lost = |kind| unsaid.unsaid.contains_key(&kind);
    for doc in &mut docs {
        if is_lost(Unsaid::Rejected) {
            doc.spans.clear();
        }
        let is_annotated = doc.has_entity_annotation();
        for token in &mut doc.tokens {
            if is_lost(Unsaid::Unknown) && token.ent_iob == EntIob::Missing && is_annotated {
                token.ent_iob = EntIob::Out;
            }
            if is_lost(Unsaid::Links) {
                token.ent_kb_id = StringId::EMPTY;
            }
            token.space_after |= is_lost(Unsaid::Spaces);
        }
    }
    let mut shown: Vec<String> = docs.iter().map(show_all).collect();
    shown.sort();
    shown
}

fn show_all(doc: &Doc) -> String {
    let links = doc.tokens.iter().map(|token| doc.vocab().strings().get(token.ent_kb_id).unwrap());
    format!("{:?}: {} {}", doc.text(), show(doc), links.collect::<Vec<_>>().join("/"))
}

#[track_caller]
fn check(docs: Vec<Doc>, format: &str, losses: &[Unsaid]) {
    let (mut found, account) = there_and_back(&docs, format);
    // A blank line at the end of an .iob file is still a document to its reader.
    found.retain(|doc| format != "iob" || !doc.is_empty());
    assert!(account.unsaid.keys().all(|kind| losses.contains(kind)), "{format}: {account:?}");
    let expected = without(docs, &account);
    assert_eq!(without(found, &OutputAccount::default()), expected, "{format}: {account:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn what_can_be_said_stays(specs in doc_specs(ODD, LABELS.len())) {
        let docs = docs(&specs, false);
        check(docs.clone(), "spacy", &[]);
        check(docs.clone(), "jsonl", &[Unsaid::Sentences]);
        check(docs.clone(), "json", &[Unsaid::Rejected]);
        check(docs, "prodigy", &[Unsaid::Sentences]);
    }

    #[test]
    fn what_cannot_be_said_is_counted(specs in doc_specs(ODD, LABELS.len())) {
        let losses = [Unsaid::Unknown, Unsaid::Rejected, Unsaid::Links, Unsaid::Sentences];
        check(docs(&specs, true), "doccano", &losses);
    }

    #[test]
    fn tags_say_entities(specs in doc_specs(PLAIN, PLAIN_LABELS)) {
        let mut docs = docs(&specs, false);
        docs.retain(|doc| !doc.is_empty());
        prop_assume!(!docs.is_empty());
        // Whether a space ends the text is not said, and not worth a word.
        docs.iter_mut().filter_map(|doc| doc.tokens.last_mut()).for_each(|token| token.space_after = true);
        // The reader of tags does not know `-` yet.
        docs.iter_mut().flat_map(|doc| &mut doc.tokens).for_each(|token| {
            if token.ent_iob == EntIob::Missing {
                token.ent_iob = EntIob::Out;
            }
        });
        let losses = [Unsaid::Rejected, Unsaid::Links, Unsaid::Spaces, Unsaid::Sentences];
        check(docs.clone(), "conll", &losses);
        // Of documents the form knows nothing: a line is one.
        docs.iter_mut().flat_map(|doc| doc.tokens.iter_mut().skip(1)).for_each(|token| token.sent_start = -1);
        check(docs, "iob", &losses);
    }

    #[test]
    fn words_and_labels_that_tags_cannot_say_are_counted(specs in doc_specs(ODD, LABELS.len())) {
        let docs = docs(&specs, false);
        let is_odd = |text: &str| text.trim() != text || text.replace(' ', "").contains(char::is_whitespace);
        check_odd(&docs, "conll", is_odd);
        check_odd(&docs, "iob", |text| text.contains(|c: char| c.is_whitespace() || c == '|'));
    }
}

#[track_caller]
fn check_odd(docs: &[Doc], format: &str, is_odd: impl Fn(&str) -> bool) {
    let (mut n_words, mut n_labels) = (0, 0);
    for doc in docs {
        n_words += doc.words().iter().filter(|word| is_odd(word)).count();
        let labels = doc
            .entities()
            .unwrap()
            .into_iter()
            .map(|entity| doc.vocab().strings().get(entity.label).unwrap());
        n_labels += labels.filter(|label| is_odd(label)).count();
    }
    let count = |kind| written(docs, format).1.unsaid.get(&kind).map_or(0, |count| count.things);
    assert_eq!((count(Unsaid::Words), count(Unsaid::Labels)), (n_words, n_labels), "{format}");
}
