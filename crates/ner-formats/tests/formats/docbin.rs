//! `.spacy` files of any content survive the way to the file and back, and no file makes the reader panic or take
//! memory without bound.

use std::io::{Read, Write};
use std::path::Path;
use std::sync::Arc;

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use ner_doc::{Doc, EntIob, SpanRecord, Syntax};
use ner_formats::FormatError;
use ner_formats::docbin::{DocBin, DocBinWriter};
use ner_vocab::{StringId, Vocab};
use proptest::prelude::*;

fn write(docs: &[Doc]) -> Vec<u8> {
    let mut writer = DocBinWriter::new();
    docs.iter().for_each(|doc| writer.add(doc));
    let mut bytes = Vec::new();
    writer.write(&mut bytes, Path::new("a.spacy")).unwrap();
    bytes
}

fn read(bytes: &[u8]) -> Result<Vec<Doc>, FormatError> {
    DocBin::from_bytes(bytes, Path::new("a.spacy"))?.into_docs(Arc::new(Vocab::new("en").unwrap())).collect()
}

fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::best());
    zlib.write_all(bytes).unwrap();
    zlib.finish().unwrap()
}

/// What a document says, with strings instead of ids.
fn content(doc: &Doc) -> String {
    let string = |id: StringId| doc.vocab().strings().get(id).unwrap().to_string();
    let tokens: Vec<_> = doc
        .tokens
        .iter()
        .zip(doc.syntax.iter().cloned().chain(std::iter::repeat_with(Syntax::default)))
        .map(|(token, syntax)| {
            let ids =
                [token.own_norm, token.ent_type, token.ent_kb_id, token.ent_id, syntax.tag, syntax.lemma];
            (token.text(), token.space_after, token.ent_iob, ids.map(string), syntax.head)
        })
        .collect();
    let spans: Vec<_> = doc
        .spans
        .iter()
        .map(|(key, group)| {
            let spans = group.spans.iter().map(|it| (it.start, it.end, string(it.label), string(it.kb_id)));
            (key, spans.collect::<Vec<_>>())
        })
        .collect();
    format!("{tokens:?} {spans:?} {:?} {}", doc.cats, doc.has_unknown_spaces)
}

fn token() -> impl Strategy<Value = (String, bool, u8, String, i8)> {
    (r"\PC{1,6}", any::<bool>(), 0..4u8, r"[A-Z\-é]{0,3}", -1..=1i8)
}

fn doc() -> impl Strategy<Value = Doc> {
    let tokens = prop::collection::vec(token(), 0..12);
    (tokens, any::<bool>(), prop::collection::vec(("[a-z]{1,3}", 0.0..1.0f64), 0..3)).prop_map(
        |(tokens, is_tagged, cats)| {
            let words: Vec<&str> = tokens.iter().map(|token| token.0.as_str()).collect();
            let spaces: Vec<bool> = tokens.iter().map(|token| token.1).collect();
            let mut doc = Doc::from_words(Arc::new(Vocab::new("en").unwrap()), &words, &spaces);
            let strings = doc.vocab().clone();
            for (index, (_, _, iob, label, sent_start)) in tokens.iter().enumerate() {
                let label = strings.strings().add(label);
                let token = &mut doc.tokens[index];
                token.ent_iob = [EntIob::Missing, EntIob::In, EntIob::Out, EntIob::Begin][usize::from(*iob)];
                (token.ent_type, token.ent_kb_id, token.sent_start) = (label, label, *sent_start);
                let span = SpanRecord { start: index / 2, end: index + 1, label, kb_id: label, id: label };
                doc.spans.entry(format!("group {}", index % 2)).or_default().spans.push(span);
                if is_tagged {
                    doc.syntax.push(Syntax {
                        tag: label,
                        lemma: label,
                        head: -(index as i32),
                        ..Syntax::default()
                    });
                }
            }
            doc.cats = cats;
            doc
        },
    )
}

proptest! {
    #[test]
    fn documents_survive(docs in prop::collection::vec(doc(), 0..5)) {
        let copies = read(&write(&docs)).unwrap();
        let content = |docs: &[Doc]| docs.iter().map(content).collect::<Vec<_>>();
        prop_assert_eq!(content(&docs), content(&copies));
    }

    #[test]
    fn changed_bytes_never_panic(
        docs in prop::collection::vec(doc(), 1..3),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<Option<prop::sample::Index>>(),
    ) {
        let mut unpacked = Vec::new();
        ZlibDecoder::new(&write(&docs)[..]).read_to_end(&mut unpacked).unwrap();
        for (index, byte) in changes {
            let index = index.index(unpacked.len());
            unpacked[index] = byte;
        }
        unpacked.truncate(cut.map_or(unpacked.len(), |cut| cut.index(unpacked.len())));
        let docs = read(&pack(&unpacked)).unwrap_or_default();
        prop_assert!(docs.iter().filter(|doc| doc.entities().is_ok()).count() <= docs.len());
    }
}

#[test]
fn bombs_are_refused_before_they_go_off() {
    let map_of = |key: &str| [&[0x81, 0xa0 | key.len() as u8], key.as_bytes()].concat();
    let zeros = [map_of("tokens"), vec![0xc6, 0xf0, 0, 0, 0], vec![0; 200 << 20]].concat();
    let cats = [map_of("cats"), vec![0xdd, 0x7f, 0, 0, 0], vec![0x80; 32 << 20]].concat();
    for bomb in [zeros, cats] {
        let packed = pack(&bomb);
        assert!(packed.len() < bomb.len() / 500);
        assert_eq!(read(&packed).unwrap_err().code(), Some("E870"));
    }
    let claims = [map_of("tokens"), vec![0xc6, 0xff, 0xff, 0xff, 0xff], vec![0; 9]].concat();
    let message = read(&pack(&claims)).unwrap_err().to_string();
    assert!(message.starts_with("a.spacy: field \"tokens\": the file ends after 9 of"), "{message}");
}

/// The file with a string of its list changed, so that nothing explains the id of the one that stood there.
fn without_string(bytes: &[u8], string: &str) -> Vec<u8> {
    let mut unpacked = Vec::new();
    ZlibDecoder::new(bytes).read_to_end(&mut unpacked).unwrap();
    let place = unpacked.windows(string.len()).position(|window| window == string.as_bytes()).unwrap();
    unpacked[place] ^= 1;
    pack(&unpacked)
}

#[test]
fn a_norm_that_no_string_explains_is_that_of_the_word() {
    let mut doc = Doc::from_words(Arc::new(Vocab::new("en").unwrap()), &["Mt."], &[]);
    let mount = doc.vocab().strings().add("Zmount");
    doc.tokens[0].own_norm = mount;
    let docs = read(&without_string(&write(&[doc.clone()]), "Zmount")).unwrap();
    assert!(docs[0].tokens[0].own_norm.is_empty());
    // Of annotation it is a fault.
    (doc.tokens[0].own_norm, doc.tokens[0].ent_kb_id) = (StringId::EMPTY, mount);
    let error = read(&without_string(&write(&[doc]), "Zmount")).unwrap_err().to_string();
    assert!(error.contains("ENT_KB_ID has the id"), "{error}");
}
