//! Pretraining, and training that starts from its weights.

use std::fs;

use crate::workshop::{SHORT, Workshop, annotated_lines, trained};

/// A network of the size that [`SHORT`] gives, and one step for each few sentences.
const PRETRAIN: &str = "--components.tok2vec.model.encode.width=16 --components.tok2vec.model.encode.depth=1 \
    --components.tok2vec.model.embed.rows=[200,100,100,100] --pretraining.objective.hidden_size=16 \
    --pretraining.max_epochs=4 --pretraining.batcher.size=40 --paths.raw_text texts.jsonl";

fn prepared() -> Workshop {
    let workshop = Workshop::new();
    workshop.write("train.jsonl", annotated_lines());
    workshop.write("texts.jsonl", annotated_lines());
    workshop.write("config.toml", trained().read("config.toml"));
    workshop
}

fn pretrain(output: &str, options: &str) -> String {
    format!("pretrain config.toml {output} {PRETRAIN} {options}")
}

/// Trains from the weights in a file; the weights of tok2vec stay as they are.
fn train(weights: &str, options: &str) -> String {
    // The share is noted down in the file.
    let frozen = "--training.frozen_components=[\"tok2vec\"] --training.dropout=0.2";
    let paths = "--paths.train train.jsonl --paths.dev train.jsonl";
    format!("train config.toml -o out {paths} {SHORT} {frozen} --initialize.init_tok2vec {weights} {options}")
}

#[test]
fn a_training_starts_from_pretrained_weights() {
    let workshop = prepared();
    let run = workshop.run(&pretrain("weights", "")).succeeded();
    assert!(run.stdout.contains("Total Loss") && run.stderr.contains("starting at epoch 0"), "{run:?}");
    for name in ["config.cfg", "log.jsonl", "model0.bin", "model3.bin"] {
        assert!(workshop.path("weights").join(name).exists(), "{name}");
    }
    workshop.run(&train("weights/model-last.bin", "")).succeeded();
    let [found, expected] = ["out/model-best/tok2vec/model", "weights/model-last.bin"]
        .map(|path| fs::read(workshop.path(path)).unwrap());
    assert!(found == expected, "not all weights were taken over");
}

#[test]
fn weights_that_do_not_fit_are_an_error_that_says_file_found_and_expected() {
    let workshop = prepared();
    workshop.run(&pretrain("weights", "--pretraining.max_epochs=1")).succeeded();
    let check = |weights: &str, options: &str, parts: &[&str]| {
        let run = workshop.run(&train(weights, options));
        assert_eq!(run.code, Some(1), "{}", run.stderr);
        for part in parts {
            assert!(run.stderr.contains(part), "{part}\n{}", run.stderr);
        }
    };
    check("nowhere.bin", "", &["initialize.init_tok2vec", "no file nowhere.bin"]);
    check("weights", "", &["initialize.init_tok2vec", "weights is a directory", "model-last.bin"]);
    check("train.jsonl", "", &["train.jsonl", "[components.tok2vec.model]"]);
    workshop.write("empty.bin", "");
    check("empty.bin", "", &["empty.bin", "the file is empty"]);
    let whole = fs::read(workshop.path("weights/model-last.bin")).unwrap();
    workshop.write("cut.bin", &whole[..whole.len() / 2]);
    check("cut.bin", "", &["cut.bin"]);
    let wide = "--components.tok2vec.model.encode.width=24";
    check("weights/model-last.bin", wide, &["weights/model-last.bin", "16", "24", "pretrain and train with"]);
    let deep = "--components.tok2vec.model.encode.depth=2";
    check("weights/model-last.bin", deep, &["weights/model-last.bin", "pretrain and train with"]);
    let component = "--pretraining.component=ner";
    check("weights/model-last.bin", component, &["pretraining.component", "name \"tok2vec\""]);
}
