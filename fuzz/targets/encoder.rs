//! The files of a pretrained encoder: settings up to the first byte 0, weights behind it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ner_hub::EncoderFiles;

fuzz_target!(|bytes: &[u8]| {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let write = |name: &str, bytes: &[u8]| {
        std::fs::write(folder.path().join(name), bytes).expect("there is room for a file");
    };
    let mut parts = bytes.splitn(2, |&byte| byte == 0);
    write("config.json", parts.next().unwrap_or_default());
    write("model.safetensors", parts.next().unwrap_or_default());
    if let Ok(files) = EncoderFiles::open(folder.path()) {
        let _ = files.weights();
    }
});
