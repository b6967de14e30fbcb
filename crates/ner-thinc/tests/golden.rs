//! Model files that spaCy wrote: written again they are the same bytes, and trees built here are numbered as spaCy
//! numbers its own.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ner_thinc::{
    Array, Bytes, Layer, ModelFile, ShimSettings, ThincError, TorchShim, TorchState, chain, concatenate,
    residual, with_array,
};
use proptest::prelude::*;
use proptest::sample::Index;

#[test]
fn files_are_written_as_they_were_read() {
    let mut n_files = 0;
    for directory in golden_directories() {
        for path in model_files(&directory) {
            let bytes = fs::read(&path).unwrap();
            let model = ModelFile::from_bytes(&bytes.clone().into())
                .unwrap_or_else(|error| panic!("{path:?}: {error}"));
            model.check_finite().unwrap();
            assert!(model.to_bytes() == bytes, "{path:?}");
            n_files += 1;
        }
    }
    assert!(n_files >= 2);
}

#[test]
fn shims_of_pretrained_encoders_are_read_and_written() {
    let Some(golden) = std::env::var_os("NER_GOLDEN").map(PathBuf::from) else { return };
    let mut names = Vec::new();
    for path in model_files(&golden.join("transformers/pipelines")) {
        let bytes = fs::read(&path).unwrap().into();
        for node in ModelFile::from_bytes(&bytes).unwrap().nodes {
            for bytes in &node.shims {
                check_shim(bytes);
                names.push(node.name.clone());
            }
        }
    }
    names.sort();
    assert_eq!(names, ["hf-pytorch", "hf-pytorch", "pytorch", "pytorch"]);
}

/// Reads a shim of an encoder and writes it again: all but the archive, which PyTorch aligns and signs, has the same bytes.
fn check_shim(bytes: &[u8]) {
    let shim = TorchShim::from_bytes(bytes).unwrap();
    let state = shim.state.clone().unwrap();
    let shapes: Vec<_> = state.tensors.iter().map(|(name, array)| (name.as_str(), array.shape())).collect();
    let written = shim.settings.to_shim(&shapes, |index| state.tensors[index].clone());
    assert_eq!(TorchShim::from_bytes(&written).unwrap(), shim);
    let packed = rmpv::decode::read_value(&mut &*bytes).unwrap();
    let again = rmpv::decode::read_value(&mut &*written).unwrap();
    for ((key, value), (key_again, value_again)) in
        packed.as_map().unwrap().iter().zip(again.as_map().unwrap())
    {
        assert_eq!(key, key_again);
        assert!(value == value_again || key.as_str() == Some("state"), "{key}");
    }
    let state = state.tensors;
    if let Some(config) = shim.settings.config() {
        let value =
            |key: &str| config.as_map().unwrap().iter().find(|entry| entry.0.as_str() == Some(key)).unwrap();
        let shape =
            [value("vocab_size"), value("hidden_size")].map(|(_, size)| size.as_u64().unwrap() as usize);
        assert_eq!(state["embeddings.word_embeddings.weight"].shape(), shape);
        let file = shim.settings.tokenizer("tokenizer.json").unwrap();
        assert!(file.as_slice().unwrap().starts_with(b"{"));
        assert!(shim.settings.tokenizer("kwargs").unwrap().is_map());
    } else {
        assert!(state.keys().all(|name| name.starts_with("curated_encoder.")));
    }
}

/// What PyTorch 2.7 made of 0, 1, 2, ... in several types, as an ordered dictionary and as a plain one.
#[test]
fn types_of_pytorch_are_read() {
    for name in ["ordered.pt", "plain.pt"] {
        let bytes = fs::read(slice().join("torch").join(name)).unwrap();
        let state = TorchState::from_archive(&bytes).unwrap();
        let found: Vec<_> =
            state.tensors.iter().map(|(name, array)| (name.as_str(), array.shape())).collect();
        // `position_ids` are integers.
        let expected: [(&str, &[usize]); 6] = [
            ("float", &[2, 3]),
            ("half", &[2, 3]),
            ("bfloat16", &[2, 3]),
            ("tied", &[2, 3]),
            ("transposed", &[3, 2]),
            ("part", &[3]),
        ];
        assert_eq!(found, expected);
        for name in ["float", "half", "bfloat16", "tied"] {
            assert_eq!(state.tensors[name].data(), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0], "{name}");
        }
        assert_eq!(state.tensors["transposed"].data(), [0.0, 3.0, 1.0, 4.0, 2.0, 5.0]);
        assert_eq!(state.tensors["part"].data(), [3.0, 4.0, 5.0]);
    }
    let double = fs::read(slice().join("torch/double.pt")).unwrap();
    let error = TorchState::from_archive(&double).unwrap_err().to_string();
    assert!(error.contains("numbers of type torch.DoubleStorage: expected torch.FloatStorage"), "{error}");
}

#[test]
fn a_shim_without_weights_is_read_and_written() {
    let mut settings = ShimSettings::default();
    for key in ["config", "tokenizer", "_init_tokenizer_config"] {
        settings.values.insert(key.to_owned(), rmpv::Value::Map(vec![]));
    }
    let shim = TorchShim { settings, state: None };
    let bytes = shim.settings.to_empty_shim();
    assert_eq!(bytes, b"\x84\xa6config\x80\xa5state\x80\xa9tokenizer\x80\xb6_init_tokenizer_config\x80");
    assert_eq!(TorchShim::from_bytes(&bytes).unwrap(), shim);
    assert!(shim.settings.config().is_none());
    for end in 0..bytes.len() {
        assert!(TorchShim::from_bytes(&bytes[..end]).is_err(), "cut at {end}");
    }
    let nested = [&b"\x82\xa6config"[..], &[0x91; 100], b"\xc0\xa5state\x80"].concat();
    let error = TorchShim::from_bytes(&nested).unwrap_err().to_string();
    assert!(error.contains("expected a value of config"), "{error}");
}

#[test]
fn a_tree_is_numbered_as_spacy_does() {
    let model = small_model();
    let mut expected = model.clone();
    for node in &mut expected.nodes {
        node.params.values_mut().for_each(|param| *param = None);
    }
    let found = ModelFile::from_layers(&small_tree()).unwrap();
    assert_eq!(found, expected);
    assert!(found.to_bytes() == expected.to_bytes(), "the maps are in another order");
}

#[test]
fn a_file_fits_its_own_tree_and_no_other() {
    small_model().check(&small_tree()).unwrap();
    let check = |change: fn(Layer) -> Layer, message: &str| {
        let root = Arc::unwrap_or_clone(small_tree());
        let mut layers = root.layers.clone();
        layers[1] = change(Arc::unwrap_or_clone(layers[1].clone())).into();
        let root = root.reference("lower", &layers[1]).layers(layers).into();
        assert_eq!(small_model().check(&root).unwrap_err().to_string(), message);
    };
    check(|lower| lower.dim("nO", 64), "layer 2 (precomputable_affine): dimension nO is 16, expected 64");
    check(
        |lower| lower.param("b", Array::new(vec![2, 1], vec![0.0; 2]).unwrap()),
        "layer 2 (precomputable_affine): the shape of parameter b is [16, 2], expected [2, 1]",
    );
    check(
        |lower| lower.param("c", Array::new(vec![0], vec![]).unwrap()),
        "layer 2 (precomputable_affine): parameter c is missing",
    );
    check(
        |lower| lower.layers([Layer::new("more").into()]),
        "the file has 40 layers, the config describes 41: they belong to different models",
    );
}

#[test]
fn a_wrong_file_says_where() {
    let check = |bytes: &[u8], message: &str| {
        assert_eq!(ModelFile::from_bytes(&Bytes::copy_from_slice(bytes)).unwrap_err().to_string(), message);
    };
    check(b"", "byte 0: expected a map, found the end of the file");
    check(b"<html>", "byte 0: expected a map, found FixPos(60)");
    check(
        &[0xdf, 255, 255, 255, 255],
        "byte 5: expected 4294967295 items, found the end of the file after 0 bytes: it is cut short",
    );
    let mut changed = small_model();
    changed.nodes[5].refs.insert("self".to_owned(), Some(5));
    assert_eq!(ModelFile::from_bytes(&changed.to_bytes().into()).unwrap(), changed);
    changed.nodes[5].refs.insert("there".to_owned(), Some(6));
    changed.nodes[6].refs.insert("back".to_owned(), Some(5));
    check(&changed.to_bytes(), "layer 5 (list2array): its references lead in a circle");
    changed.nodes[5].refs.insert("self".to_owned(), Some(40));
    check(&changed.to_bytes(), "layer 5 (list2array): reference self points to a layer outside of the tree");
}

#[test]
fn an_unusable_array_says_which() {
    let bytes = small_model().to_bytes();
    let check = |from: &[u8], to: &[u8], message: &str| {
        let place = bytes.windows(from.len()).position(|window| window == from).unwrap();
        let mut changed = bytes.clone();
        changed[place..place + to.len()].copy_from_slice(to);
        assert_eq!(ModelFile::from_bytes(&changed.into()).unwrap_err().to_string(), message);
    };
    let wrong_type = "layer 2 (precomputable_affine): parameter W has type \"<f8\", expected \"<f4\": save the \
                      model with 32-bit floats";
    check(b"<f4", b"<f8", wrong_type);
    let wrong_shape =
        "layer 2 (precomputable_affine): expected an array of shape [4, 16, 2, 16], found 1536 numbers";
    check(b"\x94\x03\x10\x02\x10", b"\x94\x04", wrong_shape);
    let mut infinite = small_model();
    infinite.nodes[3].params.insert("b".to_owned(), Some(Array::new(vec![1], vec![f32::NAN]).unwrap()));
    assert!(matches!(infinite.check_finite(), Err(ThincError::Node { index: 3, .. })));
}

proptest! {
    #[test]
    fn damage_never_panics(place: Index, byte: u8, cut: Index) {
        let bytes = fs::read(slice().join("model/two_listeners/pipeline/ner2/model")).unwrap();
        let mut changed = bytes.clone();
        // Most of the file is weights, of which any will do: damage what stands around them.
        let header = bytes.windows(6).position(|window| window == b"params").unwrap() + 200;
        changed[place.index(header)] = byte;
        if let Ok(model) = ModelFile::from_bytes(&changed.into()) {
            // As bytes: a damaged weight may be NaN, which is not equal to itself.
            let bytes = model.to_bytes();
            prop_assert_eq!(ModelFile::from_bytes(&bytes.clone().into()).unwrap().to_bytes(), bytes);
        }
        prop_assert!(ModelFile::from_bytes(&bytes[..cut.index(bytes.len())].to_vec().into()).is_err());
    }
}

fn slice() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// The slice stored here and, where `NER_GOLDEN` names it, the whole suite.
fn golden_directories() -> Vec<PathBuf> {
    [slice()].into_iter().chain(std::env::var_os("NER_GOLDEN").map(PathBuf::from)).collect()
}

fn model_files(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(model_files(&path));
        } else if path.file_name().is_some_and(|name| name == "model") {
            files.push(path);
        }
    }
    files
}

fn small_model() -> ModelFile {
    ModelFile::from_bytes(&fs::read(slice().join("update/beam/pipeline/ner/model")).unwrap().into()).unwrap()
}

/// The tree that the config of `update/beam` describes: a recogniser of 22 classes over one convolution.
fn small_tree() -> Arc<Layer> {
    let embed: Arc<Layer> = embed().into();
    let block = residual(chain([Layer::new("expand_window").attr("window_size", 1).into(), mixer(48)]));
    let encode: Arc<Layer> = with_array(block, 1).into();
    let tok2vec = chain([embed.clone(), encode.clone()]);
    let tok2vec = tok2vec.reference("embed", &embed).reference("encode", &encode).into();
    let width: Arc<Layer> = chain([tok2vec, Layer::new("list2array").into(), linear(16)]).into();
    let lower = Layer::new("precomputable_affine").dim("nO", 16).dim("nI", 16).dim("nF", 3).dim("nP", 2);
    let lower = lower.attr("dropout_rate", 0.0).param("W", None).param("b", None).param("pad", None).into();
    let upper = linear(22);
    let root = Layer::new("parser_model").dim("nI", None).attr("has_upper", true);
    let root = root.reference("tok2vec", &width).reference("lower", &lower).reference("upper", &upper);
    root.layers([width, lower, upper]).into()
}

fn embed() -> Layer {
    let columns = ["NORM", "PREFIX", "SUFFIX", "SHAPE"].map(rmpv::Value::from).to_vec();
    let extract = Layer::new("extract_features").attr("columns", columns);
    let tables = concatenate([40, 20, 20, 20].iter().zip(0..).map(|(&rows, column)| table(column, rows)));
    let layers = [
        extract.into(),
        Layer::new("list2ragged").into(),
        with_array(tables, 0).into(),
        with_array(mixer(64), 0).into(),
        Layer::new("ragged2list").into(),
    ];
    chain(layers).dim("nO", 16)
}

fn table(column: u64, rows: usize) -> Arc<Layer> {
    let embed = Layer::new("hashembed").dim("nO", 16).dim("nV", rows).dim("nI", None);
    let embed =
        embed.attr("column", column).attr("seed", 8 + column).attr("dropout_rate", 0.0).param("E", None);
    chain([Layer::new("ints-getitem").into(), embed.into()]).attr("column", column).into()
}

fn mixer(input: usize) -> Arc<Layer> {
    let maxout =
        Layer::new("maxout").dim("nO", 16).dim("nI", input).dim("nP", 3).param("W", None).param("b", None);
    let norm = Layer::new("layernorm").dim("nI", 16).dim("nO", 16).param("G", None).param("b", None);
    let dropout = Layer::new("dropout").attr("dropout_rate", 0.0).attr("is_enabled", true);
    chain([chain([maxout.into(), norm.into()]).into(), dropout.into()]).dim("nO", 16).into()
}

fn linear(output: usize) -> Arc<Layer> {
    Layer::new("linear").dim("nO", output).dim("nI", 16).param("W", None).param("b", None).into()
}
