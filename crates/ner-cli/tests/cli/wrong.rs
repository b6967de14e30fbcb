//! Every way of going wrong ends with one message that names the place and the mend.

use crate::workshop::{Run, SHORT, Workshop, annotated_lines, files, model, trained};

#[track_caller]
fn check(run: Run, code: i32, parts: &[&str]) {
    assert_eq!(run.code, Some(code), "{}\n{}", run.stdout, run.stderr);
    assert_eq!(run.stdout, "");
    for part in parts {
        assert!(run.stderr.contains(part), "expected {part:?} in\n{}", run.stderr);
    }
}

#[test]
fn wrong_usage() {
    let workshop = Workshop::new();
    workshop.write("some.jsonl", "");
    workshop.write("config.cfg", "");
    for (arguments, part) in [
        ("", "Usage: ner"),
        ("trian", "'train'"),
        ("train nope.cfg", "no such file"),
        ("train config.cfg --device tpu", "no such device; built in: flex"),
        ("train config.cfg --device wgpu", "--features wgpu"),
        ("train config.cfg --threads 0", "--threads"),
        ("train config.cfg --maxsteps 3", "--maxsteps"),
        ("train config.cfg --training.max_steps 3 -x", "-x"),
        ("evaluate model nope.jsonl", "no such file"),
        ("evaluate model some.jsonl --nlp.lang en", "--nlp.lang"),
        ("apply model nope.jsonl out.jsonl", "no such file"),
        ("apply model some.jsonl out.csv", ".spacy or .jsonl"),
        ("apply model some.jsonl - --offsets bits", "chars, bytes, utf16"),
        ("apply model some.jsonl - --batch-size 0", "above 0"),
        ("benchmark speed model some.jsonl --batches 3", "30"),
        ("init fill-config nope.cfg", "no such file"),
        ("registry colours", "architectures, optimizers"),
        ("convert some.jsonl . -t csv", "label-studio"),
        ("convert some.jsonl . -c xls", "conllu"),
    ] {
        check(workshop.run(arguments), 2, &[part]);
    }
}

#[test]
fn wrong_configs() {
    let train =
        |options: &str| trained().run(&format!("train config.toml --paths.train train.jsonl {options}"));
    for (options, parts) in [
        ("--training.max_stepz 5", ["training", "`max_steps`"]),
        ("--trainin.max_steps 5", ["[trainin]", "`training`"]),
        (
            "--training.logger.@loggers spacy.ConsoleLogger.v9",
            ["spacy.ConsoleLogger.v9", "`spacy.ConsoleLogger.v"],
        ),
        ("--training.max_steps many", ["training", "max_steps"]),
        ("--components.ner.model.hidden_widht 3", ["components.ner.model", "`hidden_width`"]),
        ("--training.dropout ${training.droput}", ["training.dropout", "droput"]),
        ("--paths.dev nope.jsonl", ["nope.jsonl", "paths.dev"]),
        ("--nlp.pipeline [\"tok2vec\",\"nerr\"]", ["nlp.pipeline", "nerr"]),
        ("--nlp.pipeline [\"tok2vec\",\"ner\",\"ner\"]", ["nlp.pipeline", "\"ner\" twice"]),
        ("--training.dropout 1.0", ["dropout", "less than 1"]),
        ("--components.ner.model.hidden_width 1000000000000", ["hidden_width", "weights"]),
        ("--components.tok2vec.model.embed.rows [1,1,1,1000000000000]", ["rows", "weights"]),
    ] {
        let options = format!("{options} --paths.dev train.jsonl");
        let options = if options.contains("nope") { "--paths.dev nope.jsonl".to_owned() } else { options };
        check(train(&options), 1, &parts);
    }
    trained().write("broken.toml", "[nlp]\nlang = en\n");
    check(trained().run("train broken.toml"), 1, &["broken.toml", "line 2"]);
    trained().write("latin.cfg", b"[nlp]\nlang = \"\xe9\"\n");
    check(trained().run("train latin.cfg"), 1, &["latin.cfg", "line 2", "UTF-8"]);
    check(trained().run_with_input("train -", "[nlp\n"), 1, &["stdin", "line 1"]);
}

#[test]
fn wrong_data() {
    let workshop = Workshop::new();
    workshop.write("config.toml", trained().read("config.toml"));
    workshop.write("good.jsonl", annotated_lines());
    workshop.run("convert good.jsonl .").succeeded();
    let good = std::fs::read(workshop.path("good.spacy")).unwrap();
    workshop.write("short.spacy", &good[..good.len() / 2]);
    workshop.write("magic.spacy", b"PK\x03\x04 and so on");
    workshop.write("latin.jsonl", b"{\"text\": \"fine\"}\n{\"text\": \"caf\xe9\"}\n");
    workshop.write("none.jsonl", "");
    workshop.write(
        "overlap.jsonl",
        "{\"text\": \"New York\", \"entities\": [[0, 8, \"GPE\"], [4, 8, \"ORG\"]]}\n",
    );
    for (file, parts) in [
        ("short.spacy", ["short.spacy", "zlib"]),
        ("magic.spacy", ["magic.spacy", "zip archive"]),
        ("latin.jsonl", ["latin.jsonl:2:", "UTF-8"]),
        ("overlap.jsonl", ["overlap.jsonl:1", "overlaps"]),
        ("none.jsonl", ["corpora.train", "no document"]),
    ] {
        let paths = format!("--paths.train {file} --paths.dev good.jsonl");
        check(workshop.run(&format!("train config.toml --output output {paths} {SHORT}")), 1, &parts);
        assert!(!workshop.path("output").exists());
        if file != "none.jsonl" {
            check(workshop.run(&format!("evaluate {} {file}", model())), 1, &parts);
        }
    }
    workshop.write("order.json", ORDER);
    check(
        workshop.run("convert order.json out"),
        1,
        &["order.json:1: document 1: token 1 (\"Ada\")", "I-PER"],
    );
    workshop.write("tags.iob", "EU NNP B-ORG\n\nGerman JJ B-\n");
    check(workshop.run("convert tags.iob out -c ner"), 1, &["tags.iob:3", "B-"]);
    assert!(!workshop.path("out").exists());
}

const ORDER: &str = r#"[{"paragraphs": [{"sentences": [{"tokens": [
    {"orth": "in", "ner": "O"}, {"orth": "Ada", "ner": "I-PER"}]}]}]}]"#;

#[test]
fn tags_out_of_order_are_named_by_every_command_that_reads_them() {
    let workshop = Workshop::new();
    workshop.write("config.toml", trained().read("config.toml"));
    workshop.write("tags.iob", "Ada NNP B-PERSON\nLovelace NNP I-GPE\n\nsaw VBD O\nParis NNP I-GPE\n");
    let paths = "--paths.train tags.iob --paths.dev tags.iob";
    for arguments in [
        "convert tags.iob out".to_owned(),
        format!("evaluate {} tags.iob", model()),
        format!("train config.toml --output output {paths} {SHORT}"),
    ] {
        let stderr = workshop.run(&arguments).succeeded().stderr;
        for part in ["tags.iob:2: \"Lovelace\" has the tag I-GPE after B-PERSON", "tags.iob:5: \"Paris\""] {
            assert!(stderr.contains(part), "{arguments}: expected {part:?} in\n{stderr}");
        }
    }
}

#[test]
fn wrong_texts() {
    let workshop = Workshop::new();
    workshop.write("number.jsonl", "{\"text\": \"fine\"}\n{\"text\": 3}\n");
    workshop.write("other.jsonl", "{\"title\": \"fine\"}\n");
    workshop.write("binary.txt", [0xff, 0x00, 0xfe]);
    for (file, parts) in [
        ("number.jsonl", ["number.jsonl:2", "expected a string"]),
        ("other.jsonl", ["other.jsonl:1", "--text-key"]),
        ("binary.txt", ["binary.txt", "UTF-8"]),
    ] {
        check(workshop.run(&format!("apply {} {file} out.jsonl", model())), 1, &parts);
        check(workshop.run(&format!("apply {} {file} out.spacy", model())), 1, &parts);
    }
    let run = workshop.run_with_input(&format!("apply {} - -", model()), b"\xff\n");
    check(run, 1, &["stdin:1:1", "UTF-8"]);
    let long = format!("{{\"text\": \"fine\"}}\n{{\"text\": \"{}\"}}\n", "é ".repeat(500_001));
    workshop.write("long.jsonl", long);
    let too_long = ["long.jsonl:2", "1000002 characters", "max_length"];
    check(workshop.run(&format!("apply {} long.jsonl out.jsonl", model())), 1, &too_long);
    check(workshop.run(&format!("evaluate {} long.jsonl", model())), 1, &too_long);
    assert_eq!(files(&workshop.path(".")).len(), 4, "nothing half-written stays");
    workshop.run(&format!("evaluate {} long.jsonl --max-length 1000002", model())).succeeded();
}

#[test]
fn a_pattern_that_does_not_come_to_an_end_is_an_error() {
    let workshop = Workshop::new();
    for (name, content) in files(model().as_ref()) {
        workshop.write(&format!("model/{}", name.display()), content);
    }
    // MessagePack: a map of one pattern, which looks through the rest of the word at every second letter.
    workshop.write("model/tokenizer", b"\x81\xaeinfix_finditer\xaaa(?=.*c)|b");
    let slow = "ab".repeat(5_000);
    workshop.write("slow.jsonl", format!("{{\"text\": \"fine\"}}\n{{\"text\": \"{slow}\"}}\n"));
    for arguments in ["apply model slow.jsonl out.jsonl", "evaluate model slow.jsonl"] {
        check(workshop.run(arguments), 1, &["slow.jsonl:2", "infix_finditer", "too many steps"]);
    }
    assert!(!workshop.path("out.jsonl").exists());
}

#[test]
fn wrong_places() {
    let workshop = Workshop::new();
    workshop.write("file", "");
    workshop.write("in.jsonl", "{\"text\": \"fine\"}\n");
    workshop.write("there.jsonl", "old");
    workshop.write("models/model-last/config.cfg", "");
    workshop.write("models/model-last/meta.json", "{}");
    workshop.write("config.toml", trained().read("config.toml"));
    for (arguments, parts) in [
        ("train config.toml --output file", ["file", ""]),
        ("train config.toml --output file/below", ["file/below", ""]),
        ("train config.toml --output .", [".", "no pipeline"]),
        ("evaluate nope in.jsonl", ["nope", "no such model"]),
        ("evaluate models in.jsonl", ["models", "did you mean models/model-last?"]),
        ("evaluate models/model-last in.jsonl", ["models/model-last", ""]),
        ("init config there.jsonl", ["there.jsonl", "--force"]),
        ("init config file/below.cfg", ["file/below.cfg", ""]),
        ("convert nope.iob out", ["input file not found", "nope.iob"]),
        ("convert in.jsonl", ["stdout", "output directory"]),
    ] {
        check(workshop.run(arguments), 1, &parts);
    }
    check(workshop.run(&format!("apply {} in.jsonl there.jsonl", model())), 1, &["there.jsonl", "--force"]);
    check(workshop.run(&format!("apply {} in.jsonl file/out.jsonl", model())), 1, &["file"]);
    check(workshop.run(&format!("evaluate {} good.txt", model())), 2, &["no such file"]);
    assert_eq!(workshop.read("there.jsonl"), "old");
}
