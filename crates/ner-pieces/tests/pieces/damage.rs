//! Damaged files are refused, or give some tokenizer; nothing else happens.

use ner_pieces::{ByteBpe, ByteBpeSettings, FastTokenizer, Sentencepiece, StridedPieces};

use super::*;

/// A file with one byte changed, and cut off, at so many places.
fn damaged(file: &[u8], n_places: usize) -> impl Iterator<Item = Vec<u8>> {
    (0..n_places).flat_map(move |place| {
        let place = place * file.len() / n_places;
        let changed = [0x01, 0x80, 0xff].map(|change| {
            let mut file = file.to_vec();
            file[place] ^= change;
            file
        });
        changed.into_iter().chain([file[..place].to_vec()])
    })
}

fn encode(vocabulary: PieceVocabulary, doc: &Doc) {
    StridedPieces::new(96, 128).unwrap().pieces(&PieceEncoder::new(vocabulary), &[doc]);
}

#[test]
fn a_damaged_sentencepiece_model_is_harmless() {
    let doc = doc(&["Maria", "takes", "20\u{a0}mg", "é", "\u{3000}"]);
    for model in damaged(&files("albert")["spiece.model"], 1000) {
        if let Ok(pieces) = Sentencepiece::new(model, Shift::Xlmr, "spiece.model") {
            encode(PieceVocabulary::Sentencepiece(pieces), &doc);
        }
    }
}

#[test]
fn a_damaged_tokenizer_is_harmless() {
    let doc = doc(&["Maria", "takes", "20", "mg"]);
    for model in ["bert-uncased", "roberta"] {
        let mut files = files(model);
        for tokenizer in damaged(&files["tokenizer.json"].clone(), 100) {
            files.insert("tokenizer.json".to_owned(), tokenizer);
            if let Ok(tokenizer) = FastTokenizer::from_files(files.clone()) {
                let _ = tokenizer.pieces(&[&doc], windows());
            }
        }
    }
}

#[test]
fn a_damaged_vocabulary_is_harmless() {
    let doc = doc(&["Maria", "takes", "20", "mg"]);
    let PieceVocabulary::ByteBpe(pieces) = PieceVocabulary::roberta_from_files(&files("roberta")).unwrap()
    else {
        unreachable!("RoBERTa's pieces are bytes");
    };
    for processor in damaged(pieces.processor(), 50) {
        if let Ok(pieces) = ByteBpe::from_processor(&processor, ByteBpeSettings::default()) {
            encode(PieceVocabulary::ByteBpe(pieces), &doc);
        }
    }
    for (model, name) in [("roberta", "vocab.json"), ("roberta", "merges.txt"), ("bert-uncased", "vocab.txt")]
    {
        let mut files = files(model);
        files.remove("tokenizer.json");
        for file in damaged(&files[name].clone(), 30) {
            files.insert(name.to_owned(), file);
            if let Ok(tokenizer) = FastTokenizer::from_files(files.clone()) {
                let _ = tokenizer.pieces(&[&doc], windows());
            }
            PieceVocabulary::roberta_from_files(&files)
                .ok()
                .into_iter()
                .for_each(|pieces| encode(pieces, &doc));
            PieceVocabulary::bert_from_files(&files, true)
                .ok()
                .into_iter()
                .for_each(|pieces| encode(pieces, &doc));
        }
    }
}
