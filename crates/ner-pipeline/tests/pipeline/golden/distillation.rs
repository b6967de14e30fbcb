//! Learning from other pipelines.

use burn::tensor::Device;
use ner_doc::Doc;
use ner_pipeline::{Keep, Knowledge, Learning, LoadOptions, Pipeline, PipelineFiles, Rehearsal, Teacher};

use super::rehearsals::{TEXTS, gradients, learning, pipelines, rehearse, shake};
use super::suite::registry;

const KEEP: Keep = Keep::Probabilities { weight: 1.0, temperature: 2.0 };

/// A teacher that is the pipeline as it is now.
fn teacher(pipeline: &Pipeline) -> Teacher {
    let files = PipelineFiles::in_memory("teacher".as_ref(), pipeline.to_files().unwrap()).unwrap();
    let teacher = Pipeline::from_files(files, &LoadOptions::default(), &registry(), &Device::flex()).unwrap();
    let labels = teacher.components()["ner"].labels();
    Teacher::new(teacher, "ner", labels.into_iter().map(|label| (label.clone(), label)).collect()).unwrap()
}

fn distill(pipeline: &mut Pipeline, teachers: &[Teacher]) -> Learning {
    let docs = TEXTS.map(|text| pipeline.tokenizer().tokenize(text).unwrap());
    let docs: Vec<&Doc> = docs.iter().collect();
    let knowledge: Vec<Knowledge> = teachers.iter().map(|teacher| teacher.study(&docs).unwrap()).collect();
    assert!(knowledge.iter().all(|knowledge| knowledge.n_bytes() > 0));
    let teachers: Vec<_> = teachers.iter().zip(&knowledge).collect();
    let mut learning = learning();
    let rehearsal = Rehearsal { docs: &docs, dropout: 0.0, keep: KEEP };
    pipeline.distill(&rehearsal, "ner", &teachers, &mut learning).unwrap();
    learning
}

/// Whatever is said of rehearsals, gradients included, is said of teachers too.
#[test]
fn a_teacher_that_is_the_pipeline_of_before_is_a_tutor() {
    for mut pipeline in pipelines() {
        let (tutor, teacher) = (pipeline.resume_training(), teacher(&pipeline));
        shake(&mut pipeline);
        let rehearsed = rehearse(&mut pipeline, &tutor, &TEXTS, KEEP);
        let taught = distill(&mut pipeline, &[teacher]);
        assert_eq!(gradients(&mut pipeline, &taught), gradients(&mut pipeline, &rehearsed));
        assert_eq!(taught.losses, rehearsed.losses);
        assert!(taught.losses["ner"] > 0.0);
    }
}

#[test]
fn several_teachers_are_taken_together() {
    for mut pipeline in pipelines() {
        let first = [teacher(&pipeline), teacher(&pipeline)];
        shake(&mut pipeline);
        let second = [teacher(&pipeline)];
        shake(&mut pipeline);
        // Twice the same is once the same.
        let [twice, once] = [&first[..], &first[..1]].map(|teachers| distill(&mut pipeline, teachers));
        let once = gradients(&mut pipeline, &once);
        assert_eq!(gradients(&mut pipeline, &twice), once);
        let other = distill(&mut pipeline, &second);
        let other = gradients(&mut pipeline, &other);
        let [one, _] = first;
        let [two] = second;
        let both = distill(&mut pipeline, &[one, two]);
        let both = gradients(&mut pipeline, &both);
        let values = both.iter().flatten().zip(once.iter().flatten().zip(other.iter().flatten()));
        let scale = both.iter().flatten().fold(0.0_f32, |scale, value| scale.max(value.abs()));
        for (both, (one, other)) in values {
            // Gradients of states are rounded to single precision, and sums of them again.
            assert!((both - f32::midpoint(*one, *other)).abs() < 1e-5 * scale, "{both} {one} {other}");
        }
    }
}
