//! All devices that are built in find the same entities.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};

use ner::{Entity, Pipeline, built_in_devices, builtin, open_device};

/// A pipeline of spaCy: `tok2vec`, and `ner` that listens to it.
fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../ner-pipeline/tests/golden/data/model/listener/pipeline")
}

/// Its entities in texts on which spaCy's own choice is clear: no other action scores within 0.19 of the best.
fn entities(device: &str) -> Vec<Entity> {
    let device = open_device(device).unwrap();
    let pipeline = Pipeline::load(&golden(), &builtin().registry(), &device).unwrap();
    let texts = [
        "  Vemax has a on 😀 in Vekes Sobor Bay",
        "Mavaze & Co. & WalonenCorp merged; Ripe Feth-Pememan left.",
    ];
    texts.iter().flat_map(|text| pipeline.annotate(text).unwrap().entities().unwrap()).collect()
}

#[test]
fn a_pipeline_finds_the_same_entities_on_each_device() {
    let found: Vec<_> = built_in_devices().map(|device| (device, entities(device))).collect();
    let (first, expected) = &found[0];
    assert_eq!(expected.len(), 6, "{first} finds the six entities that spaCy finds");
    for (device, entities) in &found {
        assert_eq!(entities, expected, "{device} finds those that {first} finds");
    }
}
