//! Whole runs on small texts.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::cell::Cell;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use ner_vectors::{Mode, Origin, Settings, Text, Training, VectorsError};
use ner_vocab::{Attribute, StringId, VectorFiles, Vectors, Vocab};

const SETTINGS: Settings = Settings {
    mode: Mode::Table,
    attr: Attribute::ORTH,
    dim: 20,
    minn: 3,
    maxn: 5,
    bucket: 1000,
    hash_count: 1,
    window: 3,
    negative: 5,
    epochs: 4,
    learn_rate: 0.05,
    min_count: 2,
    sample: 1.0,
    seed: 1,
};

/// Words of four kinds. In a sentence, words of one kind stand together with the kind's own verbs.
const KINDS: [[&str; 4]; 4] = [
    ["aspirin", "morphine", "heparin", "codeine"],
    ["London", "Paris", "Vienna", "Oslo"],
    ["violin", "trumpet", "cello", "flute"],
    ["granite", "basalt", "marble", "slate"],
];
const FRAMES: [[&str; 3]; 4] = [
    ["take", "daily", "dose"],
    ["visit", "street", "mayor"],
    ["play", "tune", "bow"],
    ["quarry", "grey", "hard"],
];

fn sentences(n: usize) -> Vec<Vec<String>> {
    let sentence = |index: usize| {
        let (kind, number) = (index % 4, (index * 2654435761) >> 5);
        let frame = FRAMES[kind];
        let pick = |shift: usize| KINDS[kind][(number >> shift) % 4];
        [frame[number % 3], pick(2), frame[(number >> 4) % 3], pick(7), frame[(number >> 9) % 3]]
            .map(str::to_owned)
            .to_vec()
    };
    (0..n).map(sentence).collect()
}

fn write(folder: &Path, sentences: &[Vec<String>]) -> Result<Text, VectorsError> {
    let origin = Origin { lang: "en".to_owned(), sources: Vec::new() };
    Text::write(&folder.join("text"), origin, |writer| {
        for sentence in sentences {
            writer.add(sentence.iter().map(String::as_str)).unwrap();
        }
        Ok(())
    })
}

fn learn(text: &Text, settings: Settings) -> Vectors {
    let vocab = Vocab::new("en").unwrap();
    let mut training = Training::new(text, &vocab, settings).unwrap();
    assert!(!training.follow(Duration::MAX, &mut |_| {}, &|| false).unwrap());
    training.into_vectors().unwrap()
}

fn vector(vectors: &Vectors, word: &str) -> Vec<f32> {
    let mut vector = vec![0.0; vectors.width()];
    vectors.write_vector(StringId::of(word), word, &mut vector);
    vector
}

fn cosine(vectors: &Vectors, a: &str, b: &str) -> f32 {
    let (a, b) = (vector(vectors, a), vector(vectors, b));
    let product = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    product(&a, &b) / (product(&a, &a) * product(&b, &b)).sqrt()
}

#[test]
fn words_of_the_same_contexts_are_nearest() {
    let folder = tempfile::tempdir().unwrap();
    let text = write(folder.path(), &sentences(4000)).unwrap();
    for (mode, hash_count, maxn) in [(Mode::Table, 1, 5), (Mode::Table, 1, 0), (Mode::Floret, 2, 5)] {
        let vectors = learn(&text, Settings { mode, hash_count, maxn, ..SETTINGS });
        for (kind, words) in KINDS.iter().enumerate() {
            let others = KINDS.iter().enumerate().filter(|(other, _)| *other != kind);
            let others: Vec<&str> = others.flat_map(|(_, words)| *words).collect();
            for word in words {
                let nearest_other =
                    others.iter().map(|other| cosine(&vectors, word, other)).fold(-1.0, f32::max);
                for friend in words {
                    let found = cosine(&vectors, word, friend);
                    assert!(found > nearest_other, "{mode:?} {word} {friend} {found} {nearest_other}");
                }
            }
        }
        // The vectors of words have a mean square of 1.
        let words = text.forms().flat_map(|word| vector(&vectors, word));
        let squares: Vec<f32> = words.map(|value| value * value).collect();
        let mean = squares.iter().sum::<f32>() / squares.len() as f32;
        assert!((mean - 1.0).abs() < 1e-3, "{mean}");
    }
}

/// The bytes of what is learned on so many threads.
fn bytes(text: &Text, settings: Settings, n_threads: usize) -> VectorFiles {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap();
    VectorFiles::of(&pool.install(|| learn(text, settings)))
}

#[test]
fn results_do_not_depend_on_threads_but_on_the_seed() {
    let folder = tempfile::tempdir().unwrap();
    // Enough for blocks of several pieces.
    let text = write(folder.path(), &sentences(20_000)).unwrap();
    let settings = Settings { epochs: 1, dim: 4, ..SETTINGS };
    let one = bytes(&text, settings.clone(), 1);
    assert!(one == bytes(&text, settings.clone(), 2));
    assert!(one == bytes(&text, settings.clone(), 5));
    assert!(one != bytes(&text, Settings { seed: 2, ..settings }, 1));
}

#[test]
fn a_run_that_is_killed_or_stopped_ends_as_one_that_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let text = write(folder.path(), &sentences(2000)).unwrap();
    let whole = VectorFiles::of(&learn(&text, SETTINGS));
    let vocab = Vocab::new("en").unwrap();
    // Killed: the last checkpoint is of some steps before.
    for n_steps in [1, 170, 401] {
        let text = Text::open(&folder.path().join("text")).unwrap().unwrap();
        let mut training = Training::new(&text, &vocab, SETTINGS).unwrap();
        training.resume().unwrap();
        let n_left = Cell::new(n_steps);
        let killed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let mut report = |_| {
                n_left.set(n_left.get() - 1);
                assert!(n_left.get() > 0, "killed");
            };
            training.follow(Duration::from_millis(3), &mut report, &|| false)
        }));
        assert!(killed.is_err());
    }
    // Stopped: saved where it is.
    let mut training = Training::new(&text, &vocab, SETTINGS).unwrap();
    training.resume().unwrap();
    let n_steps = Cell::new(0);
    let is_enough = || n_steps.get() > 20;
    assert!(training.follow(Duration::MAX, &mut |_| n_steps.set(n_steps.get() + 1), &is_enough).unwrap());
    let mut training = Training::new(&text, &vocab, SETTINGS).unwrap();
    assert!(training.resume().unwrap());
    assert!(!training.follow(Duration::MAX, &mut |_| (), &|| false).unwrap());
    assert!(VectorFiles::of(&training.into_vectors().unwrap()) == whole);
}

#[test]
fn forms_share_the_row_of_their_feature_and_rare_words_have_that_of_their_parts() {
    let folder = tempfile::tempdir().unwrap();
    let mut sentences = sentences(400);
    sentences.push(["take", "Aspirin", "aspirins", "xy"].map(str::to_owned).to_vec());
    let text = write(folder.path(), &sentences).unwrap();
    let vectors = learn(&text, Settings { attr: Attribute::LOWER, ..SETTINGS });
    let row = |word: &str| vectors.row(StringId::of(word));
    assert!(row("aspirin").is_some() && row("Aspirin") == row("aspirin"));
    assert!(row("aspirins").is_some() && row("aspirins") != row("aspirin"));
    assert!(cosine(&vectors, "aspirins", "aspirin") > 0.5);
    assert_eq!(row("never"), None);
    // The most frequent words come first, as `ner init vectors --prune` wants it.
    assert!(row("visit").unwrap() < row("aspirins").unwrap());
    let rows: BTreeSet<usize> = text.forms().filter_map(row).collect();
    assert_eq!(rows.len(), vectors.n_rows());
    let without_parts = learn(&text, Settings { maxn: 0, ..SETTINGS });
    assert_eq!(without_parts.row(StringId::of("aspirins")), None);
}

#[test]
fn what_cannot_be_learned_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let error = write(folder.path(), &[vec![]]).unwrap_err().to_string();
    assert!(error.contains("no words"), "{error}");
    let text = write(folder.path(), &sentences(100)).unwrap();
    let vocab = Vocab::new("en").unwrap();
    let check = |settings: Settings, part: &str| {
        let mut training = match Training::new(&text, &vocab, settings) {
            Ok(training) => training,
            Err(error) => return assert!(error.to_string().contains(part), "{error}"),
        };
        let error = training.resume().err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.contains(part), "{part}: {error:?}");
    };
    check(Settings { min_count: 1000, ..SETTINGS }, "smaller min_count");
    check(Settings { dim: 0, ..SETTINGS }, "dim: expected");
    check(Settings { maxn: 2, ..SETTINGS }, "maxn: expected");
    check(Settings { attr: Attribute::SHAPE, ..SETTINGS }, "attr: expected");
    Training::new(&text, &vocab, SETTINGS).unwrap().save().unwrap();
    check(Settings { window: 4, ..SETTINGS }, "window was 3 and is 4");
    let input = folder.path().join("text/weights/input");
    let whole = std::fs::read(&input).unwrap();
    let mut changed = whole.clone();
    changed[100] ^= 1;
    for damaged in [&whole[1..], &changed] {
        std::fs::write(&input, damaged).unwrap();
        check(SETTINGS, "input: it ");
    }
    std::fs::write(&input, whole).unwrap();
    check(SETTINGS, "");
    std::fs::write(folder.path().join("text/ids"), [0; 5]).unwrap();
    let error = Text::open(&folder.path().join("text")).unwrap_err().to_string();
    assert!(error.contains("ids: it has 5 bytes") && error.contains("begin anew"), "{error}");
}
