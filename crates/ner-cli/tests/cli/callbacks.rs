//! spaCy's callbacks that have nothing to do here.

use crate::workshop::{SHORT, Workshop, annotated_lines};

#[test]
fn marks_for_a_profiler_are_accepted_without_effect() {
    let workshop = Workshop::new();
    workshop.write("train.jsonl", annotated_lines());
    workshop.run("init config config.toml").succeeded();
    let plain = workshop.read("config.toml");
    let train = format!("--paths.train train.jsonl --paths.dev train.jsonl {SHORT}");
    workshop.run(&format!("train config.toml -o plain {train}")).succeeded();
    let callback = "\"@callbacks\" = \"spacy.models_and_pipes_with_nvtx_range.v1\"\nforward_color = 3\n\
                    additional_pipe_functions = {ner = [\"predict\"]}\n";
    workshop.write(
        "config.toml",
        plain.replace("after_pipeline_creation = \"null\"\n", "")
            + "\n[nlp.after_pipeline_creation]\n"
            + callback,
    );
    let run = workshop.run(&format!("train config.toml -o marked {train}")).succeeded();
    assert_eq!(run.stderr.matches("profiler of NVIDIA").count(), 1, "{}", run.stderr);
    assert!(run.stderr.contains("nlp.after_pipeline_creation: "), "{}", run.stderr);
    for file in ["ner/model", "tok2vec/model"] {
        let read =
            |output: &str| std::fs::read(workshop.path(&format!("{output}/model-last/{file}"))).unwrap();
        assert!(read("plain") == read("marked"), "{file}");
    }
    let run = workshop.run_with_input("apply marked/model-last - -", "Ada lives in Oslo .\n").succeeded();
    assert!(run.stdout.contains("PERSON"), "{}", run.stdout);
}
