//! `ner distill`.

use crate::workshop::{Workshop, annotated_lines, files, model, trained};

/// Few annotated sentences to learn from, and texts of other people and places; a small network and 20 steps.
fn prepared() -> (Workshop, String) {
    let workshop = Workshop::new();
    let lines = annotated_lines();
    let few: String = lines.lines().step_by(6).map(|line| format!("{line}\n")).collect();
    workshop.write("few.jsonl", few);
    workshop.write("dev.jsonl", &lines);
    workshop.write("raw.txt", texts());
    workshop.run("init config config.toml").succeeded();
    let config = "--paths.train few.jsonl --paths.dev dev.jsonl --components.tok2vec.model.encode.width=16 \
                  --components.tok2vec.model.encode.depth=1 \
                  --components.tok2vec.model.embed.rows=[200,100,100,100] \
                  --components.ner.model.hidden_width=16 --training.optimizer.learn_rate=0.02 \
                  --training.max_steps 20 --training.eval_frequency 10";
    (workshop, config.to_owned())
}

/// A text a line.
fn texts() -> String {
    let mut texts = String::new();
    for person in ["Ada", "Grace", "Alan", "Barbara", "Edsger", "Donald"] {
        for place in ["London", "Paris", "Oslo", "Rome", "Vienna"] {
            texts += &format!("{person} lives in {place} .\nIt rains a lot there .\n\n");
        }
    }
    texts
}

/// F of a saved pipeline.
fn score(workshop: &Workshop, model: &str) -> f64 {
    let run = workshop.run(&format!("evaluate {model} dev.jsonl --format json")).succeeded();
    let scores: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    scores["ents_f"].as_f64().unwrap()
}

#[test]
fn a_student_learns_what_its_teacher_knows() {
    let (workshop, options) = prepared();
    // No place but Rome is in the gold, so what is known of the others comes from the teacher.
    let lines = annotated_lines();
    let rome: String =
        lines.lines().filter(|line| line.contains("Rome")).take(2).map(|line| format!("{line}\n")).collect();
    workshop.write("few.jsonl", rome);
    workshop.run(&format!("train config.toml -o alone {options}")).succeeded();
    let run =
        workshop.run(&format!("distill {} config.toml raw.txt -o taught {options}", model())).succeeded();
    assert!(run.stderr.contains("Raw text: 330 words in 60 texts"), "{}", run.stderr);
    let [alone, taught] = ["alone", "taught"].map(|output| score(&workshop, &format!("{output}/model-best")));
    assert!(taught > 0.95 && alone < taught - 0.1, "{alone} {taught}");
    // The size is that of the config, and what spaCy knows nothing of is written only where it was asked for.
    let weights = |output: &str| std::fs::metadata(workshop.path(&format!("{output}/model-best/ner/model")));
    assert_eq!(weights("alone").unwrap().len(), weights("taught").unwrap().len());
    assert!(!workshop.read("alone/model-best/config.cfg").contains("distillation"));
    assert!(workshop.read("taught/model-best/config.cfg").contains("[distillation]"));
}

#[test]
fn distillation_gives_the_same_bytes_on_any_number_of_threads() {
    let (workshop, options) = prepared();
    let teachers = format!("{0},{1}", model(), trained().path("output/model-last").display());
    for (output, threads) in [("a", 1), ("b", 2)] {
        let options = format!("{options} --threads {threads} --distillation.batch_words 40");
        workshop.run(&format!("distill {teachers} config.toml raw.txt -o {output} {options}")).succeeded();
    }
    for model in ["model-last", "model-best"] {
        let [one, two] = ["a", "b"].map(|output| files(&workshop.path(&format!("{output}/{model}"))));
        assert!(one == two, "{model}");
    }
}

#[test]
fn a_distillation_goes_on_to_the_same_bytes() {
    let (workshop, options) = prepared();
    let distill =
        |rest: &str| workshop.run(&format!("distill {} config.toml raw.txt {options} {rest}", model()));
    distill("-o whole").succeeded();
    distill("-o parts --training.max_steps 9").succeeded();
    distill("-o parts --resume").succeeded();
    let [whole, parts] =
        ["whole", "parts"].map(|output| files(&workshop.path(&format!("{output}/model-last"))));
    assert!(whole == parts);

    let more = "--training.max_steps 30";
    for (command, expected) in [
        (format!("train config.toml -o parts --resume {options} {more}"), "begun with `ner distill`"),
        (
            format!("distill {},{} config.toml raw.txt -o parts --resume {options} {more}", model(), model()),
            "the teachers are not those of the run",
        ),
        (
            format!("distill {} config.toml dev.jsonl -o parts --resume {options} {more}", model()),
            "the raw texts are not those of the run",
        ),
    ] {
        let run = workshop.run(&command);
        assert_eq!(run.code, Some(1), "{command}");
        assert!(run.stderr.contains(expected), "{command}\n{}", run.stderr);
    }
    assert!(parts == files(&workshop.path("parts/model-last")));
    workshop.run(&format!("train config.toml -o other {options} --training.max_steps 9")).succeeded();
    let run = distill("-o other --resume");
    assert!(run.stderr.contains("begun with `ner train`"), "{}", run.stderr);
}

#[test]
fn labels_that_do_not_fit_are_told_with_the_mend() {
    let (workshop, options) = prepared();
    let people =
        annotated_lines().lines().map(|line| format!("{}\n", without_places(line))).collect::<String>();
    workshop.write("people.jsonl", &people);
    workshop.write("renamed.jsonl", annotated_lines().replace("GPE", "PLACE"));
    workshop.write("drop.json", "{\"GPE\": \"\"}");
    workshop.write("rename.json", "{\"GPE\": \"PLACE\"}");
    workshop.write("slip.json", "{\"GPE\": \"PLACE\", \"GEP\": \"PLACE\"}");
    let distill = |data: &str, rest: &str| {
        let paths = format!("--paths.train {data} --paths.dev {data}");
        workshop.run(&format!("distill {} config.toml raw.txt -o output {options} {paths} {rest}", model()))
    };
    for (data, rest, expected) in [
        ("people.jsonl", "", "it knows GPE, and the pipeline that learns does not"),
        ("people.jsonl", "", "{\"GPE\": \"\"}"),
        ("renamed.jsonl", "", "it knows GPE"),
        ("renamed.jsonl", "--label-map drop.json", "it does not know PLACE"),
        ("renamed.jsonl", "--label-map slip.json", "no teacher knows GEP"),
        ("renamed.jsonl", "--label-map none.json", "none.json"),
        ("renamed.jsonl", "--distillation.untaught [\"GPE\"]", "the training data have no GPE"),
    ] {
        let run = distill(data, rest);
        assert_eq!(run.code, Some(1), "{data} {rest}");
        assert!(run.stderr.contains(expected), "{data} {rest}\n{}", run.stderr);
        assert!(!workshop.path("output").exists());
    }
    distill("people.jsonl", "--label-map drop.json").succeeded();
    distill("renamed.jsonl", "--label-map rename.json").succeeded();
    // A label that the teacher does not know is left to the gold.
    let run =
        distill("renamed.jsonl", "--label-map drop.json --distillation.untaught [\"PLACE\"]").succeeded();
    assert!(run.stdout.contains("ENTS_F"), "{}", run.stdout);
}

/// A line without its second entity.
fn without_places(line: &str) -> String {
    match line.rsplit_once(", [") {
        Some((start, _)) if line.contains("GPE") => format!("{start}]}}"),
        _ => line.to_owned(),
    }
}

#[test]
fn a_beam_teaches_by_its_parses() {
    let (workshop, options) = prepared();
    // The trained recogniser, as one with a beam.
    let teacher = workshop.path("teacher");
    for (path, content) in files(std::path::Path::new(&model())) {
        let path = teacher.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    let cfg = workshop.read("teacher/ner/cfg");
    let mut settings: serde_json::Value = serde_json::from_str(&cfg).unwrap();
    settings["beam_width"] = 8.into();
    workshop.write("teacher/ner/cfg", settings.to_string());
    workshop.run(&format!("distill teacher config.toml raw.txt -o beam {options}")).succeeded();
    workshop.run(&format!("distill {} config.toml raw.txt -o greedy {options}", model())).succeeded();
    assert!(score(&workshop, "beam/model-best") > 0.95);
    assert!(files(&workshop.path("beam/model-last")) != files(&workshop.path("greedy/model-last")));
}

#[test]
fn what_cannot_teach_is_refused() {
    let (workshop, options) = prepared();
    workshop.write("empty.txt", "\n \n\n");
    let model = model();
    for (arguments, expected) in [
        (format!("{model} config.toml empty.txt"), "RAW empty.txt: no text with a word was found"),
        (format!("{model},nothing config.toml raw.txt"), "there is no such model"),
        (format!("{model} config.toml raw.txt --distillation.weight 0"), "distillation.weight"),
        (format!("{model} config.toml raw.txt --distillation.temperature=-1"), "distillation.temperature"),
        (format!("{model} config.toml raw.txt --distillation.frequency 0"), "distillation.frequency"),
        (format!("{model} config.toml raw.txt --distillation.batch_words 0"), "distillation.batch_words"),
        (format!("{model} config.toml raw.txt --distillation.wait 1"), "wait"),
        (
            format!("{model} config.toml raw.txt --training.frozen_components [\"ner\"]"),
            "expected one recogniser that learns, found none",
        ),
    ] {
        let run = workshop.run(&format!("distill {arguments} -o output {options}"));
        assert_eq!(run.code, Some(1), "{arguments}\n{}", run.stderr);
        assert!(run.stderr.contains(expected), "{arguments}\n{}", run.stderr);
        assert!(!workshop.path("output").exists(), "{arguments}");
    }
}

#[test]
fn no_more_raw_text_is_read_than_is_wanted() {
    let (workshop, options) = prepared();
    let options = format!("{options} --distillation.max_words 100 --distillation.batch_words 3");
    let run = workshop
        .run(&format!("distill {} config.toml raw.txt -o output {options} --training.max_steps 2", model()))
        .succeeded();
    // 19 texts of 5 and 6 words, each cut into two.
    assert!(run.stderr.contains("words in 38 texts; the rest is not read"), "{}", run.stderr);
}
