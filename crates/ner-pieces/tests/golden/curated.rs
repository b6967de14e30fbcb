//! Pieces, lengths and windows of the component `curated_transformer`.

use std::path::Path;

use ner_pieces::{
    ByteBpe, ByteBpeSettings, PieceEncoder, PieceVocabulary, Sentencepiece, Shift, StridedPieces, Wordpiece,
    WordpieceSettings,
};

use super::*;

#[derive(serde::Deserialize)]
struct Row {
    id: usize,
    tokens: Vec<(String, bool)>,
    ids: Vec<u32>,
    lengths: Vec<usize>,
    spans: Vec<(usize, usize)>,
}

/// The vocabularies of a golden file, each of all that it can be read from, and its windows.
fn setup(name: &str, models: &Path) -> (Vec<PieceVocabulary>, usize, usize) {
    let files = |model: &str| model_files(&models.join(model));
    let vocabularies = match name {
        "bert-cased-wordpiece" => {
            let (vocab, settings) = (&files("bert-cased")["vocab.txt"], WordpieceSettings::new(false));
            vec![PieceVocabulary::Wordpiece(Wordpiece::from_file(vocab, settings, "vocab.txt").unwrap())]
        }
        "roberta" => {
            let files = files("roberta");
            let vocab = (files["vocab.json"].as_slice(), "vocab.json");
            let merges = (files["merges.txt"].as_slice(), "merges.txt");
            let from_loader = ByteBpe::from_files(vocab, merges, ByteBpeSettings::default()).unwrap();
            vec![PieceVocabulary::ByteBpe(from_loader), PieceVocabulary::roberta_from_files(&files).unwrap()]
        }
        "xlmr" => vec![PieceVocabulary::sentencepiece_from_files(&files(name), Shift::Xlmr).unwrap()],
        "camembert" => {
            vec![PieceVocabulary::sentencepiece_from_files(&files(name), Shift::Camembert).unwrap()]
        }
        "albert" => vec![PieceVocabulary::sentencepiece_from_files(&files(name), Shift::None).unwrap()],
        _ => {
            let mut files = files(if name == "bert-cased" { name } else { "bert-uncased" });
            let from_json = PieceVocabulary::bert_from_files(&files, true).unwrap();
            files.remove("tokenizer.json");
            vec![from_json, PieceVocabulary::bert_from_files(&files, true).unwrap()]
        }
    };
    let (stride, window) = if name == "bert-window-16-10" { (10, 16) } else { (96, 128) };
    (vocabularies, stride, window)
}

/// The same vocabulary, read from the attribute that it is written to.
fn from_processor(vocabulary: &PieceVocabulary) -> PieceVocabulary {
    match vocabulary {
        PieceVocabulary::Wordpiece(pieces) => PieceVocabulary::Wordpiece(
            Wordpiece::from_processor(&pieces.processor(), pieces.settings().clone()).unwrap(),
        ),
        PieceVocabulary::ByteBpe(pieces) => PieceVocabulary::ByteBpe(
            ByteBpe::from_processor(pieces.processor(), pieces.settings().clone()).unwrap(),
        ),
        PieceVocabulary::Sentencepiece(pieces) => PieceVocabulary::Sentencepiece(
            Sentencepiece::new(pieces.processor().to_vec(), pieces.shift(), "attribute").unwrap(),
        ),
        _ => unreachable!("there are three kinds"),
    }
}

#[test]
fn pieces_and_windows_are_those_of_spacy_curated_transformers() {
    let vocab = Arc::new(Vocab::new("en").unwrap());
    for dir in golden_dirs() {
        let mut n_files = 0;
        for entry in fs::read_dir(dir.join("curated")).unwrap() {
            let path = entry.unwrap().path();
            let Some(name) = path.file_name().unwrap().to_str().unwrap().strip_suffix(".jsonl.gz") else {
                continue;
            };
            let (vocabularies, stride, window) = setup(name, &dir.join("models"));
            let strided = StridedPieces::new(stride, window).unwrap();
            for vocabulary in vocabularies.iter().flat_map(|known| [known.clone(), from_processor(known)]) {
                let encoder = PieceEncoder::new(vocabulary);
                // Twice, since words of the first time are remembered.
                for row in rows::<Row>(&path).iter().chain(&rows::<Row>(&path)) {
                    check_row(&format!("{name} {}", row.id), &encoder, strided, row, &vocab);
                }
            }
            n_files += 1;
        }
        assert!(n_files > 0, "{} holds nothing", dir.display());
    }
}

fn check_row(place: &str, encoder: &PieceEncoder, strided: StridedPieces, row: &Row, vocab: &Arc<Vocab>) {
    let doc = doc(vocab, &row.tokens, &[]);
    let encoded = encoder.encode(&doc);
    assert_eq!((encoded.ids, encoded.lengths), (row.ids.clone(), row.lengths.clone()), "{place}");
    let pieces = strided.pieces(encoder, &[&doc, &doc]);
    let n_inner = row.ids.len() - 2;
    if n_inner > 0 {
        let lengths: Vec<usize> = row.spans.iter().map(|(start, end)| end - start).collect();
        assert_eq!(pieces.lengths, [lengths.clone(), lengths].concat(), "{place}: lengths");
        let ids: Vec<u32> =
            row.spans.iter().flat_map(|&(start, end)| &row.ids[start..end]).copied().collect();
        assert_eq!(pieces.ids, [ids.clone(), ids].concat(), "{place}: ids");
    } else {
        assert!(pieces.ids.is_empty(), "{place}");
    }
    assert_eq!(pieces.n_rows(), 2 * n_inner, "{place}: rows");
    let found: Vec<usize> = (0..pieces.tokens.len()).map(|token| pieces.tokens.get(token).len()).collect();
    let expected = &row.lengths[1..row.lengths.len() - 1];
    assert_eq!(found, [expected, expected].concat(), "{place}: tokens");
    assert_eq!(pieces.tokens.rows, (0..2 * n_inner as u32).collect::<Vec<_>>(), "{place}: tokens");
    let joined = pieces.joined.unwrap();
    let expected = [&row.ids[1..=n_inner], &row.ids[1..=n_inner]].concat();
    for (index, id) in expected.iter().enumerate() {
        let terms: Vec<_> = joined.get(index).collect();
        assert!(terms.iter().all(|(term, _)| pieces.ids[*term as usize] == *id), "{place}: joined {terms:?}");
        assert_eq!(terms.iter().map(|(_, weight)| weight).sum::<f32>(), 1.0, "{place}: joined {terms:?}");
    }
}

/// A pipeline that spaCy saved holds the attributes that are written here, byte for byte.
#[test]
fn attributes_are_those_that_spacy_saves() {
    for dir in golden_dirs() {
        let saved = |pipeline: &str| fs::read(dir.join("pipelines").join(pipeline).join("transformer/model"));
        let files = |model: &str| model_files(&dir.join("models").join(model));
        if let Ok(model) = saved("curated-roberta") {
            let pieces = PieceVocabulary::roberta_from_files(&files("roberta")).unwrap();
            let PieceVocabulary::ByteBpe(pieces) = pieces else { panic!("RoBERTa's pieces are bytes") };
            assert!(model.windows(pieces.processor().len()).any(|bytes| bytes == pieces.processor()));
        }
        if let Ok(model) = saved("curated-bert") {
            let pieces = PieceVocabulary::bert_from_files(&files("bert-uncased"), true).unwrap();
            let PieceVocabulary::Wordpiece(pieces) = pieces else { panic!("BERT's pieces are word pieces") };
            assert!(model.windows(pieces.processor().len()).any(|bytes| bytes == pieces.processor()));
        }
    }
}
