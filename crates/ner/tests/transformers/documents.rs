use ner::{Doc, Pipeline};

use crate::{config, device, registry, start, unpacked};

/// Pipelines of both libraries.
fn pipelines() -> Vec<Pipeline> {
    let folder = unpacked();
    let trained = Pipeline::load(&folder.path().join("hf-bert.tar.gz"), &registry(), &device()).unwrap();
    let made = Pipeline::from_files(
        ner::PipelineFiles::in_memory(
            folder.path(),
            start(&config("curated")).pipeline().to_files().unwrap(),
        )
        .unwrap(),
        &ner::LoadOptions::default(),
        &registry(),
        &device(),
    );
    vec![trained, made.unwrap()]
}

fn vectors(pipeline: &Pipeline, doc: &Doc) -> Vec<f32> {
    let network = pipeline.components()["transformer"].token_vectors().unwrap();
    ner_layers::to_vec(network.forward(&[doc], &mut ner_layers::Mode::Predict))
}

#[test]
fn what_has_no_pieces_has_vectors_of_zeros() {
    for pipeline in pipelines() {
        for text in [" ", "\n\n \t ", "\u{a0}\u{2003}", ""] {
            let doc = pipeline.annotate(text).unwrap();
            assert_eq!(doc.text(), text);
            if !doc.is_empty() {
                assert!(vectors(&pipeline, &doc).iter().all(|value| *value == 0.0), "{text:?}");
            }
        }
    }
}

#[test]
fn any_text_has_entities_or_none() {
    let long = "antidisestablishmentarianism".repeat(200);
    let texts = [
        "\0",
        "a\0b \u{1} \u{7f}\u{200b}\u{feff}",
        "\u{ad}",
        "[CLS] [MASK] [PAD] ##s",
        "😀👩‍👩‍👧",
        &long,
        "日本語のテキスト",
    ];
    for pipeline in pipelines() {
        let mut docs: Vec<Doc> =
            texts.iter().map(|text| pipeline.tokenizer().tokenize(text).unwrap()).collect();
        let alone: Vec<_> =
            texts.iter().map(|text| pipeline.annotate(text).unwrap().entities().unwrap()).collect();
        pipeline.predict(&mut docs).unwrap();
        assert_eq!(docs.iter().map(|doc| doc.entities().unwrap()).collect::<Vec<_>>(), alone);
        assert!(docs.iter().all(|doc| vectors(&pipeline, doc).iter().all(|value| value.is_finite())));
    }
}

/// Documents of a batch do not see each other, and a long one is cut into windows that overlap.
#[test]
fn a_long_document_is_predicted_in_windows() {
    for pipeline in pipelines() {
        let text = "Maria Lopez takes 20 mg of enalapril in Ashford. ".repeat(600);
        let doc = pipeline.annotate(&text).unwrap();
        assert!(doc.len() > 5000);
        // A period of the windows is one of the text.
        let vectors = vectors(&pipeline, &doc);
        assert_eq!(vectors.len(), doc.len() * 32);
        assert!(vectors.iter().all(|value| value.is_finite()));
    }
}
