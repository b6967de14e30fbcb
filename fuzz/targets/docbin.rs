//! `.spacy` files, as they are and as what they unpack to.
#![no_main]

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use flate2::Compression;
use flate2::read::ZlibEncoder;
use libfuzzer_sys::fuzz_target;
use ner_doc::Doc;
use ner_vocab::Vocab;
use ner_formats::docbin::{DocBin, DocBinWriter};

fuzz_target!(|bytes: &[u8]| {
    let mut packed = Vec::new();
    ZlibEncoder::new(bytes, Compression::fast()).read_to_end(&mut packed).expect("memory can be read");
    read_and_write(&packed);
    read_and_write(bytes);
});

fn read_and_write(bytes: &[u8]) {
    let file = Path::new("a.spacy");
    let Ok(docs) = read(bytes) else { return };
    let docs: Vec<Doc> = docs.filter_map(Result::ok).collect();
    let mut writer = DocBinWriter::new();
    docs.iter().for_each(|doc| writer.add(doc));
    let mut written = Vec::new();
    writer.write(&mut written, file).expect("memory can be written");
    let again = read(&written).expect("what was written is read");
    assert_eq!(again.map(|doc| doc.expect("it was written").len()).sum::<usize>(), docs.iter().map(Doc::len).sum::<usize>());
}

fn read(bytes: &[u8]) -> Result<ner_formats::docbin::Docs, ner_formats::FormatError> {
    let vocab = Arc::new(Vocab::new("xx").expect("it is known"));
    Ok(DocBin::from_bytes(bytes, Path::new("a.spacy"))?.into_docs(vocab))
}
