//! The converters of text files: the first byte names one, the second the options.
#![no_main]

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use ner_formats::convert::{ConvertOptions, Converter, convert_file};

const CONVERTERS: [Converter; 6] = [
    Converter::Conll,
    Converter::Ner,
    Converter::Iob,
    Converter::Conllu,
    Converter::Conllubio,
    Converter::Json,
];

static FILE: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    folder.keep().join("input")
});

fuzz_target!(|bytes: &[u8]| {
    let [converter, flags, text @ ..] = bytes else { return };
    let options = ConvertOptions {
        converter: CONVERTERS.get(usize::from(*converter)).copied(),
        n_sents: usize::from(flags & 3),
        seg_sents: flags & 4 > 0,
        morphology: flags & 8 > 0,
        merge_subtokens: flags & 16 > 0,
        ..ConvertOptions::default()
    };
    fs::write(&*FILE, text).expect("the file can be written");
    if let Ok(docs) = convert_file(&FILE, &options, &mut |_| {}) {
        docs.iter().for_each(|doc| drop(doc.entities()));
    }
});
