//! What a user reads when a configuration is wrong.

use expect_test::{Expect, expect};
use ner_config::{Document, Overrides, ResolvedConfig, TrainingConfig};

use crate::functions::registry;

#[track_caller]
fn check_text(text: &str, expected: Expect) {
    let error = ResolvedConfig::from_cfg_str(text).expect_err("the text is wrong");
    expected.assert_eq(&error.to_string());
}

/// Fills a small document with one key changed.
#[track_caller]
fn check_fill(key: &str, value: &str, expected: Expect) {
    let base =
        "[nlp]\nlang = en\npipeline = [\"ner\"]\n[components]\n[components.ner]\nfactory = ner\n[training]\n";
    let mut document = Document::from_cfg_str(base).expect("the base is right");
    let args = [format!("--x.{key}"), value.to_owned()];
    let overrides = Overrides::from_args(&args).expect("a name and a value");
    let (name, value) = overrides.values().first().expect("one override");
    document.set(&name["x.".len()..], value.clone());
    let resolved = document.fill(&registry()).and_then(|filled| filled.resolve());
    let error = resolved
        .and_then(|resolved| resolved.section::<TrainingConfig>("training"))
        .expect_err("the key is wrong");
    expected.assert_eq(&error.to_string());
}

#[test]
fn texts() {
    check_text("x = 1", expect!["line 1: expected a [section] before any value, found `x = 1`"]);
    check_text("[a]\nx", expect!["line 2: expected `key = value`, found `x`"]);
    check_text(
        "[a]\nx = 1\nx = 2",
        expect!["line 3: key `x` already exists in section [a]; keep one of the two"],
    );
    check_text("[a]\n[a]", expect!["line 2: section [a] already exists; keep one of the two"]);
    check_text("[a.b]\nx = 1", expect!["line 1: section [a.b] needs the section [a] beside it"]);
    check_text(
        "[a]\nb = 1\n[a.b]\nx = 1",
        expect!["line 3: section [a.b] is also the value `b` in section [a]; keep one of the two"],
    );
    check_text("[DEFAULT]\nx = 1", expect!["line 2: `x` is not part of a section; [DEFAULT] is not one"]);
    check_text(
        "[a]\nx = ${b.y}",
        expect!["a.x: `${b.y}` refers to no value and no section of this document"],
    );
    check_text(
        "[a]\nx = $5",
        expect!["a.x: expected `$$` or a variable such as `${paths.train}`, found `$5`"],
    );
    check_text("[a]\nx = ${a.x}", expect!["a.x: more than 10 variables in a row, at `a.x`"]);
    check_text("[a]\nx = ${a}", expect!["a.x: section [a] contains itself"]);
    check_text(
        "[a]\nx = 1\n[b]\ny = \"in ${a}\"",
        expect![
            "b.y: a variable inside a string or a quoted list item must refer to a value, not to a section"
        ],
    );
}

#[test]
fn variables_that_multiply_are_errors() {
    let mut values = "[a]\nx0 = some text\n".to_owned();
    let mut sections = "[s0]\nx = 1\n".to_owned();
    for level in 1..9 {
        let (value, section) = (format!("${{a.x{}}}", level - 1), format!("${{s{}}}", level - 1));
        values += &format!("x{level} = {}\n", value.repeat(10));
        sections += &format!("[s{level}]\n");
        (0..10).for_each(|key| sections += &format!("k{key} = {section}\n"));
    }
    check_text(
        &values,
        expect!["a.x6: variables make more than 4 MiB of this document; values refer to others too often"],
    );
    check_text(
        &sections,
        expect!["s0: variables make more than 4 MiB of this document; values refer to others too often"],
    );
}

#[test]
fn toml_texts() {
    let error = Document::from_toml_str("[a]\nx = 1\nx = 2").expect_err("the text is wrong");
    expect!["line 3: duplicate key"].assert_eq(&error.to_string());
}

#[test]
fn keys() {
    check_fill("trainin.seed", "1", expect!["document: unknown section [trainin], did you mean [training]?"]);
    check_fill(
        "training.max_step",
        "1",
        expect!["training: unknown key `max_step`, did you mean `max_steps`?"],
    );
    check_fill(
        "training.max_steps",
        "many",
        expect![[r#"training.max_steps: expected an integer from 0, found "many""#]],
    );
    check_fill(
        "training.patience",
        "2.0",
        expect!["training.patience: expected an integer from 0, found 2.0"],
    );
    check_fill(
        "training.eval_frequency",
        "-1",
        expect!["training.eval_frequency: expected an integer from 0, found -1"],
    );
    check_fill(
        "training.optimizer.learnrate",
        "1",
        expect![
            "training.optimizer (Adam.v1): unexpected argument `learnrate`, did you mean `learn_rate`? (known: learn_rate, L2, beta1, beta2, eps, grad_clip, L2_is_weight_decay, use_averages)"
        ],
    );
    check_fill(
        "training.optimizer.learn_rate",
        "fast",
        expect!["training.optimizer.learn_rate: expected a number or a block, found a string"],
    );
    check_fill(
        "training.optimizer.@optimizers",
        "Adam.v2",
        expect![
            "training.optimizer: unknown function `Adam.v2` in `@optimizers`, did you mean `Adam.v1`?; known: Adam.v1, RAdam.v1"
        ],
    );
    check_fill(
        "training.optimizer.@optimizer",
        "Adam.v1",
        expect!["training.optimizer: unknown registry `@optimizer`, did you mean `@optimizers`?"],
    );
    check_fill("training.logger", "5", expect!["training.logger: expected a block, found an integer"]);
}

#[test]
fn components() {
    check_fill("nlp.lang", "null", expect!["nlp.lang: expected a language such as `en`, found null"]);
    check_fill(
        "nlp.pipeline",
        "[\"nerr\"]",
        expect!["nlp.pipeline: the document has no section [components.nerr], did you mean `ner`?"],
    );
    check_fill(
        "components.ner.factory",
        "nerd",
        expect![
            "components.ner: unknown function `nerd` in `factory`, did you mean `ner`?; known: ner, beam_ner, tok2vec, sentencizer, entity_ruler"
        ],
    );
    check_fill(
        "components.ner",
        "{\"moves\": null}",
        expect![
            "components.ner: expected `factory`, the kind of the component, or `source`, a pipeline to copy it from"
        ],
    );
    check_fill(
        "components.ner.moves",
        "[1]",
        expect!["components.ner.moves: expected a section, found a list"],
    );
    check_fill(
        "components.ner.model.tok2vec",
        "{\"@architectures\": \"spacy.Tok2Vec.v2\", \"embd\": 1}",
        expect![
            "components.ner.model.tok2vec (spacy.Tok2Vec.v2): unexpected argument `embd`, did you mean `embed`? (known: embed, encode); missing argument `embed` (block); missing argument `encode` (block)"
        ],
    );
}

#[test]
fn overrides() {
    let document = Document::from_cfg_str("[training]\nmax_steps = 1").expect("the text is right");
    let check = |args: &[&str], expected: Expect| {
        let error = Overrides::from_args(args).and_then(|overrides| document.with_overrides(&overrides));
        expected.assert_eq(&error.expect_err("the override is wrong").to_string());
    };
    check(&["training.max_steps", "2"], expect!["override `training.max_steps`: expected `--section.key`"]);
    check(
        &["--max_steps", "2"],
        expect!["override `--max_steps`: expected the section before the key, as in `--training.max_steps`"],
    );
    check(
        &["--trainig.max_steps", "2"],
        expect![
            "override `trainig.max_steps`: the document has no section [trainig], did you mean `training`?"
        ],
    );
}
