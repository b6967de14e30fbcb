//! Thinc's model file.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ner_thinc::{Bytes, ModelFile};

fuzz_target!(|bytes: &[u8]| {
    let Ok(model) = ModelFile::from_bytes(&Bytes::copy_from_slice(bytes)) else { return };
    // Weights that are no numbers are refused here, not by the reader.
    let _ = model.check_finite();
    for attr in model.nodes.iter().flat_map(|node| node.attrs.values()) {
        drop(attr.value());
    }
    let written = model.to_bytes();
    let again = ModelFile::from_bytes(&written.clone().into()).expect("what was written is read");
    assert_eq!(again.to_bytes(), written);
});
