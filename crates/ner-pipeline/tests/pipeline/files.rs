//! Pipelines from wherever their files are, with components and files that mean nothing here.

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use burn::tensor::Device;
use flate2::Compression;
use flate2::write::GzEncoder;
use ner_config::{Document, Registry};
use ner_files::FileMap;
use ner_pipeline::{LoadOptions, Pipeline, PipelineError, PipelineFiles, SkippedComponent};
use serde_json::{Value, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn registry() -> Registry {
    let mut registry = Registry::new();
    ner_model::register(&mut registry);
    ner_pipeline::register(&mut registry);
    registry
}

/// A pipeline of spaCy: `tok2vec`, and `ner` that listens to it.
fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/data/model/listener/pipeline")
}

fn golden_files() -> FileMap {
    PipelineFiles::open(&golden()).unwrap().into_map().unwrap()
}

fn load(files: FileMap, options: &LoadOptions) -> Result<Pipeline, PipelineError> {
    let files = PipelineFiles::in_memory(Path::new("memory"), files)?;
    Pipeline::from_files(files, options, &registry(), &Device::flex())
}

fn load_all(files: FileMap) -> Pipeline {
    load(files, &LoadOptions::default()).unwrap()
}

#[track_caller]
fn check_error(files: FileMap, options: &LoadOptions, part: &str) {
    let message = load(files, options).unwrap_err().to_string();
    assert!(message.contains(part), "{message}");
}

fn text(files: &FileMap, name: &str) -> String {
    String::from_utf8(files[name].clone()).unwrap()
}

/// The files with another config.
fn with_config(mut files: FileMap, change: impl FnOnce(&mut Document)) -> FileMap {
    let mut config = Document::from_cfg_str(&text(&files, "config.cfg")).unwrap();
    change(&mut config);
    files.insert("config.cfg".to_owned(), config.to_cfg_string().unwrap().into_bytes());
    files
}

fn block(json: &str) -> ner_config::Value {
    Document::from_cfg_str(&format!("[x]\ny = {json}\n")).unwrap().get("x.y").unwrap().clone()
}

fn entities(pipeline: &Pipeline) -> Vec<String> {
    let text = "Mr. Fagade Napa of Rigon Ltd lost $20 on 12/03/94";
    let doc = pipeline.annotate(text).unwrap();
    let entities = doc.entities().unwrap();
    entities.iter().map(|entity| format!("{}-{}-{}", entity.start, entity.end, entity.label)).collect()
}

#[test]
fn pipelines_are_shared_between_threads() {
    fn check<T: Send + Sync>() {}
    check::<Pipeline>();
}

/// The files of a Python package, at their places in an archive.
fn packaged() -> FileMap {
    let inside = |(name, bytes): (String, Vec<u8>)| (format!("en_x/en_x-1.0/{name}"), bytes);
    let mut files: FileMap = golden_files().into_iter().map(inside).collect();
    files.insert("en_x/__init__.py".to_owned(), Vec::new());
    files.insert("en_x-1.0.dist-info/RECORD".to_owned(), Vec::new());
    files
}

#[test]
fn every_form_of_a_pipeline_opens() {
    let expected = entities(&load_all(golden_files()));
    assert!(!expected.is_empty());
    let folder = tempfile::tempdir().unwrap();
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut tar = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (name, bytes) in packaged() {
        zip.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        zip.write_all(&bytes).unwrap();
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        tar.append_data(&mut header, format!("en_x-1.0/{name}"), bytes.as_slice()).unwrap();
        let path = folder.path().join("site-packages").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    let zip = zip.finish().unwrap().into_inner();
    let wheel = folder.path().join("en_x-1.0-py3-none-any.whl");
    std::fs::write(&wheel, &zip).unwrap();
    let archive = folder.path().join("en_x-1.0.tar.gz");
    std::fs::write(&archive, tar.into_inner().unwrap().finish().unwrap()).unwrap();
    for path in [golden(), folder.path().join("site-packages/en_x"), wheel, archive] {
        let pipeline = Pipeline::load(&path, &registry(), &Device::flex()).unwrap();
        assert_eq!(entities(&pipeline), expected, "{}", path.display());
    }
    let files = PipelineFiles::from_archive(Path::new("x"), &zip).unwrap();
    let pipeline =
        Pipeline::from_files(files, &LoadOptions::default(), &registry(), &Device::flex()).unwrap();
    assert_eq!(entities(&pipeline), expected);
    assert_eq!(entities(&load_all(packaged())), expected);
    assert_eq!(entities(&load_all(pipeline.to_files().unwrap())), expected);
}

/// The pipeline with a parser between its components, and other files.
fn with_parser() -> FileMap {
    let parser = r#"{"factory": "parser", "model": {"@architectures": "acme.Parser.v1"}}"#;
    let mut files = with_config(golden_files(), |config| {
        config.set("nlp.pipeline", vec!["tok2vec", "parser", "ner"]);
        config.set("components.parser", block(parser));
    });
    let mut meta: Value = serde_json::from_slice(&files["meta.json"]).unwrap();
    meta["labels"]["parser"] = json!(["nsubj", "dobj"]);
    files.insert("meta.json".to_owned(), meta.to_string().into_bytes());
    for name in ["parser/model", "parser/deep/er", "LICENSE", "vocab/other"] {
        files.insert(name.to_owned(), format!("bytes of {name}").into_bytes());
    }
    files
}

#[test]
fn unknown_components_are_skipped_and_kept() {
    let pipeline = load_all(with_parser());
    assert_eq!(entities(&pipeline), entities(&load_all(golden_files())));
    assert!(
        pipeline.components()["parser"]
            .downcast_ref::<SkippedComponent>()
            .is_some_and(|skipped| skipped.factory() == "parser")
    );
    let saved = pipeline.to_files().unwrap();
    for name in ["parser/model", "parser/deep/er", "LICENSE", "vocab/other"] {
        assert_eq!(text(&saved, name), format!("bytes of {name}"));
    }
    let meta: Value = serde_json::from_slice(&saved["meta.json"]).unwrap();
    assert_eq!(meta["labels"]["parser"], json!(["nsubj", "dobj"]));
    assert_eq!(meta["pipeline"], json!(["tok2vec", "parser", "ner"]));
    let config = |files: &FileMap| Document::from_cfg_str(&text(files, "config.cfg")).unwrap();
    assert_eq!(config(&saved).get("components"), config(&with_parser()).get("components"));
    let strict = LoadOptions { strict: true, ..LoadOptions::default() };
    check_error(with_parser(), &strict, "components.parser: `parser` in `factory` is not available here");
}

#[test]
fn layers_that_spacy_lacks_are_saved_for_python() {
    let (name, module) = ner_model::PYTHON_LAYERS;
    let own = golden().join("../../own_layers/pipeline");
    let mut files = PipelineFiles::open(&own).unwrap().into_map().unwrap();
    assert!(!files.contains_key(name));
    files.insert(name.to_owned(), b"of an older version".to_vec());
    assert_eq!(text(&load_all(files).to_files().unwrap(), name), module);
    let mut plain = golden_files();
    plain.insert(name.to_owned(), b"of a network that was here before".to_vec());
    assert!(!load_all(plain).to_files().unwrap().contains_key(name));
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn components_are_excluded_and_disabled() {
    let options = LoadOptions { exclude: names(&["parser"]), ..LoadOptions::default() };
    let saved = load(with_parser(), &options).unwrap().to_files().unwrap();
    assert!(!saved.keys().any(|name| name.starts_with("parser/")) && saved.contains_key("LICENSE"));
    assert!(!text(&saved, "config.cfg").contains("parser"));

    let options = LoadOptions { disable: names(&["ner"]), strict: true, ..LoadOptions::default() };
    let pipeline = load(golden_files(), &options).unwrap();
    assert_eq!(entities(&pipeline), [""; 0]);
    let saved = pipeline.to_files().unwrap();
    let meta: Value = serde_json::from_slice(&saved["meta.json"]).unwrap();
    assert_eq!((&meta["pipeline"], &meta["components"]), (&json!(["tok2vec"]), &json!(["tok2vec", "ner"])));
    assert_eq!(meta["disabled"], json!(["ner"]));
    assert_eq!(load_all(saved.clone()).disabled().collect::<Vec<_>>(), ["ner"]);

    let enabled = |names| LoadOptions { enable: names, ..LoadOptions::default() };
    check_error(saved, &enabled(names(&["ner"])), "\"ner\" is to be enabled and disabled");
    check_error(
        golden_files(),
        &enabled(names(&["ner"])),
        "takes its vectors from tok2vec, which is disabled",
    );
    let exclude = LoadOptions { exclude: names(&["tok2vec"]), ..LoadOptions::default() };
    check_error(golden_files(), &exclude, "expected a tok2vec component before ner");
}

#[test]
fn what_prediction_does_not_need_is_left_out() {
    let files = with_config(with_parser(), |config| {
        let tok2vec = config.get("components.tok2vec").cloned().unwrap();
        config.set("components.other", tok2vec);
        config.set("nlp.pipeline", vec!["other", "tok2vec", "parser", "ner"]);
    });
    check_error(files.clone(), &LoadOptions::default(), "other/model");
    let options = LoadOptions { only_predict: true, ..LoadOptions::default() };
    let pipeline = load(files, &options).unwrap();
    assert_eq!(entities(&pipeline), entities(&load_all(golden_files())));
    assert_eq!(pipeline.components().keys().collect::<Vec<_>>(), ["tok2vec", "parser", "ner"]);
}

#[test]
fn a_listener_needs_a_component_that_is_known() {
    let transformer = |config: &mut Document| config.set("components.tok2vec.factory", "transformer_custom");
    let files = with_config(golden_files(), transformer);
    check_error(files, &LoadOptions::default(), "components.ner.model.tok2vec.upstream: ");
    let files = with_config(golden_files(), |config| {
        transformer(config);
        config.set("components.ner.model.tok2vec.upstream", "tok2vec");
    });
    check_error(
        files,
        &LoadOptions::default(),
        "a component of a kind that is not known here (transformer_custom)",
    );
}

#[test]
fn the_pieces_of_a_state_are_numbered_in_a_byte() {
    let files = with_config(golden_files(), |config| config.set("components.ner.model.maxout_pieces", 256));
    check_error(
        files,
        &LoadOptions::default(),
        "components.ner.model.maxout_pieces: expected at most 255, found 256",
    );
}

#[test]
fn a_listener_is_not_a_shared_network() {
    let listener = r#"{"@architectures": "spacy.Tok2VecListener.v1", "width": 24, "upstream": "*"}"#;
    let files = with_config(golden_files(), |config| config.set("components.tok2vec.model", block(listener)));
    check_error(files, &LoadOptions::default(), "components.tok2vec.model: expected a network");
}

#[test]
fn a_sentencizer_is_loaded_run_and_saved() {
    let mut files = with_config(golden_files(), |config| {
        config.set("nlp.pipeline", vec!["sentencizer", "tok2vec", "ner"]);
        config.set("components.sentencizer", block(r#"{"factory": "sentencizer", "overwrite": false}"#));
    });
    files.insert("sentencizer.json".to_owned(), br#"{"punct_chars":["met","."],"overwrite":true}"#.to_vec());
    let pipeline = load_all(files);
    let doc = pipeline.annotate("Ada met Bob. He left.").unwrap();
    assert_eq!(doc.sentences(), [0..2, 2..4, 4..7]);
    assert_eq!(
        doc.tokens.iter().map(|token| token.sent_start).collect::<Vec<_>>(),
        [1, -1, 1, -1, 1, -1, -1]
    );
    let saved = pipeline.to_files().unwrap();
    let file: Value = serde_json::from_slice(&saved["sentencizer.json"]).unwrap();
    assert_eq!(file, json!({"punct_chars": [".", "met"], "overwrite": true}));
}

#[test]
fn texts_of_another_tokenizer_need_tokens() {
    let mut files = with_config(golden_files(), |config| {
        config.set("nlp.tokenizer", block(r#"{"@tokenizers": "spacy.ja.JapaneseTokenizer"}"#));
    });
    files.remove("tokenizer");
    files.insert("tokenizer/cfg".to_owned(), b"{}".to_vec());
    let pipeline = load_all(files);
    let message = pipeline.annotate("Ada met Bob.").unwrap_err().to_string();
    assert!(message.contains("spacy.ja.JapaneseTokenizer") && message.contains("tokens"), "{message}");
    let expected = load_all(golden_files()).annotate("Mr. Fagade Napa of Rigon Ltd lost $20").unwrap();
    let mut docs = [ner_doc::Doc::from_words(pipeline.vocab().clone(), &expected.words(), &[])];
    pipeline.predict(&mut docs).unwrap();
    assert_eq!(docs[0].entities().unwrap(), expected.entities().unwrap());
    let saved = pipeline.to_files().unwrap();
    assert!(saved.contains_key("tokenizer/cfg") && !saved.contains_key("tokenizer"));
}

#[test]
fn older_files_with_fewer_keys_open() {
    let mut files = golden_files();
    files.insert("meta.json".to_owned(), br#"{"lang":"en","name":"old","version":"0.1"}"#.to_vec());
    files.insert(
        "ner/cfg".to_owned(),
        b"{\r\n \"min_action_freq\": 30, \"beam_density\": 0.25, \"mine\": [1]}".to_vec(),
    );
    for name in ["vocab/vectors.cfg", "vocab/key2row", "vocab/vectors", "vocab/lookups.bin", "tok2vec/cfg"] {
        files.remove(name);
    }
    let config = text(&files, "config.cfg").replace('\n', "\r\n");
    files.insert("config.cfg".to_owned(), config.into_bytes());
    let pipeline = load_all(files);
    assert_eq!(entities(&pipeline), entities(&load_all(golden_files())));
    let saved = pipeline.to_files().unwrap();
    let cfg: Value = serde_json::from_slice(&saved["ner/cfg"]).unwrap();
    assert_eq!((&cfg["min_action_freq"], &cfg["mine"]), (&json!(30), &json!([1])));
    assert_eq!((&cfg["beam_density"], &cfg["beam_width"]), (&json!(0.25), &json!(1)));
    let meta: Value = serde_json::from_slice(&saved["meta.json"]).unwrap();
    assert_eq!((&meta["name"], &meta["version"]), (&json!("old"), &json!("0.1")));
    assert_eq!(
        meta["vectors"],
        json!({"width": 0, "vectors": 0, "keys": 0, "name": null, "mode": "default"})
    );
}

#[test]
fn lookup_tables_are_kept_byte_for_byte() {
    let mut files = golden_files();
    let tables = [0x82, 0xa1, b'a', 0x81, 7, 0xa1, b'x', 0xa1, b'b', 0x80];
    files.insert("vocab/lookups.bin".to_owned(), tables.to_vec());
    assert_eq!(load_all(files).to_files().unwrap()["vocab/lookups.bin"], tables);
}

#[test]
fn what_is_missing_is_named() {
    for name in ["meta.json", "tokenizer", "vocab/strings.json", "ner/model", "ner/moves", "tok2vec/model"] {
        let mut files = golden_files();
        files.remove(name);
        let message = format!("memory/{name}: the pipeline has no such file");
        check_error(files, &LoadOptions::default(), &message);
    }
    check_error(FileMap::new(), &LoadOptions::default(), "memory: no pipeline is inside");
    for place in ["nothing/there", file!()] {
        assert!(PipelineFiles::open(Path::new(place)).is_err());
    }
}
