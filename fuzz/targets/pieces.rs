//! A SentencePiece model, and a text to cut by it.
#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use ner_doc::Doc;
use ner_fuzz::split;
use ner_pieces::{PieceEncoder, PieceVocabulary, Sentencepiece, Shift, StridedPieces};
use ner_vocab::Vocab;

fuzz_target!(|bytes: &[u8]| {
    let [model, text] = split(bytes);
    let Ok(pieces) = Sentencepiece::new(model.to_vec(), Shift::Xlmr, "model") else { return };
    assert_eq!(pieces.processor(), model);
    let encoder = PieceEncoder::new(PieceVocabulary::Sentencepiece(pieces));
    let vocab = Arc::new(Vocab::new("en").expect("English is known"));
    let text = String::from_utf8_lossy(text);
    let doc = Doc::from_words(vocab, &text.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>(), &[]);
    let pieces = StridedPieces::new(10, 16).expect("the windows overlap").pieces(&encoder, &[&doc]);
    assert_eq!(pieces.tokens.len(), doc.len());
    assert!(pieces.ids.iter().all(|id| (*id as usize) < encoder.vocabulary().n_ids()));
});
