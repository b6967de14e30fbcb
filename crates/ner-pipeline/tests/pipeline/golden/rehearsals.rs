//! `update/rehearse`: gradients of spaCy's rehearsal; and what rehearsals have in common, whatever they keep.

use std::fs;
use std::path::Path;

use burn::tensor::Device;
use ner_doc::Doc;
use ner_pipeline::{Keep, Learning, LoadOptions, Pipeline, PipelineFiles, Random, Rehearsal, Tutor};

use super::gradients::{check_gradients, check_losses};
use super::suite::{cases, json, registry, slice};
use super::updates::adam;

pub(super) const TEXTS: [&str; 2] =
    ["No are here.", "On July, Katex Ltd paid US$ 4 million to Bode's shop in Zateta!"];
const PROBABILITIES: Keep = Keep::Probabilities { weight: 1.0, temperature: 2.0 };

fn without_hidden_dropout(pipeline: &mut Pipeline) {
    pipeline.recognizers_mut().for_each(|recognizer| recognizer.settings_mut().hidden_dropout = 0.0);
}

pub(super) fn learning() -> Learning {
    Learning::new(adam(&serde_json::json!({})), Random::new(0))
}

/// The gradients and losses of one rehearsal.
pub(super) fn rehearse(pipeline: &mut Pipeline, tutor: &Tutor, texts: &[&str], keep: Keep) -> Learning {
    let docs: Vec<Doc> = texts.iter().map(|text| pipeline.tokenizer().tokenize(text).unwrap()).collect();
    let docs: Vec<&Doc> = docs.iter().collect();
    let mut learning = learning();
    pipeline.rehearse(&Rehearsal { docs: &docs, dropout: 0.0, keep }, tutor, &mut learning).unwrap();
    learning
}

/// The gradients of all weights in the order of the pipeline; those without one are empty.
pub(super) fn gradients(pipeline: &mut Pipeline, learning: &Learning) -> Vec<Vec<f32>> {
    let ids: Vec<u64> = pipeline.parameters_mut().iter().map(|parameter| parameter.id()).collect();
    ids.into_iter().map(|id| learning.gradients.get(id).unwrap_or_default()).collect()
}

/// Moves all weights a little.
pub(super) fn shake(pipeline: &mut Pipeline) {
    for parameter in pipeline.parameters_mut() {
        parameter.change(&mut |weights| {
            let moved = weights.iter().enumerate().map(|(index, weight)| weight + (index % 7) as f32 * 0.02);
            let moved: Vec<f32> = moved.collect();
            weights.copy_from_slice(&moved);
        });
    }
}

/// A pipeline with its own token vectors, and one whose recogniser is a listener.
pub(super) fn pipelines() -> Vec<Pipeline> {
    let folders = slice("update", &["rehearse"]).into_iter().map(|folder| folder.join("tutor"));
    let folders =
        folders.chain(slice("model", &["listener"]).into_iter().map(|folder| folder.join("pipeline")));
    let pipelines = folders.map(|folder| Pipeline::load(&folder, &registry(), &Device::flex()).unwrap());
    let mut pipelines: Vec<Pipeline> = pipelines.collect();
    assert_eq!(pipelines.len(), 2);
    pipelines.iter_mut().for_each(without_hidden_dropout);
    pipelines
}

#[test]
fn gradients_are_spacys() {
    for folder in cases("update", &["rehearse"]) {
        let mut pipeline = Pipeline::load(&folder.join("tutor"), &registry(), &Device::flex()).unwrap();
        without_hidden_dropout(&mut pipeline);
        let tutor = pipeline.resume_training();
        let mut files = pipeline.to_files().unwrap();
        for name in ["cfg", "model", "moves"] {
            files.insert(format!("ner/{name}"), fs::read(folder.join("student_ner").join(name)).unwrap());
        }
        let files = PipelineFiles::in_memory(Path::new("student"), files).unwrap();
        let mut student =
            Pipeline::from_files(files, &LoadOptions::default(), &registry(), &Device::flex()).unwrap();
        without_hidden_dropout(&mut student);
        let info = json(&folder.join("info.json"));
        let texts = info["texts"].as_array().unwrap().iter().map(|text| text.as_str().unwrap());
        let learning = rehearse(&mut student, &tutor, &texts.collect::<Vec<_>>(), Keep::Scores);
        check_losses(&learning.losses, &info["losses"], &folder.display().to_string());
        check_gradients(&student, &learning, &folder);
    }
}

#[test]
fn a_model_that_has_not_moved_has_nothing_to_rehearse() {
    for mut pipeline in pipelines() {
        let tutor = pipeline.resume_training();
        for keep in [Keep::Scores, PROBABILITIES] {
            let learning = rehearse(&mut pipeline, &tutor, &TEXTS, keep);
            assert!(learning.losses.values().all(|loss| loss.abs() < 1e-8), "{:?}", learning.losses);
            let gradients = gradients(&mut pipeline, &learning);
            assert!(gradients.iter().flatten().all(|value| value.abs() < 1e-4));
        }
    }
}

#[test]
fn all_networks_learn_from_a_rehearsal_also_shared_ones() {
    for mut pipeline in pipelines() {
        let tutor = pipeline.resume_training();
        shake(&mut pipeline);
        for keep in [Keep::Scores, PROBABILITIES] {
            let learning = rehearse(&mut pipeline, &tutor, &TEXTS, keep);
            assert!(learning.losses["ner"] > 0.0);
            let gradients = gradients(&mut pipeline, &learning);
            let with_gradient = gradients.iter().filter(|values| values.iter().any(|value| *value != 0.0));
            assert_eq!(with_gradient.count(), gradients.len());
        }
    }
}

#[test]
fn new_actions_learn_nothing_before_they_were_gold() {
    for mut pipeline in pipelines() {
        let tutor = pipeline.resume_training();
        let recognizer = pipeline.recognizers_mut().next().unwrap();
        assert!(recognizer.add_label("NEW"));
        let learning = rehearse(&mut pipeline, &tutor, &TEXTS, Keep::Scores);
        // Where new scores are as low as the lowest old one, the old ones are those of the tutor still.
        assert!(learning.losses["ner"].abs() < 1e-8);
        rehearse(&mut pipeline, &tutor, &TEXTS, PROBABILITIES);
    }
}

#[test]
fn a_tutor_comes_back_from_its_files() {
    for mut pipeline in pipelines() {
        let tutor = pipeline.resume_training();
        pipeline.recognizers_mut().next().unwrap().add_label("NEW");
        shake(&mut pipeline);
        let again = pipeline.tutor_from_files(tutor.to_files().unwrap()).unwrap();
        assert!(again.names().eq(tutor.names()));
        let found = [&tutor, &again].map(|tutor| {
            let learning = rehearse(&mut pipeline, tutor, &TEXTS, PROBABILITIES);
            (gradients(&mut pipeline, &learning), learning.losses)
        });
        assert_eq!(found[0], found[1]);
        let mut none = rehearse(&mut pipeline, &again.without(["ner"]), &TEXTS, PROBABILITIES);
        assert!(gradients(&mut pipeline, &none).iter().all(Vec::is_empty));
        assert_eq!(std::mem::take(&mut none.losses).values().sum::<f64>(), 0.0);
    }
}
