//! JSON Lines.
#![no_main]

use std::path::Path;
use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use ner_vocab::Vocab;
use ner_formats::jsonl::{JsonlReader, JsonlSettings, JsonlWriter};
use ner_tokenizer::Tokenizer;
use serde_json::Map;

static TOKENIZER: LazyLock<Tokenizer> = LazyLock::new(|| {
    let vocab = Arc::new(Vocab::new("en").expect("English is known"));
    Tokenizer::for_language(vocab).expect("it is built in")
});

fuzz_target!(|bytes: &[u8]| {
    let file = Path::new("a.jsonl");
    let mut lines = Vec::new();
    let mut writer = JsonlWriter::new(&mut lines, file).with_tokens();
    let mut n_docs = 0;
    for doc in JsonlReader::new(bytes, file, &TOKENIZER, JsonlSettings::default()).flatten() {
        writer.write(&doc, Map::new()).expect("memory can be written");
        n_docs += 1;
    }
    let again = JsonlReader::new(lines.as_slice(), file, &TOKENIZER, JsonlSettings::default());
    assert_eq!(again.map(|doc| doc.expect("what was written is read")).count(), n_docs);
});
