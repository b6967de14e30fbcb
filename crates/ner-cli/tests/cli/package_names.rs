//! Names of installed packages wherever a pipeline is expected.

use std::path::PathBuf;

use crate::workshop::{Run, Workshop, annotated_lines, files, model};

/// An environment of Python with the trained pipeline installed as `en_people`, and a folder of models with `en_more`.
fn workshop() -> Workshop {
    let workshop = Workshop::new();
    let installed = "env/lib/python3.12/site-packages/en_people";
    workshop.write(&format!("{installed}/__init__.py"), "");
    for (name, content) in files(model().as_ref()) {
        workshop.write(&format!("{installed}/en_people-1.0.0/{}", name.display()), &content);
        workshop.write(&format!("models/en_more/{}", name.display()), content);
    }
    workshop.write("in.jsonl", "{\"text\": \"Ada lives in Paris .\"}\n");
    workshop.write("train.jsonl", annotated_lines());
    workshop
}

fn run(workshop: &Workshop, arguments: &str) -> Run {
    let mut command = workshop.command(arguments);
    command.env("VIRTUAL_ENV", workshop.path("env")).env("NER_MODELS", workshop.path("models"));
    command.output().unwrap().into()
}

#[test]
fn commands_find_packages_by_name() {
    let workshop = workshop();
    for name in ["en_people", "en_more"] {
        let found = run(&workshop, &format!("apply {name} in.jsonl -")).succeeded();
        assert!(found.stdout.contains("PERSON"), "{}", found.stdout);
        run(&workshop, &format!("info {name}")).succeeded();
        run(&workshop, &format!("evaluate {name} train.jsonl")).succeeded();
        run(&workshop, &format!("package {name} packed-{name} --name people --build none")).succeeded();
    }
    let mut command = workshop.command("info en_people");
    command.env("CONDA_PREFIX", workshop.path("env"));
    Run::from(command.output().unwrap()).succeeded();
}

#[test]
fn configs_find_packages_by_name() {
    let workshop = workshop();
    workshop.write(
        "config.cfg",
        "[paths]\nbase = null\n[nlp]\nlang = en\npipeline = [\"tok2vec\", \"ner\"]\n[components]\n\
         [components.tok2vec]\nsource = ${paths.base}\n[components.ner]\nsource = ${paths.base}\n\
         [initialize]\n[initialize.before_init]\n@callbacks = \"spacy.copy_from_base_model.v1\"\n\
         tokenizer = ${paths.base}\nvocab = ${paths.base}\n",
    );
    let train = "train config.cfg --paths.train train.jsonl --paths.dev train.jsonl --training.max_steps 2";
    run(&workshop, &format!("{train} --paths.base en_people --training.eval_frequency 1")).succeeded();
    let missing = run(&workshop, &format!("{train} --paths.base en_none -o out"));
    let place: PathBuf = workshop.path("env/lib/python3.12/site-packages");
    for part in [
        "config.cfg: line ",
        "initialize.before_init.tokenizer",
        "\"en_none\"",
        &place.display().to_string(),
        "paths.base",
        "NER_MODELS",
    ] {
        assert!(missing.stderr.contains(part), "expected {part:?} in\n{}", missing.stderr);
    }
    assert!(!missing.stderr.contains("os error") && !workshop.path("out").exists(), "{}", missing.stderr);
}

#[test]
fn a_name_that_is_not_found_is_told_with_its_key() {
    let workshop = workshop();
    workshop.run("init config config.cfg --optimize accuracy --vectors en_core_web_lg").succeeded();
    let train = "train config.cfg --paths.train train.jsonl --paths.dev train.jsonl";
    for (vectors, parts) in [
        ("", ["initialize.vectors: \"en_core_web_lg\"", "paths.vectors", "NER_MODELS"]),
        (
            "--paths.vectors no/such",
            ["initialize.vectors: \"no/such\"", "paths.vectors", "path of a pipeline"],
        ),
    ] {
        let run = workshop.run(&format!("{train} {vectors}"));
        assert_eq!(run.code, Some(1));
        for part in parts {
            assert!(run.stderr.contains(part), "expected {part:?} in\n{}", run.stderr);
        }
    }
    for arguments in ["apply en_none in.jsonl -", "info en_none", "evaluate en_none train.jsonl"] {
        let run = workshop.run(arguments);
        assert!(run.code == Some(1) && run.stderr.contains("NER_MODELS"), "{arguments}\n{}", run.stderr);
    }
}
