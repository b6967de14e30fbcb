//! `update/init/`: the first weights that a seed gives.

use std::collections::HashMap;

use ner_doc::Example;
use ner_formats::docbin::DocBin;
use ner_model::LayerTree;
use ner_thinc::ModelFile;

use super::suite::{cases, json, pipeline};

#[test]
fn first_weights_are_spacys() {
    let folders = cases("update/init", &["cnn", "beam_v1", "char_no_upper", "listener_mish", "static_extra"]);
    assert!(!folders.is_empty());
    for folder in folders {
        let mut pipeline = pipeline(&folder);
        let references =
            DocBin::open(&folder.join("train.spacy")).unwrap().into_docs(pipeline.vocab().clone());
        let example = |doc: ner_doc::Doc| Example::new(doc.clone(), doc);
        let examples: Vec<Example> = references.map(|doc| example(doc.unwrap())).collect();
        let seed = json(&folder.join("info.json"))["seed"].as_u64().unwrap();
        pipeline.initialize(&examples, &HashMap::new(), seed).unwrap();
        for (name, component) in pipeline.components() {
            let Some(root) = component.layer(&mut LayerTree::to_write(0.0)) else { continue };
            let found = ModelFile::from_layers(&root).unwrap();
            let bytes = std::fs::read(folder.join("pipeline").join(name).join("model")).unwrap();
            let expected = ModelFile::from_bytes(&bytes.into()).unwrap();
            for (index, (found, expected)) in found.nodes.iter().zip(&expected.nodes).enumerate() {
                let is_scaled = expected.name == "precomputable_affine";
                for (parameter, expected) in &expected.params {
                    let found = found.params[parameter].as_ref().unwrap().data();
                    for (found, expected) in found.iter().zip(expected.as_ref().unwrap().data()) {
                        let tolerance =
                            if is_scaled && parameter != "pad" { 1e-5 * (1.0 + expected.abs()) } else { 0.0 };
                        let difference = (found - expected).abs();
                        assert!(
                            difference <= tolerance,
                            "{name} node {index} {parameter}: {found} {expected}"
                        );
                    }
                }
            }
        }
    }
}
