//! The `tokenizer` file, and a text to split by it.
#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use ner_vocab::Vocab;
use ner_fuzz::split;
use ner_tokenizer::Tokenizer;

fuzz_target!(|bytes: &[u8]| {
    let [file, text] = split(bytes);
    let vocab = Arc::new(Vocab::new("en").expect("English is known"));
    let Ok(tokenizer) = Tokenizer::from_bytes(vocab.clone(), file) else { return };
    let text = String::from_utf8_lossy(text);
    if let Ok(doc) = tokenizer.tokenize(&text) {
        assert_eq!(doc.text(), text);
    }
    let _ = tokenizer.explain(&text);
    let written = tokenizer.to_bytes();
    let again = Tokenizer::from_bytes(vocab, &written).expect("what was written is read");
    assert_eq!(again.to_bytes(), written);
});
