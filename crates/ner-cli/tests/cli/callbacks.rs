//! spaCy's callbacks.

use crate::tiny_encoder::workshop;
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

#[test]
fn a_transformer_learns_from_some_step_on() {
    let workshop = workshop();
    let config = workshop.read("curated.cfg");
    let with = |target: &str| {
        let callback = format!(
            "\n[training.before_update]\n@callbacks = \"spacy-curated-transformers.gradual_transformer_unfreezing.v1\"\n\
             target_pipes = {target}\n"
        );
        workshop.write("a.cfg", format!("{config}{callback}"));
    };
    let train = |output: &str, options: &str| {
        let run = workshop.run(&format!("train a.cfg -o {output} {options}")).succeeded();
        assert!(run.stdout.contains("LOSS TRANS..."), "{}", run.stdout);
        ["transformer", "ner"]
            .map(|name| std::fs::read(workshop.path(&format!("{output}/model-last/{name}/model"))).unwrap())
    };
    with("{\"transformer\": 9}");
    let [frozen, _] = train("frozen", "");
    with("{\"*\": 3}");
    let whole = train("whole", "");
    train("parts", "--training.max_steps 2");
    assert!(train("parts", "--resume") == whole);
    let [first, _] = train("first", "--training.max_steps 2");
    assert!(first == frozen && whole[0] != frozen);
    for (target, part) in [
        ("{\"ner\": 2}", "training.before_update"),
        ("{\"ner\": 2}", "factory curated_transformer, found \"ner\""),
        ("{\"*\": 2, \"transformer\": 3}", "expected \"*\" alone"),
        ("{}", "expected a component and its step"),
    ] {
        with(target);
        let run = workshop.run("train a.cfg");
        assert!(run.code == Some(1) && run.stderr.contains(part), "{part}\n{}", run.stderr);
    }
}
