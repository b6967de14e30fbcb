//! Pipelines with components that are not known, not wanted, or taken from elsewhere.

use std::fs;

use ner_config::Document;
use serde_json::Value;

use crate::workshop::{SHORT, Workshop, annotated_lines, files, model, trained};

/// A copy of the trained pipeline, with an entity ruler behind it.
fn with_ruler() -> Workshop {
    let workshop = Workshop::new();
    for (name, content) in files(&trained().path("output/model-best")) {
        workshop.write(&format!("model/{}", name.display()), content);
    }
    let mut config = Document::read(&workshop.path("model/config.cfg")).unwrap();
    config.set("nlp.pipeline", vec!["tok2vec", "ner", "ruler"]);
    config.set("components.ruler.factory", "entity_ruler");
    workshop.write("model/config.cfg", config.to_cfg_string().unwrap());
    workshop.write("model/ruler/patterns.jsonl", "{}\n");
    workshop.write("in.jsonl", "{\"text\": \"Ada lives in Paris .\"}\n");
    workshop
}

#[test]
fn what_is_skipped_is_said_once_or_refused() {
    let workshop = with_ruler();
    let run = workshop.run("apply model in.jsonl -").succeeded();
    assert!(run.stdout.contains("PERSON"), "{}", run.stdout);
    assert_eq!(run.stderr.matches("\"ruler\" (entity_ruler) is not known here").count(), 1, "{}", run.stderr);
    assert!(run.stderr.contains("it would add entities"), "{}", run.stderr);
    for options in ["--exclude ruler", "--disable ruler", "--enable tok2vec,ner --strict"] {
        let run = workshop.run(&format!("apply model in.jsonl - {options}")).succeeded();
        assert!(!run.stderr.contains("ruler"), "{options}\n{}", run.stderr);
    }
    for (arguments, part) in [
        (
            "apply model in.jsonl - --strict",
            "components.ruler: `entity_ruler` in `factory` is not available here",
        ),
        ("evaluate model in.jsonl --strict", "components.ruler"),
        ("benchmark speed model in.jsonl --strict", "components.ruler"),
        ("apply model in.jsonl - --enable ner --disable ner", "to be enabled and disabled"),
    ] {
        let run = workshop.run(arguments);
        assert_eq!(run.code, Some(1));
        assert!(run.stderr.contains(part), "{part}\n{}", run.stderr);
    }
    let run = workshop.run("apply model in.jsonl - --disable ner").succeeded();
    assert_eq!(run.stdout, "{\"text\":\"Ada lives in Paris .\"}\n");
    let run = workshop.run("info model --format json --disable tok2vec,ner").succeeded();
    let facts: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(facts["status"]["ner"], "disabled");
    assert_eq!(facts["status"]["ruler"], "skipped: entity_ruler is not known here");
    assert_eq!(facts["architectures"]["ner"][0], "spacy.TransitionBasedParser.v2");
}

#[test]
fn a_skipped_component_is_harmless_only_if_nobody_reads_what_it_sets() {
    let workshop = with_ruler();
    let mut config = Document::read(&workshop.path("model/config.cfg")).unwrap();
    config.set("nlp.pipeline", vec!["tagger", "ruler", "tok2vec", "ner"]);
    config.set("components.tagger.factory", "tagger");
    config.set("components.ruler.factory", "attribute_ruler");
    let mut check = |attrs: [&str; 4], patterns: &[u8], tagger: &str, ruler: &str| {
        config.set("components.tok2vec.model.embed.attrs", attrs.to_vec());
        workshop.write("model/config.cfg", config.to_cfg_string().unwrap());
        workshop.write("model/ruler/patterns", patterns);
        let stderr = workshop.run("apply model in.jsonl -").stderr;
        for (name, effect) in [("\"tagger\" (tagger)", tagger), ("\"ruler\" (attribute_ruler)", ruler)] {
            let warning = format!("The component {name} is not known here and is skipped: {effect}");
            assert_eq!(stderr.matches(&warning).count(), 1, "expected {warning:?} in\n{stderr}");
        }
    };
    let harmless = "entities do not depend on it";
    // MessagePack: [{"patterns": [], "attrs": {"NORM": "x"}}], and the same with TAG.
    let norm = b"\x91\x82\xa8patterns\x90\xa5attrs\x81\xa4NORM\xa1x";
    let tag = b"\x91\x82\xa8patterns\x90\xa5attrs\x81\xa3TAG\xa1x";
    check(["NORM", "PREFIX", "SUFFIX", "SHAPE"], tag, harmless, harmless);
    check(["NORM", "PREFIX", "SUFFIX", "SHAPE"], norm, harmless, "it would set NORM, which");
    check(["NORM", "PREFIX", "SUFFIX", "TAG"], tag, "it would set TAG, which", "it would set TAG, which");
    check(["NORM", "PREFIX", "SUFFIX", "LEMMA"], b"", harmless, "it would set LEMMA, NORM, which");
}

#[test]
fn a_pipeline_is_assembled_of_others() {
    let workshop = with_ruler();
    workshop.write(
        "config.cfg",
        "[nlp]\nlang = en\npipeline = [\"ner\", \"ruler\", \"sentencizer\"]\n\n[components]\n\n\
         [components.ner]\nsource = \"model\"\nreplace_listeners = [\"model.tok2vec\"]\n\n\
         [components.ruler]\nsource = \"model\"\n\n[components.sentencizer]\nfactory = \"sentencizer\"\n",
    );
    let run = workshop.run("assemble config.cfg new").succeeded();
    assert_eq!(run.stderr.matches("\"ruler\" (entity_ruler) is not known here").count(), 1, "{}", run.stderr);
    let entities = |model: &str| workshop.run(&format!("apply {model} in.jsonl -")).succeeded().stdout;
    assert_eq!(entities("new"), entities("model"));
    assert!(workshop.read("new/config.cfg").contains("spacy.MultiHashEmbed.v2"));
    assert!(!workshop.read("new/config.cfg").contains("source ="));
    assert_eq!(workshop.read("new/ruler/patterns.jsonl"), "{}\n");
    assert!(workshop.read("new/sentencizer.json").contains("punct_chars"));
    for (options, part) in [
        ("--components.ner.source nowhere", "nowhere"),
        ("--components.ner.component other", "has no component other"),
        ("--components.ner.replace_listeners [\"model\"]", "model.tok2vec"),
    ] {
        let run = workshop.run(&format!("assemble config.cfg bad {options}"));
        assert_eq!(run.code, Some(1));
        assert!(run.stderr.contains(part), "{part}\n{}", run.stderr);
    }
    assert!(!workshop.path("bad").exists());
    workshop.write("train.jsonl", annotated_lines());
    let run = workshop.run("train config.cfg --paths.train train.jsonl --paths.dev train.jsonl");
    assert_eq!(run.code, Some(1));
    for part in ["config.cfg: line 3: nlp.pipeline", "ruler (entity_ruler)", "`ner assemble`"] {
        assert!(run.stderr.contains(part), "expected {part:?} in\n{}", run.stderr);
    }
}

#[test]
fn a_tokenizer_file_makes_a_pipeline_of_another_language() {
    let workshop = Workshop::new();
    workshop.write("train.jsonl", annotated_lines());
    fs::copy(format!("{}/tokenizer", model()), workshop.path("rules")).unwrap();
    let paths = "--paths.train train.jsonl --paths.dev train.jsonl";
    workshop.run("init config plain.toml --lang de").succeeded();
    let run = workshop.run(&format!("train plain.toml {paths} {SHORT}"));
    assert!(run.code == Some(1) && run.stderr.contains("--tokenizer"), "{}", run.stderr);
    for (tokenizer, config) in [("rules".to_owned(), "a.toml"), (model(), "b.cfg")] {
        workshop.run(&format!("init config {config} --lang de --tokenizer {tokenizer}")).succeeded();
        workshop.run(&format!("train {config} --output {config}.out {paths} {SHORT}")).succeeded();
        let out = format!("{config}.out/model-last");
        assert_eq!(
            fs::read(workshop.path(&format!("{out}/tokenizer"))).unwrap(),
            fs::read(workshop.path("rules")).unwrap()
        );
        assert!(workshop.read(&format!("{out}/meta.json")).contains("\"lang\": \"de\""));
    }
}

#[test]
fn documents_with_tokens_need_no_tokenizer() {
    let workshop = with_ruler();
    let config = workshop.read("model/config.cfg");
    let config = config.replace("spacy.Tokenizer.v1", "spacy.ja.JapaneseTokenizer");
    workshop.write("model/config.cfg", config);
    fs::remove_file(workshop.path("model/tokenizer")).unwrap();
    let words = r#"["Ada", "lives", "in", "Paris", "."]"#;
    workshop.write("words.jsonl", format!("{{\"id\": 1, \"tokens\": {words}}}\n"));
    workshop.write("both.jsonl", format!("{{\"text\": \"Ada lives in Paris .\", \"tokens\": {words}}}\n"));
    for file in ["words.jsonl", "both.jsonl"] {
        let run = workshop.run(&format!("apply model {file} -")).succeeded();
        let record: Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(
            record["ents"][0],
            serde_json::json!({"start": 0, "end": 3, "label": "PERSON"}),
            "{}",
            run.stdout
        );
    }
    workshop.write("train.jsonl", annotated_lines());
    workshop.run("convert train.jsonl .").succeeded();
    workshop.run("apply model train.spacy out.spacy").succeeded();
    let run = workshop.run("evaluate model train.spacy").succeeded();
    assert!(run.stderr.contains("tokens of the data"), "{}", run.stderr);
    let run = workshop.run("apply model in.jsonl -");
    assert_eq!(run.code, Some(1));
    assert!(
        run.stderr.contains("spacy.ja.JapaneseTokenizer") && run.stderr.contains(".spacy"),
        "{}",
        run.stderr
    );
}
