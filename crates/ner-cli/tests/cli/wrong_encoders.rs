//! What may be wrong with pretrained encoders and their configs: one message with the place and the mend, and nothing
//! half-written.

use std::fs;
use std::io::Write;

use serde_json::{Value, json};

use crate::tiny_encoder::{
    CONFIG, curated_config, f32_safetensors, safetensors, settings, vocab, weights, workshop,
};
use crate::workshop::{Workshop, files};

/// Fails unless the command does, with one message that has all `parts`, and leaves no output.
#[track_caller]
fn check_refused(workshop: &Workshop, arguments: &str, parts: &[&str]) {
    let run = workshop.run(&format!("{arguments} -o out"));
    assert_eq!(run.code, Some(1), "{}\n{}", run.stdout, run.stderr);
    assert_eq!(run.stderr.matches('✘').count(), 1, "{}", run.stderr);
    for part in parts {
        assert!(run.stderr.contains(part), "expected {part:?} in\n{}", run.stderr);
    }
    assert!(!workshop.path("out").exists());
}

/// Trains with [`CONFIG`] after a change.
#[track_caller]
fn check_config(old: &str, new: &str, parts: &[&str]) {
    check_changed(CONFIG, old, new, parts);
}

#[track_caller]
fn check_curated(old: &str, new: &str, parts: &[&str]) {
    check_changed(&curated_config(), old, new, parts);
}

#[track_caller]
fn check_changed(config: &str, old: &str, new: &str, parts: &[&str]) {
    assert!(config.contains(old), "{old}");
    let workshop = workshop();
    workshop.write("a.cfg", config.replacen(old, new, 1));
    check_refused(&workshop, "train a.cfg", parts);
}

const NAME: &str = "name = \"encoders/tiny\"\n";

#[test]
fn a_config_that_asks_for_too_much() {
    let tokenizer = format!("{NAME}[components.transformer.model.tokenizer_config]\nuse_fast = false\n");
    check_config(
        NAME,
        &tokenizer,
        &["a.cfg: line 15: components.transformer.model.tokenizer_config", "use_fast"],
    );
    check_config(
        "stride = 6",
        "stride = 9",
        &["a.cfg: line ", "get_spans.stride", "set stride to 8 or less"],
    );
    check_config("window = 8", "window = 0", &["a.cfg: line ", "get_spans", "set window to"]);
    check_config("encoders/tiny", "encoders/nowhere", &["encoders/nowhere", "config.json"]);
    check_config(
        "encoders/tiny",
        "bert-nowhere",
        &["no encoder \"bert-nowhere\"", "ner download-encoder bert-nowhere"],
    );
    check_config("encoders/tiny", "bert nowhere", &["\"bert nowhere\"", "expected a folder"]);
    check_config(
        "factory = \"transformer\"\n",
        "factory = \"transformer\"\n\n[components.transformer.set_extra_annotations]\n@annotation_setters = \"acme.x.v1\"\n",
        &["a.cfg: line ", "acme.x.v1", "null_annotation_setter"],
    );
    check_config("reduce_mean.v1", "reduce_all.v1", &["a.cfg: line ", "reduce_all.v1", "reduce_mean.v1"]);
    check_config(
        "spacy-transformers.TransformerListener.v1",
        "spacy-transformers.TransformerListener.v2",
        &["a.cfg: line ", "TransformerListener.v1"],
    );
    check_config(
        "pipeline = [\"transformer\", \"ner\"]",
        "pipeline = [\"ner\", \"transformer\"]",
        &["before ner"],
    );
}

#[test]
fn a_config_that_fits_no_component() {
    check_config(
        "factory = \"transformer\"",
        "factory = \"transformer_custom\"",
        &["a.cfg: line ", "transformer_custom"],
    );
    let frozen = "[training]\nfrozen_components = [\"transformer\"]\n";
    check_config("[training]\n", frozen, &["transformer", "annotating_components"]);
    check_curated(
        "max_position_embeddings = 24",
        "max_position_embeddings = 12",
        &["a.cfg: line ", "with_spans.window", "12"],
    );
    check_curated("stride = 12", "stride = 4", &["a.cfg: line ", "with_spans.stride"]);
    check_curated("stride = 12", "stride = 17", &["a.cfg: line ", "with_spans.stride"]);
    let sizes = ["transformer: model: the encoder in encoders/tiny asks for vocab_size = 40 (found 39)"];
    check_curated("vocab_size = 40", "vocab_size = 39", &sizes);
    check_curated("num_hidden_layers = 2", "num_hidden_layers = 3", &["num_hidden_layers"]);
    check_curated("hidden_width = 8", "hidden_width = 12", &["width"]);
    check_curated(
        "hidden_width = 8",
        "hidden_act = \"swish2\"\nhidden_width = 8",
        &["a.cfg: line ", "hidden_act", "gelu_new"],
    );
    check_curated("encoders/tiny/vocab.txt", "encoders/tiny/vocab", &["encoders/tiny/vocab"]);
    check_curated(
        "BertWordpieceEncoder.v1",
        "CharEncoder.v1",
        &["a.cfg: line ", "CharEncoder.v1", "WordpieceEncoder"],
    );
    let weighting = "@architectures = \"spacy-curated-transformers.ScalarWeightingListener.v1\"\nwidth = 8\n\
                     [components.ner.model.tok2vec.weighting]\n\
                     @architectures = \"spacy-curated-transformers.ScalarWeight.v1\"\nnum_layers = 2\n";
    let listener =
        "@architectures = \"spacy-curated-transformers.LastTransformerLayerListener.v1\"\nwidth = 8\n";
    check_curated(
        listener,
        weighting,
        &["components.ner.model.tok2vec", "components.transformer.all_layer_outputs = true"],
    );
    let other = "@architectures = \"spacy-transformers.TransformerListener.v1\"\n";
    check_curated(listener, other, &["components.ner.model.tok2vec", "LastTransformerLayerListener.v1"]);
    check_curated(listener, &listener.replace('8', "9"), &["components.ner.model.tok2vec.width", "8", "9"]);
}

/// A change of the encoder's folder, which `ner train` refuses.
#[track_caller]
fn check_folder(change: impl Fn(&Workshop), parts: &[&str]) {
    let workshop = workshop();
    change(&workshop);
    let before = files(&workshop.path("encoders"));
    check_refused(&workshop, "train config.cfg", parts);
    assert!(files(&workshop.path("encoders")) == before);
}

fn put_settings(workshop: &Workshop, key: &str, value: Value) {
    let mut settings = settings();
    settings[key] = value;
    workshop.write("encoders/tiny/config.json", settings.to_string());
}

#[test]
fn a_folder_that_is_no_encoder() {
    let remove =
        |name: &'static str| move |workshop: &Workshop| fs::remove_file(workshop.path(name)).unwrap();
    check_folder(remove("encoders/tiny/config.json"), &["encoders/tiny: found no config.json"]);
    check_folder(remove("encoders/tiny/model.safetensors"), &["found no weights", "pytorch_model.bin"]);
    check_folder(remove("encoders/tiny/vocab.txt"), &["encoders/tiny", "tokenizer.json"]);
    for (key, value, part) in [
        ("model_type", json!("deberta-v2"), "\"deberta-v2\", expected bert"),
        ("hidden_act", json!("swish2"), "\"swish2\", expected"),
        ("position_embedding_type", json!("relative_key"), "\"relative_key\", expected"),
        ("num_attention_heads", json!(3), "expected a divisor of the width 8"),
        ("hidden_size", json!("8"), "hidden_size: found"),
    ] {
        let change = |workshop: &Workshop| put_settings(workshop, key, value.clone());
        check_folder(change, &["encoders/tiny/config.json: ", key, part]);
    }
    let wider = |workshop: &Workshop| put_settings(workshop, "intermediate_size", json!(17));
    check_folder(
        wider,
        &["encoders/tiny/model.safetensors: the weights do not fit", "has shape [16, 8], expected [17, 8]"],
    );
    let fewer = |workshop: &Workshop| {
        let mut weights = weights(&settings());
        weights.retain(|(name, ..)| name != "encoder.layer.1.output.dense.bias");
        workshop.write("encoders/tiny/model.safetensors", f32_safetensors(&weights));
    };
    check_folder(fewer, &["encoder.layer.1.output.dense.bias is missing, expected shape [8]"]);
    let more = |workshop: &Workshop| workshop.write("encoders/tiny/vocab.txt", format!("{}more\n", vocab()));
    check_folder(more, &["encoders/tiny: found a tokenizer with ids up to 40", "another encoder"]);
    let no_list = |workshop: &Workshop| workshop.write("encoders/tiny/vocab.txt", "<html>\n");
    check_folder(no_list, &["vocab.txt", "[UNK]"]);
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n";
    check_folder(|workshop| workshop.write("encoders/tiny/model.safetensors", pointer), &["git lfs pull"]);
}

#[test]
fn documents_that_an_encoder_cannot_read() {
    let workshop = workshop();
    fs::remove_file(workshop.path("encoders/tiny/tokenizer_config.json")).unwrap();
    let text = "b ".repeat(40);
    workshop.write("long.jsonl", format!("{{\"text\": \"{text}\", \"entities\": [[0, 1, \"X\"]]}}\n"));
    let spans = "--components.transformer.model.get_spans";
    let refused = |options: &str, parts: &[&str]| {
        let run = workshop.run(&format!("train config.cfg {options}"));
        assert_eq!(run.code, Some(1), "{}", run.stderr);
        for part in parts {
            assert!(run.stderr.contains(part), "expected {part:?} in\n{}", run.stderr);
        }
    };
    refused(
        &format!("{spans}.window=40 {spans}.stride=40 --paths.train long.jsonl"),
        &[
            "transformer: a window has 42 pieces, expected at most 24",
            "tokenizer_config.model_max_length = 24",
        ],
    );
    let config = CONFIG.replace("strided_spans.v1\"\nwindow = 8\nstride = 6", "sent_spans.v1\"");
    workshop.write("config.cfg", config);
    refused("", &["without sentence starts", "sentencizer"]);
}

#[test]
fn other_ways_to_store_the_same_encoder_work() {
    let workshop = workshop();
    let train = |name: &str| {
        workshop.run(&format!("train config.cfg -o {name}")).succeeded();
        workshop.run(&format!("apply {name}/model-last train.jsonl -")).succeeded().stdout
    };
    train("whole");
    let half = |number: f32| number.to_le_bytes()[2..].to_vec();
    workshop.write("encoders/tiny/model.safetensors", safetensors(&weights(&settings()), "BF16", half));
    train("half");
    fs::remove_file(workshop.path("encoders/tiny/model.safetensors")).unwrap();
    let (first, second): (Vec<_>, Vec<_>) =
        weights(&settings()).into_iter().partition(|(name, ..)| name.starts_with("embeddings"));
    let mut map = serde_json::Map::new();
    for (file, weights) in [("first.safetensors", first), ("second.safetensors", second)] {
        workshop.write(&format!("encoders/tiny/{file}"), f32_safetensors(&weights));
        map.extend(weights.into_iter().map(|(name, ..)| (name, json!(file))));
    }
    workshop.write("encoders/tiny/model.safetensors.index.json", json!({"weight_map": map}).to_string());
    fs::rename(workshop.path("whole"), workshop.path("before")).unwrap();
    train("whole");
    assert!(files(&workshop.path("whole/model-last")) == files(&workshop.path("before/model-last")));
}

#[test]
fn half_precision_is_told_to_have_no_effect() {
    let workshop = workshop();
    for config in ["config.cfg", "curated.cfg"] {
        let train = format!("train {config} --components.transformer.model.mixed_precision=true");
        let run = workshop.run(&train).succeeded();
        assert_eq!(run.stderr.matches("mixed_precision").count(), 1, "{}", run.stderr);
    }
}

#[test]
fn settings_of_the_block_count() {
    let with = |settings: &str| {
        let workshop = workshop();
        let block = format!("{NAME}\n[components.transformer.model.transformer_config]\n{settings}\n");
        workshop.write("config.cfg", CONFIG.replacen(NAME, &block, 1));
        workshop
    };
    with("num_hidden_layers = 1").run("train config.cfg").succeeded();
    with("gradient_checkpointing = true").run("train config.cfg").succeeded();
    let wider = ["encoders/tiny/model.safetensors: the weights do not fit", "expected [17, 8]"];
    check_refused(&with("intermediate_size = 17"), "train config.cfg", &wider);
    let deeper = ["encoder.layer.2.attention.self.query.weight is missing"];
    check_refused(&with("num_hidden_layers = 3"), "train config.cfg", &deeper);
    let strange = ["transformer: transformer_config: hidden_act: found \"x\", expected"];
    check_refused(&with("hidden_act = \"x\""), "train config.cfg", &strange);
}

#[test]
fn weights_that_come_from_nowhere_are_told() {
    let workshop = workshop();
    let config = curated_config();
    let (head, loaders) = config.split_once("[initialize.components.transformer.encoder_loader]").unwrap();
    let pieces = &loaders[loaders.find("[initialize.components.transformer.piecer_loader]").unwrap()..];
    let (_, after) = pieces.split_once("[components.ner]").unwrap();
    workshop.write("random.cfg", format!("{head}{pieces}"));
    let run = workshop.run("train random.cfg").succeeded();
    assert_eq!(run.stderr.matches("learns from random weights").count(), 1, "{}", run.stderr);
    workshop.write("none.cfg", format!("{head}[components.ner]{after}"));
    let run = workshop.run("train none.cfg");
    assert!(run.code == Some(1) && run.stderr.contains("set piecer_loader"), "{}", run.stderr);
}

#[test]
fn a_state_of_pytorch_is_data() {
    // What calls a function of another module, as pickles of PyTorch call those that make tensors.
    let call = b"\x80\x02cos\nsystem\nX\x04\x00\x00\x00true\x85R.";
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    archive.start_file("archive/data.pkl", stored).unwrap();
    archive.write_all(call).unwrap();
    let archive = archive.finish().unwrap().into_inner();
    check_folder(
        |workshop| {
            fs::remove_file(workshop.path("encoders/tiny/model.safetensors")).unwrap();
            workshop.write("encoders/tiny/pytorch_model.bin", &archive);
        },
        &["encoders/tiny/pytorch_model.bin", "a call of os.system"],
    );
}

#[test]
fn damaged_model_files() {
    let workshop = workshop();
    workshop.run("train config.cfg -o out").succeeded();
    let path = workshop.path("out/model-last/transformer/model");
    let bytes = fs::read(&path).unwrap();
    let refused = |part: &str| {
        let run = workshop.run("apply out/model-last train.jsonl found.jsonl");
        assert_eq!(run.code, Some(1), "{}", run.stderr);
        let part = format!("✘ out/model-last/transformer/model: {part}");
        assert!(run.stderr.contains(&part), "expected {part:?} in\n{}", run.stderr);
        assert!(!workshop.path("found.jsonl").exists());
    };
    for end in [100, bytes.len() / 2, bytes.len() - 1] {
        fs::write(&path, &bytes[..end]).unwrap();
        refused("the model file does not fit the config: ");
    }
    fs::remove_file(&path).unwrap();
    workshop.write("out/model-last/transformer/model/pytorch_model.bin", "");
    refused("found a directory, expected a file: spacy-transformers 1.0 stored encoders so");
}

#[test]
fn a_listener_above_a_kind_that_is_not_known() {
    let workshop = workshop();
    workshop.run("train config.cfg -o out").succeeded();
    let path = "out/model-last/config.cfg";
    let config = workshop.read(path).replace("factory = \"transformer\"", "factory = \"transformer_custom\"");
    workshop.write(path, config);
    let run = workshop.run("apply out/model-last train.jsonl -");
    assert_eq!(run.code, Some(1));
    let part = "ner takes its vectors from transformer, a component of a kind that is not known here (transformer_custom)";
    assert!(run.stderr.contains(part), "{}", run.stderr);
}
