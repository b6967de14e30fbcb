//! The weights of PyTorch networks: an archive, or the pickle of one with some numbers beside it.
#![no_main]

use std::io::{Cursor, Write};

use libfuzzer_sys::fuzz_target;
use ner_thinc::{TorchShim, TorchState};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

fuzz_target!(|bytes: &[u8]| {
    let _ = TorchState::from_shim(bytes);
    let _ = TorchShim::from_bytes(bytes);
    read_and_write(bytes);
    read_and_write(&archive(bytes));
});

/// The checksums of an archive hide its content from the fuzzer.
fn archive(program: &[u8]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, bytes) in [("a/data.pkl", program), ("a/data/0", &[0; 400])] {
        archive.start_file(name, options).expect("memory can be written");
        archive.write_all(bytes).expect("memory can be written");
    }
    archive.finish().expect("memory can be written").into_inner()
}

fn read_and_write(bytes: &[u8]) {
    let Ok(state) = TorchState::from_archive(bytes) else { return };
    let written = state.to_archive();
    let again = TorchState::from_archive(&written).expect("what was written is read");
    assert_eq!(again.to_archive(), written);
}
