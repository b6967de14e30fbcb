//! Files of all formats: the first byte names one, or leaves it to detection, and the second sets options.
#![no_main]

use std::io::Cursor;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use ner_formats::{FORMATS, JsonlWriter, Opened, ReadOptions, Reading};
use ner_tokenizer::Tokenizer;
use ner_vocab::Vocab;
use serde_json::Map;

static TOKENIZER: LazyLock<Tokenizer> = LazyLock::new(|| {
    let vocab = Arc::new(Vocab::new("en").expect("English is known"));
    Tokenizer::for_language(vocab).expect("it is built in")
});

fuzz_target!(|bytes: &[u8]| {
    let [format, flags, text @ ..] = bytes else { return };
    let options = ReadOptions {
        format: FORMATS.get(usize::from(*format)),
        n_sents: usize::from(flags & 3),
        seg_sents: flags & 4 > 0,
        morphology: flags & 8 > 0,
        merge_subtokens: flags & 16 > 0,
        skip_bad: flags & 32 > 0,
        ..ReadOptions::default()
    };
    let Ok(opened) = Opened::of(Box::new(Cursor::new(text.to_vec())), Path::new("a.txt"), None) else { return };
    let Ok(mut reading) = Reading::of(opened, &TOKENIZER, &options) else { return };
    let mut lines = Vec::new();
    let mut writer = JsonlWriter::new(&mut lines, Path::new("b.jsonl")).with_tokens();
    for doc in reading.by_ref().flatten() {
        // Documents of which nothing but tags was checked may hold what entities cannot be.
        drop(writer.write(&doc, Map::new()));
    }
    assert!(reading.into_account().is_balanced());
});
