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
    for part in ["training.frozen_components", "ruler", "nlp.pipeline"] {
        assert!(run.stderr.contains(part), "expected {part:?} in\n{}", run.stderr);
    }
}

/// A copy of the trained pipeline, with a tagger in its midst that takes its vectors from the shared network.
fn with_tagger() -> Workshop {
    let workshop = Workshop::new();
    for (name, content) in files(&trained().path("output/model-best")) {
        workshop.write(&format!("base/{}", name.display()), content);
    }
    let mut config = Document::read(&workshop.path("base/config.cfg")).unwrap();
    config.set("nlp.pipeline", vec!["tok2vec", "tagger", "ner"]);
    config.set("components.tagger.factory", "tagger");
    config.set("components.tagger.model.@architectures", "spacy.Tagger.v2");
    config.set("components.tagger.model.tok2vec.@architectures", "spacy.Tok2VecListener.v1");
    config.set("components.tagger.model.tok2vec.upstream", "tok2vec");
    workshop.write("base/config.cfg", config.to_cfg_string().unwrap());
    workshop.write("base/tagger/model", b"\x80 weights");
    workshop.write("base/tagger/cfg", "{}");
    let mut meta: Value = serde_json::from_str(&workshop.read("base/meta.json")).unwrap();
    meta["labels"]["tagger"] = serde_json::json!(["NN", "VB"]);
    workshop.write("base/meta.json", meta.to_string());
    let mut strings: Vec<String> = serde_json::from_str(&workshop.read("base/vocab/strings.json")).unwrap();
    strings.push("VB".to_owned());
    workshop.write("base/vocab/strings.json", serde_json::to_string(&strings).unwrap());
    workshop.write("train.jsonl", annotated_lines());
    workshop.write(
        "config.cfg",
        "[paths]\ntrain = train.jsonl\ndev = train.jsonl\n\n\
         [nlp]\nlang = en\npipeline = [\"tok2vec\", \"tagger\", \"finder\"]\n\n[components]\n\n\
         [components.tok2vec]\nsource = \"base\"\n\n[components.tagger]\nsource = \"base\"\n\n\
         [components.finder]\nsource = \"base\"\ncomponent = \"ner\"\nreplace_listeners = [\"model.tok2vec\"]\n\n\
         [training]\nmax_steps = 4\neval_frequency = 2\nfrozen_components = [\"tok2vec\", \"tagger\"]\n",
    );
    workshop
}

#[test]
fn components_that_stay_are_carried_through_training() {
    let workshop = with_tagger();
    let run = workshop.run("train config.cfg -o output").succeeded();
    assert_eq!(run.stderr.matches("\"tagger\" (tagger) is not known here").count(), 1, "{}", run.stderr);
    for model in ["model-best", "model-last"] {
        let path = |name: &str| workshop.path(&format!("output/{model}/{name}"));
        assert!(files(&path("tagger")) == files(&workshop.path("base/tagger")));
        let saved = Document::read(&path("config.cfg")).unwrap();
        let base = Document::read(&workshop.path("base/config.cfg")).unwrap();
        assert_eq!(saved.get("components.tagger"), base.get("components.tagger"));
        assert_eq!(saved.get("nlp.pipeline"), Some(&vec!["tok2vec", "tagger", "finder"].into()));
        assert_eq!(saved.get("training.score_weights.ents_f"), Some(&1.0.into()));
        let meta: Value = serde_json::from_slice(&fs::read(path("meta.json")).unwrap()).unwrap();
        assert_eq!(meta["components"], serde_json::json!(["tok2vec", "tagger", "finder"]));
        assert_eq!(meta["labels"]["tagger"], serde_json::json!(["NN", "VB"]));
        assert_eq!(meta["labels"]["finder"], serde_json::json!(["GPE", "PERSON"]));
        assert!(fs::read_to_string(path("vocab/strings.json")).unwrap().contains("\"VB\""));
    }
    // The recogniser learns as it does alone.
    let alone = "--nlp.pipeline [\"finder\"] --training.frozen_components []";
    let alone = workshop.run(&format!("train config.cfg -o alone {alone}")).succeeded();
    assert_eq!(run.stdout.replace("output/", "alone/"), alone.stdout);
    assert!(
        files(&workshop.path("output/model-last/finder")) == files(&workshop.path("alone/model-last/finder"))
    );
}

#[test]
fn what_cannot_be_carried_is_refused_with_a_way_out() {
    let workshop = with_tagger();
    for (options, parts) in [
        (
            "--training.frozen_components [\"tok2vec\"]",
            ["training.frozen_components: expected tagger", "drop"],
        ),
        (
            "--training.annotating_components [\"tagger\"]",
            ["training.annotating_components", "cannot annotate"],
        ),
        (
            "--nlp.pipeline [\"tagger\",\"finder\"]",
            ["components.tagger.source", "\"tok2vec\", which nlp.pipeline"],
        ),
        ("--components.tagger.component parser", ["has no component parser", "it has tok2vec, tagger, ner"]),
        (
            "--components.tagger.replace_listeners [\"model.tok2vec\"]",
            ["components.tagger.replace_listeners", "freeze"],
        ),
    ] {
        let run = workshop.run(&format!("train config.cfg -o output {options}"));
        assert_eq!(run.code, Some(1), "{}", run.stderr);
        for part in parts {
            assert!(run.stderr.contains(part), "{part}\n{}", run.stderr);
        }
    }
}

#[test]
fn what_a_run_makes_worse_is_said_before_it() {
    let workshop = with_tagger();
    workshop
        .write("boats.jsonl", "{\"text\": \"The Gull sails to Oslo .\", \"entities\": [[4, 8, \"BOAT\"]]}\n");
    let warnings = [
        "\"finder\" knows GPE, PERSON",
        "\"tagger\", which takes its vectors, is frozen",
        "No component learns",
    ];
    for (options, expected) in [
        ("", [true, false, false]),
        ("--paths.train train.jsonl", [false; 3]),
        ("--training.frozen_components [\"tagger\",\"finder\"]", [false, false, true]),
        ("--training.frozen_components [\"tagger\"]", [true, false, false]),
        (
            "--training.frozen_components [\"tagger\"] --components.finder.replace_listeners []",
            [true, true, false],
        ),
    ] {
        let run = workshop.run(&format!("train config.cfg --paths.train boats.jsonl {options}")).succeeded();
        assert_eq!(
            warnings.map(|warning| run.stderr.contains(warning)),
            expected,
            "{options}\n{}",
            run.stderr
        );
    }
}

#[test]
fn a_tokenizer_file_makes_a_pipeline_of_another_language() {
    let workshop = Workshop::new();
    workshop.write("train.jsonl", annotated_lines());
    fs::copy(format!("{}/tokenizer", model()), workshop.path("rules")).unwrap();
    let paths = "--paths.train train.jsonl --paths.dev train.jsonl";
    for lang in ["de", "xx", "zh"] {
        let run = workshop.run(&format!("init config {lang}.toml --lang {lang}")).succeeded();
        assert!(!run.stderr.contains("rules"), "{}", run.stderr);
    }
    let run = workshop.run("init config plain.toml --lang ko").succeeded();
    assert!(
        run.stderr.contains("built in for \"ko\"") && run.stderr.contains("--tokenizer"),
        "{}",
        run.stderr
    );
    let run = workshop.run(&format!("train plain.toml {paths} {SHORT}"));
    assert!(run.code == Some(1) && run.stderr.contains("--tokenizer"), "{}", run.stderr);
    for (tokenizer, config) in [("rules".to_owned(), "a.toml"), (model(), "b.cfg")] {
        let run =
            workshop.run(&format!("init config {config} --lang ko --tokenizer {tokenizer}")).succeeded();
        assert!(!run.stderr.contains("built in"), "{}", run.stderr);
        workshop.run(&format!("train {config} --output {config}.out {paths} {SHORT}")).succeeded();
        let out = format!("{config}.out/model-last");
        assert_eq!(
            fs::read(workshop.path(&format!("{out}/tokenizer"))).unwrap(),
            fs::read(workshop.path("rules")).unwrap()
        );
        assert!(workshop.read(&format!("{out}/meta.json")).contains("\"lang\": \"ko\""));
    }
    // The rules of a pipeline stand beside its config.
    workshop.write("model/config.toml", workshop.read("plain.toml"));
    fs::rename(workshop.path("rules"), workshop.path("model/tokenizer")).unwrap();
    let run = workshop.run(&format!("train model/config.toml --output c.out {paths} {SHORT}")).succeeded();
    assert!(run.stderr.contains("rules of model/tokenizer"), "{}", run.stderr);
    let rules = |pipeline: &str| fs::read(workshop.path(&format!("{pipeline}/tokenizer"))).unwrap();
    assert!(rules("c.out/model-last") == rules("model"));
}

#[test]
fn chinese_is_split_into_characters() {
    let workshop = Workshop::new();
    workshop.write(
        "train.jsonl",
        "{\"text\": \"王芳 住在北京。\", \"entities\": [[0, 2, \"PERSON\"], [5, 7, \"GPE\"]]}\n",
    );
    workshop.run("init config config.toml --lang zh").succeeded();
    let train = format!("train config.toml --paths.train train.jsonl --paths.dev train.jsonl {SHORT}");
    let run = workshop.run(&format!("{train} --output output")).succeeded();
    assert!(run.stdout.contains("100.00"), "{}", run.stdout);
    assert_eq!(workshop.read("output/model-best/tokenizer/cfg"), "{\n  \"segmenter\":\"char\"\n}");
    let run = workshop.run_with_input("apply output/model-best - -", "王芳 住在北京。\n").succeeded();
    assert!(run.stdout.contains(r#"{"start":5,"end":7,"label":"GPE"}"#), "{}", run.stdout);
    for (options, part) in [
        ("--nlp.tokenizer.segmenter jieba", "segmenter = \"char\""),
        ("--nlp.tokenizer.segmenter words", "char, jieba, pkuseg"),
        ("--initialize.tokenizer.model=x", "initialize.tokenizer"),
    ] {
        let run = workshop.run(&format!("{train} {options}"));
        assert_eq!(run.code, Some(1), "{}", run.stderr);
        assert!(run.stderr.contains(part), "{part}\n{}", run.stderr);
    }
    workshop.run("init config other.toml --lang zh --tokenizer output/model-best").succeeded();
    let run = workshop.run(&train.replace("config.toml", "other.toml"));
    assert!(run.code == Some(1) && run.stderr.contains("split without rules"), "{}", run.stderr);
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
