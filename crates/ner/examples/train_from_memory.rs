//! Trains a recogniser on examples that the program makes, and measures it on examples that it did not learn from.
//!
//!     cargo run --release --example train_from_memory -- output
//!
//! The pipeline is in `output/model-best` afterwards; `apply_to_text` can run it.
#![expect(clippy::print_stdout, reason = "the output of the program")]

use std::env;
use std::error::Error;
use std::path::Path;
use std::sync::Arc;

use ner::{Doc, DocBinWriter, EntIob, Entity, NoReports, Output, Vocab};

const PATTERNS: [&str; 4] = [
    "PERSON lives in CITY .",
    "In CITY , PERSON met PERSON .",
    "The train to CITY leaves at noon .",
    "Yesterday PERSON left CITY for the sea .",
];
const PEOPLE: [&str; 5] = ["Ada Lovelace", "Grace", "Alan Turing", "Emmy Noether", "Kurt"];
const CITIES: [&str; 5] = ["London", "New York", "Göttingen", "Vienna", "Manchester"];

fn main() -> Result<(), Box<dyn Error>> {
    let output = env::args_os().nth(1).ok_or("usage: train_from_memory OUTPUT")?;
    let vocab = Arc::new(Vocab::new("en").ok_or("no such language")?);
    let (mut train, mut dev) = (DocBinWriter::new(), DocBinWriter::new());
    let names = PEOPLE.iter().flat_map(|person| CITIES.map(|city| (*person, city)));
    for (index, (person, city)) in names.enumerate() {
        let corpus = if index % 4 == 0 { &mut dev } else { &mut train };
        for pattern in PATTERNS {
            corpus.add(&example(&vocab, pattern, person, city)?);
        }
    }

    // Configs name corpora by their paths, as spaCy's do, so the examples go through files.
    let corpora = tempfile::tempdir()?;
    let mut config = ner::new_config("en")?;
    for (name, corpus) in [("train", &train), ("dev", &dev)] {
        let path = corpora.path().join(name).with_extension("spacy");
        corpus.save(&path)?;
        config.set(&format!("paths.{name}"), path.to_str().ok_or("the path is no text")?);
    }
    config.set("training.max_steps", 100);
    config.set("training.eval_frequency", 20);
    let report = ner::train(&config, Some(&Output::to(Path::new(&output))), &mut NoReports, &|| false)?;

    let pipeline = ner::load(&Path::new(&output).join("model-best"))?;
    let evaluation = ner::evaluate(&pipeline, &corpora.path().join("dev.spacy"))?;
    let f = evaluation.number("ents_f").ok_or("nothing to measure")?;
    println!("{} and {} examples, {} steps, F {f:.3}", train.len(), dev.len(), report.last_step + 1);
    Ok(())
}

/// A sentence with names in the places of a pattern, and with these names as its entities.
fn example(vocab: &Arc<Vocab>, pattern: &str, person: &str, city: &str) -> Result<Doc, ner::Error> {
    let (mut words, mut entities) = (Vec::new(), Vec::new());
    for word in pattern.split(' ') {
        let name = match word {
            "PERSON" => person,
            "CITY" => city,
            _ => {
                words.push(word);
                continue;
            }
        };
        let start = words.len();
        words.extend(name.split(' '));
        entities.push(Entity { start, end: words.len(), label: vocab.strings().add(word) });
    }
    let mut doc = Doc::from_words(vocab.clone(), &words, &[]);
    // All other tokens are known to be outside: with `EntIob::Missing`, nothing would be learned from them.
    doc.set_entities(&entities, EntIob::Out)?;
    Ok(doc)
}
