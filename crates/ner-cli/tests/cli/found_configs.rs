//! Configs as people have them: written by hand, copied from answers, made by another program or version.

use ner_config::Document;

use crate::workshop::{SHORT, Workshop, annotated_lines, model};

/// A config that trains for two steps.
const PLAIN: &str = r#"
[paths]
train = null
dev = null

[nlp]
lang = "en"
pipeline = ["ner"]

[components]

[components.ner]
factory = "ner"

[components.ner.model]
@architectures = "spacy.TransitionBasedParser.v2"
hidden_width = 16

[components.ner.model.tok2vec]
@architectures = "spacy.HashEmbedCNN.v2"
width = 16
depth = 1
embed_size = 300

[training]
gpu_allocator = null
max_steps = 4
eval_frequency = 2
"#;

const PATHS: &str = "--paths.train train.jsonl --paths.dev train.jsonl";

fn workshop() -> Workshop {
    let workshop = Workshop::new();
    workshop.write("train.jsonl", annotated_lines());
    workshop
}

/// Trains with [`PLAIN`] after a change, and expects an error with all `parts`.
#[track_caller]
fn check(old: &str, new: &str, parts: &[&str]) {
    let workshop = workshop();
    assert!(PLAIN.contains(old), "{old}");
    workshop.write("a.cfg", PLAIN.replace(old, new));
    let run = workshop.run(&format!("train a.cfg -o out {PATHS}"));
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    for part in parts {
        assert!(run.stderr.contains(part), "expected {part:?} in\n{}", run.stderr);
    }
    assert!(!workshop.path("out").exists());
}

/// Trains with a config.
#[track_caller]
fn trains(workshop: &Workshop, name: &str, options: &str) -> String {
    let run = workshop.run(&format!("train {name} -o out-{name} {PATHS} {options}")).succeeded();
    assert!(workshop.path(&format!("out-{name}/model-last/config.cfg")).is_file());
    run.stderr
}

#[test]
fn whatever_is_meant_is_read() {
    let workshop = workshop();
    let plain = |old: &str, new: &str| PLAIN.replace(old, new);
    workshop.write("mark.cfg", format!("\u{feff}{}", PLAIN.trim_start()));
    workshop.write("crlf.cfg", plain("\n", "\r\n"));
    workshop.write("python.cfg", plain("gpu_allocator = null", "gpu_allocator = None"));
    workshop.write("indented.cfg", PLAIN.lines().map(|line| format!("    {line}\n")).collect::<String>());
    workshop.write("list.cfg", plain("[\"ner\"]", "[\n  \"ner\"\n  ]"));
    for name in ["mark.cfg", "crlf.cfg", "python.cfg", "indented.cfg", "list.cfg"] {
        trains(&workshop, name, "");
    }
}

#[test]
fn what_is_mistyped_is_told_with_its_line_and_the_mend() {
    check("\"en\"", "'en'", &["a.cfg: line 7: nlp.lang", "double quotes"]);
    check("\"en\"", "“en”", &["a.cfg: line 7: nlp.lang", "straight"]);
    check("[\"ner\"]", "['ner']", &["a.cfg: line 8: nlp.pipeline: expected a list", "double quotes"]);
    check("[\"ner\"]", "[\"ner\",]", &["a.cfg: line 8: nlp.pipeline: expected a list", "comma"]);
    check("max_steps = 4", "max_steps = 4 # few", &["a.cfg: line 27: training.max_steps", "line of its own"]);
    check("max_steps = 4", "dropout = 0,1", &["a.cfg: line 27: training.dropout", "point"]);
    let optimizer = "[training.optimizer]\n@optimizers = Adam.v1\nlearn_rate = 0,001\n\n[training]";
    check("[training]", optimizer, &["a.cfg: line 27: training.optimizer.learn_rate", "point"]);
    check("max_steps = 4", "  max_steps = 4", &["a.cfg: line 27: `max_steps` is indented", "in line 26"]);
    check("max_steps = 4", "epochs = 4", &["a.cfg: line 27: training: unknown key `epochs`", "`max_epochs`"]);
    check("[training]", "[Training]", &["a.cfg: line 25: unknown section [Training]", "[training]"]);
    check("[paths]\n", "[paths]\nraw = ${env.RAW}\n", &["a.cfg: line 3: paths.raw", "${env.RAW}"]);
    let escaped = ["a.cfg: line 3: paths.raw", "\"C:\\new\\train.spacy\"", "write / or \\\\"];
    check("[paths]\n", "[paths]\nraw = \"C:\\new\\train.spacy\"\n", &escaped);
    let long = format!("max_steps {}", "very ".repeat(100));
    check("max_steps = 4", &long, &["a.cfg: line 27: expected `key = value`", "very…`"]);
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    let workshop = workshop();
    let wrong = PLAIN.replace(
        "max_steps = 4",
        "max_steps = four\nepochs = 3\n[training.optimizer]\n@optimizers = spacy.Adam.v1",
    );
    workshop.write("a.cfg", wrong.replace("hidden_width", "hidden_widht"));
    let run = workshop.run(&format!("train a.cfg -o out {PATHS} --training.patience x"));
    for part in [
        "✘ 5 problems:",
        "\n  a.cfg: line 17: components.ner.model (spacy.TransitionBasedParser.v2): unexpected argument `hidden_widht`",
        "\n  a.cfg: line 27: training.max_steps: expected an integer from 0, found \"four\"",
        "\n  a.cfg: line 28: training: unknown key `epochs`",
        "\n  a.cfg: line 30: training.optimizer: unknown function `spacy.Adam.v1` in `@optimizers`, did you mean `Adam.v1`?",
        "\n  training.patience: expected an integer from 0, found \"x\"",
    ] {
        assert!(run.stderr.contains(part), "expected {part:?} in\n{}", run.stderr);
    }
}

#[test]
fn settings_of_answers_are_told_where_they_belong() {
    let in_component = "factory = \"ner\"\n";
    for (setting, part) in [
        ("use_gold_spans = true", "no component has it"),
        ("spans_key = \"sc\"", "spancat"),
        ("learn_tokens = false", "the parser"),
        ("beam_width = 3", "the factory `beam_ner`"),
        ("hidden_width = 3", "move it down to [components.ner.model]"),
        ("[components.ner.config]\nx = 1", "nlp.add_pipe"),
    ] {
        let key = setting.trim_start_matches("[components.ner.").split([' ', ']']).next().unwrap_or_default();
        check(in_component, &format!("{in_component}{setting}\n"), &[&format!("`{key}`"), part]);
    }
    let in_model = "hidden_width = 16\n";
    for (setting, part) in [
        ("moves = null", "move it up to [components.ner]"),
        ("update_with_oracle_cut_size = 100", "move it up to [components.ner]"),
        ("scorer = null", "move it up to [components.ner]"),
        ("nO = 9", "follows from the labels"),
    ] {
        check(in_model, &format!("{in_model}{setting}\n"), &["a.cfg: line ", part]);
    }
    let batcher = "[training.batcher]\n@batchers = \"spacy.batch_by_padded.v1\"\nsize = 100\nbuffer = 256\n\
                   discard_oversize = true\nmax_words = 100\n\n[training]\n";
    check("[training]\n", batcher, &["training.batcher", "`max_words`", "bounded by `size`"]);
}

#[test]
fn a_short_config_gets_the_networks_of_spacy() {
    let workshop = workshop();
    let head = "[nlp]\nlang = \"en\"\n";
    let component = |name: &str| format!("[components.{name}]\nfactory = \"{name}\"\n");
    workshop.write("ner.cfg", format!("{head}pipeline = [\"ner\"]\n[components]\n{}", component("ner")));
    workshop.write(
        "both.cfg",
        format!(
            "{head}pipeline = [\"tok2vec\", \"beam_ner\"]\n[components]\n{}{}[components.beam_ner.model]\nhidden_width = 32\n",
            component("tok2vec"),
            component("beam_ner")
        ),
    );
    trains(&workshop, "ner.cfg", "--training.max_steps 1 --training.eval_frequency 1");
    workshop.run("init fill-config both.cfg full.cfg").succeeded();
    let full = Document::read(&workshop.path("full.cfg")).unwrap();
    for (path, value) in [
        ("components.tok2vec.model.@architectures", "spacy.HashEmbedCNN.v2".into()),
        ("components.beam_ner.model.@architectures", "spacy.TransitionBasedParser.v2".into()),
        ("components.beam_ner.model.hidden_width", 32.into()),
        ("components.beam_ner.model.tok2vec.embed_size", 2000.into()),
    ] {
        assert_eq!(full.get(path), Some(&value), "{path}");
    }
    let run = workshop.run(
        "train ner.cfg --paths.train train.jsonl --paths.dev train.jsonl --paths.x y --training.max_steps 1",
    );
    assert!(run.stderr.contains("`paths.x` changes nothing"), "{}", run.stderr);
}

#[test]
fn a_config_may_be_json() {
    let workshop = workshop();
    let json = r#"{
        "nlp": {"lang": "en", "pipeline": ["ner"]},
        "components": {"ner": {"factory": "ner", "model": {
            "@architectures": "spacy.TransitionBasedParser.v2", "hidden_width": 16, "tok2vec": {
                "@architectures": "spacy.HashEmbedCNN.v2", "width": 16, "depth": 1, "embed_size": 300}}}},
        "training": {"max_steps": 2, "eval_frequency": 1, "gpu_allocator": null}
    }"#;
    workshop.write("config.cfg", json);
    workshop.write("config.json", json);
    trains(&workshop, "config.cfg", "");
    trains(&workshop, "config.json", "");
    let run = workshop.run_with_input(&format!("train - {PATHS}"), json).succeeded();
    assert!(run.stdout.contains("LOSS NER"), "{}", run.stdout);
    workshop.write("cut.json", &json[..200]);
    let run = workshop.run(&format!("train cut.json {PATHS}"));
    assert!(run.code == Some(1) && run.stderr.contains("cut.json: line 4: not JSON"), "{}", run.stderr);
    let utf16: Vec<u8> = PLAIN.encode_utf16().flat_map(u16::to_le_bytes).collect();
    workshop.write("utf16.cfg", utf16);
    let run = workshop.run(&format!("train utf16.cfg {PATHS}"));
    assert!(run.code == Some(1) && run.stderr.contains("iconv -f UTF-16"), "{}", run.stderr);
}

#[test]
fn a_config_for_pretraining_trains() {
    let workshop = workshop();
    workshop.run("init config config.cfg --pretraining").succeeded();
    assert!(workshop.read("config.cfg").contains("spacy.PretrainCharacters.v1"));
    trains(&workshop, "config.cfg", SHORT);
}

#[test]
fn a_source_beside_a_model_is_told_and_ignored() {
    let workshop = workshop();
    workshop.run("init config config.cfg").succeeded();
    let config = workshop.read("config.cfg");
    let sourced = config.replace("factory = \"ner\"", &format!("source = {:?}", model()));
    workshop
        .write("sourced.cfg", sourced.replace("factory = \"tok2vec\"", &format!("source = {:?}", model())));
    let stderr = trains(&workshop, "sourced.cfg", "--training.max_steps 2 --training.eval_frequency 1");
    for name in ["ner", "tok2vec"] {
        let warning = format!("components.{name}.model is ignored and can be deleted");
        assert_eq!(stderr.matches(&warning).count(), 1, "{stderr}");
    }
    let both = config.replace("factory = \"ner\"", &format!("factory = \"ner\"\nsource = {:?}", model()));
    workshop.write("both.cfg", both);
    let run = workshop.run(&format!("train both.cfg {PATHS}"));
    assert!(run.code == Some(1) && run.stderr.contains("found both"), "{}", run.stderr);
}

#[test]
fn all_components_of_spacy_are_named_at_once_with_a_way_out() {
    let workshop = workshop();
    let more = "[components.tagger]\nfactory = \"tagger\"\n\n[components.cat]\nfactory = \"textcat\"\n\n\
                [components.cat.model]\nname = \"bow\"\n\n[components.senter]\nfactory = \"senter\"\n\n[training]";
    let config =
        PLAIN.replace("[\"ner\"]", "[\"cat\", \"tagger\", \"senter\", \"ner\"]").replace("[training]", more);
    workshop.write("a.cfg", config);
    let run = workshop.run(&format!("train a.cfg {PATHS}"));
    for part in [
        "✘ a.cfg: line 8: nlp.pipeline: not available here: ",
        "cat, tagger, senter (a component of spaCy",
        "`ner assemble`",
    ] {
        assert!(run.stderr.contains(part), "expected {part:?} in\n{}", run.stderr);
    }
    assert!(!run.stderr.contains("unknown function"), "{}", run.stderr);
    // What is inside of something that is not here is not told besides.
    let old = "@architectures = \"spacy.HashEmbedCNN.v2\"\nwidth = 16\ndepth = 1\nembed_size = 300\n";
    let unknown = "@architectures = \"acme.Vectors.v3\"\ngrad_factor = 1.0\n\n\
                    [components.ner.model.tok2vec.pooling]\n@layers = \"reduce_mean.v1\"\n\n\
                    [initialize]\n\n[initialize.components]\n\n[initialize.components.cat]\n\n\
                    [initialize.components.cat.loader]\n@model_loaders = \"acme.Loader.v1\"\n";
    check(
        old,
        unknown,
        &["✘ a.cfg: line 20: components.ner.model.tok2vec: unknown function `acme.Vectors.v3`"],
    );
    let lookups = "[initialize]\n[initialize.lookups]\n@misc = \"spacy.LookupsDataLoader.v1\"\nlang = en\ntables = []\n\n[training]";
    check("[training]", lookups, &["spacy.LookupsDataLoader.v1", "not available here", "null"]);
    check(
        "factory = \"ner\"",
        "factory = \"acme_rules\"",
        &["unknown function `acme_rules`", "take it out of nlp.pipeline"],
    );
}

#[test]
fn options_of_spacy_are_answered() {
    let workshop = workshop();
    workshop.write("a.cfg", PLAIN);
    trains(&workshop, "a.cfg", "-g -1");
    trains(&workshop, "a.cfg", "--gpu-id=-1");
    for (options, part) in [
        ("-g 0", "--device cuda"),
        ("--gpu-id 1", "--device cuda"),
        ("--code functions.py", "code of Python does not run here"),
        ("-c functions.py", "code of Python does not run here"),
        ("—output out", "two hyphens"),
    ] {
        let run = workshop.run(&format!("train a.cfg {PATHS} {options}"));
        assert!(run.code == Some(2) && run.stderr.contains(part), "{options}\n{}", run.stderr);
    }
}

#[test]
fn sources_that_are_not_supported_say_what_to_do() {
    let workshop = workshop();
    workshop.write("a.cfg", PLAIN);
    let initialize = |key: &str| format!("train a.cfg -o new/out {PATHS} --initialize.{key} x");
    let run = workshop.run(&initialize("vocab_data"));
    assert!(run.code == Some(1) && run.stderr.contains("set it to null"), "{}", run.stderr);
    assert!(!workshop.path("new").exists(), "what was made for a run that failed is gone");
    let run = workshop.run("train a.cfg --paths.train= --paths.dev train.jsonl");
    assert!(
        run.code == Some(1) && run.stderr.contains("corpora.train.path: expected a file"),
        "{}",
        run.stderr
    );
}
