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
    check_fill("trainin.seed", "1", expect!["unknown section [trainin], did you mean [training]?"]);
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
        expect![[r#"training.optimizer.learn_rate: expected a number or a block, found "fast""#]],
    );
    check_fill(
        "training.optimizer.@optimizers",
        "Adam.v2",
        expect![
            "training.optimizer: unknown function `Adam.v2` in `@optimizers`, did you mean `Adam.v1`?; known: Adam.v1, RAdam.v1, ner.Adam.v1"
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
            "components.ner: unknown function `nerd` in `factory`, did you mean `ner`?; known: ner, beam_ner, tok2vec, sentencizer, entity_ruler, transformer, curated_transformer"
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
        expect![[r#"
            3 problems:
              components.ner.model.tok2vec (spacy.Tok2Vec.v2): unexpected argument `embd`, did you mean `embed`? (known: embed, encode)
              components.ner.model.tok2vec (spacy.Tok2Vec.v2): missing argument `embed` (block)
              components.ner.model.tok2vec (spacy.Tok2Vec.v2): missing argument `encode` (block)"#]],
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

/// All that is wrong with the text of a file.
#[track_caller]
fn check_file(text: &str, expected: Expect) {
    let document = Document::from_bytes(text.as_bytes(), "a.cfg".as_ref());
    let error = document.and_then(|document| document.fill(&registry())).expect_err("the file is wrong");
    expected.assert_eq(&error.to_string());
}

#[test]
fn all_errors_are_told_at_once_with_their_lines() {
    check_file(
        "x = 1\n[nlp]\nlang\n[nlp]\nlang = en\n[a.b]\n",
        expect![[r#"
        4 problems:
          a.cfg: line 1: expected a [section] before any value, found `x = 1`
          a.cfg: line 3: expected `key = value`, found `lang`
          a.cfg: line 4: section [nlp] already exists; keep one of the two
          a.cfg: line 6: section [a.b] needs the section [a] beside it"#]],
    );
    check_file(
        "[nlp]\nlang = 'en'\npipeline = [\"ner\", \"nerr\"]\n[Training]\n[components]\n[components.ner]\nfactory = ner\n\
         hidden_width = 3\nbeam_width = 3\nuse_gold_spans = true\n[components.ner.model]\n\
         @architectures = spacy.TransitionBasedParser.v2\nscorer = null\nnO = many\n[training]\nmax_steps = 4 # few\n\
         dropout = 0,1\npatience = ${training.patiense}\nepochs = 3\ntrain_corpus = 5\n[training.optimizer]\n\
         @optimizers = spacy.Adam.v1\n[training.batcher]\n@batchers = spacy.batch_by_words.v1\nsize = x\ntolerance = y\n\
         max_words = 9\n",
        expect![[r#"
            17 problems:
              a.cfg: line 2: nlp.lang: expected a language such as `en`, found "'en'"; strings take double quotes: ".."
              a.cfg: line 3: nlp.pipeline: the document has no section [components.nerr], did you mean `ner`?
              a.cfg: line 4: unknown section [Training], did you mean [training]?
              a.cfg: line 8: components.ner (ner): unexpected argument `hidden_width`: it is an argument of spacy.TransitionBasedParser.v2; move it down to [components.ner.model]
              a.cfg: line 9: components.ner (ner): unexpected argument `beam_width`: it is an argument of the factory `beam_ner`
              a.cfg: line 10: components.ner (ner): unexpected argument `use_gold_spans`: no component has it; if gold tokens are meant, set gold_preproc = true in [corpora.train], else delete it
              a.cfg: line 13: components.ner.model (spacy.TransitionBasedParser.v2): unexpected argument `scorer`: it is an argument of ner; move it up to [components.ner]
              a.cfg: line 14: components.ner.model.nO: expected an integer from 0, found "many"
              a.cfg: line 16: training.max_steps: expected an integer from 0, found "4 # few"; a comment needs a line of its own
              a.cfg: line 17: training.dropout: expected a number, found "0,1"; decimals take a point, not a comma
              a.cfg: line 18: training.patience: `${training.patiense}` refers to no value and no section of this document
              a.cfg: line 19: training: unknown key `epochs`, did you mean `max_epochs`?
              a.cfg: line 20: training.train_corpus: expected a string, found 5
              a.cfg: line 22: training.optimizer: unknown function `spacy.Adam.v1` in `@optimizers`, did you mean `Adam.v1`?; known: Adam.v1, RAdam.v1, ner.Adam.v1
              a.cfg: line 25: training.batcher.size: expected a number or a block, found "x"
              a.cfg: line 26: training.batcher.tolerance: expected a number, found "y"
              a.cfg: line 27: training.batcher (spacy.batch_by_words.v1): unexpected argument `max_words`: a batch is bounded by `size`; for batch_by_padded in words, padding included: rename it"#]],
    );
}

#[test]
fn what_a_cfg_swallows_is_an_error() {
    check_file(
        "[nlp]\nlang = en\n[training]\ngpu_allocator = null\n  max_steps = 4\n",
        expect![
            "a.cfg: line 5: `max_steps` is indented, so that `max_steps = 4` would continue the value of `gpu_allocator` in line 4; remove the blanks before it"
        ],
    );
    let indented = "[nlp]\nlang = en\n  pipeline = []\n";
    check_file(
        indented,
        expect![
            "a.cfg: line 3: `pipeline` is indented, so that `pipeline = []` would continue the value of `lang` in line 2; remove the blanks before it"
        ],
    );
    Document::from_cfg_str("[a]\nx = [\n  \"y = 1\",\n  \"z\"]\n").expect("a list may go on");
    Document::from_cfg_str("[a]\n  x = 1\n  y = 2\n").expect("all keys may be indented");
}

#[test]
fn paths_of_windows_are_told_apart_from_escapes() {
    check_file(
        "[paths]\ntrain = \"C:\\new\\train.spacy\"\ndev = \"C:\\data\\dev.spacy\"\n[nlp]\nlang = en\npipeline = []\n",
        expect![[r#"
            2 problems:
              a.cfg: line 2: paths.train: backslashes count as escapes inside quotes, found "C:\new\train.spacy"; write / or \\ in place of each
              a.cfg: line 3: paths.dev: backslashes count as escapes inside quotes, found "C:\data\dev.spacy"; write / or \\ in place of each"#]],
    );
}

#[test]
fn the_other_syntaxes_have_lines_too() {
    let check = |text: &str, name: &str, expected: Expect| {
        let document = Document::from_bytes(text.as_bytes(), name.as_ref());
        let error = document.and_then(|document| document.fill(&registry())).expect_err("the file is wrong");
        expected.assert_eq(&error.to_string());
    };
    check(
        "[nlp]\nlang = \"en\"\npipeline = []\n\n[training]\nmax_steps = \"many\"\noptimizer.\"@optimizers\" = \"Adm.v1\"\n",
        "a.toml",
        expect![[r#"
            2 problems:
              a.toml: line 6: training.max_steps: expected an integer from 0, found "many"
              a.toml: line 7: training.optimizer: unknown function `Adm.v1` in `@optimizers`, did you mean `Adam.v1`?; known: Adam.v1, RAdam.v1, ner.Adam.v1"#]],
    );
    check(
        "{\n \"nlp\": {\"lang\": \"en\", \"pipeline\": []},\n \"training\": {\n  \"max_steps\": \"many\"\n }\n}\n",
        "a.json",
        expect![[r#"a.json: line 4: training.max_steps: expected an integer from 0, found "many""#]],
    );
    check(
        "{\"nlp\": {\"lang\": \"en\",}}",
        "config.cfg",
        expect!["config.cfg: line 1: not JSON: found `}}`"],
    );
    check("{\"nlp\":", "config.cfg", expect!["config.cfg: line 1: not JSON: found the end"]);
}

#[test]
fn what_is_set_from_outside_stands_in_no_line() {
    let document = Document::from_bytes(
        b"[nlp]\nlang = en\npipeline = []\n[training]\nmax_steps = 1\n",
        "a.cfg".as_ref(),
    );
    let overrides = Overrides::from_args(&["--training.max_steps", "many"]).expect("a name and a value");
    let document =
        document.and_then(|document| document.with_overrides(&overrides)).expect("the section is there");
    let error = document.fill(&registry()).expect_err("the value is wrong");
    expect![[r#"training.max_steps: expected an integer from 0, found "many""#]]
        .assert_eq(&error.to_string());
}
