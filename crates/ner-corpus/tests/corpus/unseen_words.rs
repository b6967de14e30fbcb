//! Words that nobody has seen in place of rare ones.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use ner_config::{Block, Kind, Registry};
use ner_corpus::augment::Augmenter;
use ner_corpus::reader::{Corpus, ExampleSource};
use ner_cpython::SharedRandom;
use ner_doc::{Doc, Example};
use ner_tokenizer::Tokenizer;
use ner_vocab::Vocab;

static TOKENIZER: LazyLock<Tokenizer> =
    LazyLock::new(|| Tokenizer::for_language(Arc::new(Vocab::new("es").unwrap())).unwrap());

fn block() -> Block {
    Block::new("augmenter", Block::function(Kind::Augmenters, "ner.unseen_words.v1").table().clone())
}

fn augmenter(block: &Block) -> Box<dyn Augmenter> {
    let mut registry = Registry::new();
    ner_corpus::register(&mut registry);
    registry.build(Kind::Augmenters, block).unwrap()
}

/// The documents of some lines in IOB, and those that a corpus with the augmenter makes of them.
fn augmented(lines: &str, seed: u64) -> (Vec<Example>, Vec<Example>) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("train.iob");
    std::fs::write(&file, lines).unwrap();
    let read = |corpus: &Corpus| -> Vec<Example> {
        corpus.examples(&TOKENIZER, &SharedRandom::new(seed)).collect::<Result<_, _>>().unwrap()
    };
    let corpus = Corpus::new(&file, "paths.train").augmenter(augmenter(&block()));
    let changed = read(&corpus);
    assert_eq!(corpus.accounts().len(), 1);
    assert_eq!(corpus.accounts()[0].documents, changed.len());
    (read(&Corpus::new(&file, "paths.train")), changed)
}

const LINES: &str = "El|O presidente|O José|B-PER Rodríguez-Zapatero|I-PER visitó|O Ávila-2|B-LOC el|O 12345678|O\n\
                     Αθήνα|B-LOC Θεσσαλονίκη|B-LOC пресс-конференция|O ñandúes|O FERROCARRIL|O iPhone15|B-MISC\n";

#[test]
fn of_a_part_it_counts_the_words_of_the_part() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let file = folder.path().join(name);
        std::fs::write(&file, text).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let whole = write("whole.iob", LINES);
    let first = write("first.iob", LINES.split_inclusive('\n').next().unwrap());
    let numbers = write("numbers.json", "[0]");
    let mut registry = Registry::new();
    ner_corpus::register(&mut registry);
    let corpus =
        |path: &str| crate::reader::corpus(Path::new(path)).with("augmenter", block().table().clone());
    let words = |block: &Block, seed: u64| -> Vec<String> {
        let source: Box<dyn ExampleSource> = registry.build(Kind::Readers, block).unwrap();
        let first = source.examples(&TOKENIZER, &SharedRandom::new(seed)).next().unwrap().unwrap();
        first.predicted.words().into_iter().map(str::to_owned).collect()
    };
    let part = Block::function(Kind::Readers, "ner.Part.v1").with("path", numbers.as_str());
    let part = part.with("corpus", corpus(&whole).table().clone());
    let all = Block::function(Kind::Readers, "ner.Part.v1").with("path", write("all.json", "[1, 0]"));
    let part_of_part = Block::function(Kind::Readers, "ner.Part.v1").with("path", numbers.as_str());
    let all = all.with("corpus", corpus(&whole).table().clone());
    let part_of_part = part_of_part.with("corpus", all.table().clone());
    let seeds = 0..50;
    assert!(seeds.clone().all(|seed| words(&part, seed) == words(&corpus(&first), seed)));
    assert!(seeds.clone().all(|seed| words(&part_of_part, seed) == words(&corpus(&first), seed)));
    assert!(seeds.clone().any(|seed| words(&part, seed) != words(&corpus(&whole), seed)));
}

fn features(doc: &Doc) -> Vec<(usize, char, String, String)> {
    let feature = |word: &str| {
        let chars: Vec<char> = word.chars().collect();
        let suffix = chars[chars.len().saturating_sub(3)..].iter().collect();
        let case = |letter: &char| match letter {
            letter if letter.is_uppercase() => 'X',
            letter if letter.is_alphabetic() => 'x',
            other => *other,
        };
        (chars.len(), chars[0], suffix, chars.iter().map(case).collect())
    };
    doc.words().into_iter().map(feature).collect()
}

#[test]
fn invented_words_keep_prefix_suffix_length_and_case_and_all_annotation() {
    let mut n_changed = 0;
    for seed in 0..50 {
        let (before, after) = augmented(LINES, seed);
        for (before, after) in before.iter().zip(&after) {
            assert_eq!(features(&before.predicted), features(&after.predicted));
            assert_eq!(after.predicted.words(), after.reference.words());
            assert_eq!(before.reference.entities().unwrap(), after.reference.entities().unwrap());
            assert_eq!(after.aligned_ner().unwrap(), before.aligned_ner().unwrap());
            let shape = |doc: &Doc| doc.tokens.iter().map(|token| token.lexeme.shape).collect::<Vec<_>>();
            assert_eq!(shape(&before.predicted), shape(&after.predicted));
            let changed = before.predicted.words().into_iter().zip(after.predicted.words());
            for (old, new) in changed.filter(|(old, new)| old != new) {
                n_changed += 1;
                assert!(old.chars().count() >= 5 && !LINES.contains(new), "{old} became {new}");
                // Letters of the corpus in the same case, or those of the word itself.
                assert!(new.chars().all(|letter| LINES.contains(letter)), "{old} became {new}");
            }
        }
    }
    assert!(n_changed > 100, "{n_changed}");
}

#[test]
fn the_more_often_a_word_occurs_the_less_often_it_is_replaced() {
    let line = |index: usize| format!("{}|O siempre|O\n", ["amarillo", "bicicleta", "calendario"][index % 3]);
    let lines: String = (0..12).map(line).collect();
    let (mut n_rare, mut n_frequent) = (0, 0);
    for seed in 0..200 {
        let (_, after) = augmented(&lines, seed);
        let words = || after.iter().flat_map(|example| example.predicted.words());
        n_rare += words().step_by(2).filter(|word| !lines.contains(word)).count();
        n_frequent += words().skip(1).step_by(2).filter(|word| !lines.contains(word)).count();
    }
    // 2400 draws with the probabilities 1/5 and 1/13, whose standard deviations are 20 and 13.
    assert!((420..540).contains(&n_rare) && (140..230).contains(&n_frequent), "{n_rare} {n_frequent}");
}

#[test]
fn it_changes_nothing_before_it_knows_a_corpus() {
    let mut random = ner_cpython::PythonRandom::new(0);
    let doc = TOKENIZER.tokenize("una palabra desconocida").unwrap();
    let example = Example::new(doc.clone(), doc.clone());
    let after = augmenter(&block()).augment(example, &TOKENIZER, &mut random).unwrap();
    assert_eq!(after.predicted.words(), doc.words());
}

#[test]
fn wrong_settings_are_refused_with_what_is_right() {
    let mut registry = Registry::new();
    ner_corpus::register(&mut registry);
    let error = |key: &str, value: f64| {
        let block = match key {
            "min_length" => block().with(key, value as i64),
            _ => block().with(key, value),
        };
        let built = registry.build::<Box<dyn Augmenter>>(Kind::Augmenters, &block);
        built.err().map(|error| error.to_string()).unwrap_or_default()
    };
    assert_eq!(error("level", 1.5), "augmenter.level: expected a share from 0 to 1, found 1.5");
    let message = "augmenter.min_length: found 4, expected at least 5: the first letter and the last 3 stay as they are";
    assert_eq!(error("min_length", 4.0), message);
}
