//! The files of a table of word vectors.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ner_vocab::{StringId, VectorFiles};
use ner_fuzz::split;

fuzz_target!(|bytes: &[u8]| {
    let [config, key2row, table] = split(bytes).map(<[u8]>::to_vec);
    let Ok(vectors) = (VectorFiles { config, table, key2row }).read() else { return };
    let mut vector = vec![0.0; vectors.width()];
    for text in ["word", "é", ""] {
        vectors.write_vector(StringId::of(text), text, &mut vector);
    }
    let written = VectorFiles::of(&vectors);
    assert_eq!(VectorFiles::of(&written.read().expect("what was written is read")), written);
});
