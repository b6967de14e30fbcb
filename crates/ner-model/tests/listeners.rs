//! Listeners of other libraries: their layers, what they give, and how gradients go back through them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData};
use ner_config::{ConfigError, Kind, Registry, ResolvedConfig};
use ner_cpython::NumpyRandom;
use ner_layers::{Init, Mode, RaggedRows, Seeds, to_vec};
use ner_model::{
    Heard, LayerTree, Listen, SharedGradient, SharedRows, TokenInput, TransitionBasedParser, TransitionModel,
};
use ner_thinc::ModelFile;

const WIDTH: usize = 3;

const HF: &str = "@architectures = spacy-transformers.TransformerListener.v1\ngrad_factor = 0.5\n";
const LAST: &str = "@architectures = spacy-curated-transformers.LastTransformerLayerListener.v1\nwidth = 3\n";
const ALL: &str = "@architectures = spacy-curated-transformers.ScalarWeightingListener.v1\nwidth = 3\n\n\
                   [model.tok2vec.weighting]\n@architectures = spacy-curated-transformers.ScalarWeight.v1\n\
                   num_layers = 1\ndropout_prob = 0.0\nmixed_precision = false\n\n\
                   [model.tok2vec.weighting.grad_scaler_config]\n";

fn parser(listener: &str, pooling: &str) -> Result<TransitionBasedParser, ConfigError> {
    parser_of(8, listener, pooling)
}

fn parser_of(hidden: usize, listener: &str, pooling: &str) -> Result<TransitionBasedParser, ConfigError> {
    let mut registry = Registry::new();
    ner_model::register(&mut registry);
    let config = format!(
        "[model]\n@architectures = spacy.TransitionBasedParser.v2\nstate_type = ner\n\
         extra_state_tokens = false\nhidden_width = {hidden}\nmaxout_pieces = 2\nuse_upper = false\n\n\
         [model.tok2vec]\n{listener}\n[model.tok2vec.pooling]\n@layers = {pooling}\n"
    );
    registry.build(Kind::Architectures, &ResolvedConfig::from_cfg_str(&config)?.block("model")?)
}

fn model(listener: &str) -> TransitionModel {
    let parser = parser(listener, "reduce_mean.v1").unwrap();
    parser.make(5, Some(WIDTH), &mut Init::zeros(&Device::flex()))
}

fn listener(model: &mut TransitionModel) -> &mut Box<dyn Listen> {
    let TokenInput::Listener(listener) = &mut model.tokens else { panic!("the block names a listener") };
    listener
}

/// Name, width and references of a layer.
type Described<'a> = (&'a str, Option<usize>, &'a [(&'a str, usize)]);

/// What each layer is, as real spaCy writes them (golden/transformers/pipelines).
#[track_caller]
fn check_layers(listener: &str, expected: &[Described<'_>]) {
    let model = model(listener);
    let file = ModelFile::from_layers(&model.layer(&mut LayerTree::to_write(0.0))).unwrap();
    let found: Vec<_> = file
        .nodes
        .iter()
        .map(|node| {
            let references = node.refs.iter().filter_map(|(name, index)| Some((name.as_str(), (*index)?)));
            (node.name.as_str(), node.dims.get("nO").copied().flatten(), references.collect::<Vec<_>>())
        })
        .skip(4)
        .collect();
    let expected: Vec<_> =
        expected.iter().map(|(name, width, refs)| (*name, *width, refs.to_vec())).collect();
    assert_eq!(found, expected);
    // What was written can be read.
    let mut tree = LayerTree::to_read();
    let root = model.layer(&mut tree);
    file.check(&root).unwrap();
}

#[test]
fn layers_are_those_of_spacy() {
    let linear: (&str, Option<usize>, &[(&str, usize)]) = ("linear", Some(8), &[]);
    check_layers(
        HF,
        &[
            ("transformer-listener>>trfs2arrays", Some(3), &[("listener", 7)]),
            ("list2array", None, &[]),
            linear,
            ("transformer-listener", Some(3), &[]),
            ("trfs2arrays", None, &[]),
            ("reduce_mean", None, &[]),
        ],
    );
    check_layers(
        LAST,
        &[
            ("last_transformer_layer_listener", Some(3), &[("pooling", 8)]),
            ("list2array", None, &[]),
            linear,
            ("with_ragged_last_layer", None, &[]),
            ("reduce_mean", None, &[]),
        ],
    );
    check_layers(
        ALL,
        &[
            ("scalar_weighting_listener", Some(3), &[]),
            ("list2array", None, &[]),
            linear,
            ("pytorch", None, &[]),
            ("with_ragged_last_layer", None, &[]),
            ("reduce_mean", None, &[]),
        ],
    );
}

#[test]
fn curated_listeners_note_down_what_spacy_does() {
    let model = model(LAST);
    let file = ModelFile::from_layers(&model.layer(&mut LayerTree::to_write(0.0))).unwrap();
    let attrs = &file.nodes[4].attrs;
    let packed: Vec<_> = attrs.iter().map(|(name, attr)| (name.as_str(), attr.packed())).collect();
    let expected: [(&str, &[u8]); 6] = [
        ("grad_factor", b"\xcb\x3f\xf0\0\0\0\0\0\0"),
        ("_upstream_name", b"\xa1*"),
        ("_TRANSFORMER_LISTENER", b"\xc3"),
        ("_USE_DOC_ANNOTATIONS_FOR_PREDICTION", b"\xc3"),
        ("_REQUIRES_ALL_LAYER_OUTPUTS", b"\xc2"),
        ("_state", b""),
    ];
    assert_eq!(packed, expected);
}

fn rows(values: &[f32]) -> Tensor<2> {
    Tensor::from_data(TensorData::new(values.to_vec(), [values.len() / WIDTH, WIDTH]), &Device::flex())
}

/// Rows of two layers; three tokens have rows 0 and 1, none, and row 1.
fn shared(layers: &[Vec<f32>]) -> SharedRows {
    let tokens = RaggedRows { starts: vec![0, 2, 2, 3], rows: vec![0, 1, 1] };
    SharedRows { layers: layers.iter().map(|layer| rows(layer)).collect(), tokens: Some(Arc::new(tokens)) }
}

fn layers() -> Vec<Vec<f32>> {
    vec![vec![1.0, -2.0, 3.0, 0.5, 0.25, -1.0], vec![2.0, 0.0, 1.0, -1.5, 4.0, 6.0]]
}

fn hear(listener: &dyn Listen, shared: &SharedRows) -> Heard {
    let mode = &mut Mode::Train { rate: 0.5, random: &mut NumpyRandom::new(0), seeds: &mut Seeds::new(0) };
    Heard::new(listener, shared, mode)
}

#[test]
fn pieces_are_pooled_and_gradients_are_multiplied() {
    let mut model = model(HF);
    let heard = hear(&**listener(&mut model), &shared(&layers()));
    assert_eq!(to_vec(heard.vectors()), [0.25, 2.0, 3.5, 0.0, 0.0, 0.0, -1.5, 4.0, 6.0]);
    let (gradient, _) = heard.backward(rows(&[1.0, 2.0, 3.0, 9.0, 9.0, 9.0, 4.0, 0.0, -1.0]));
    assert!(gradient.layers[0].is_none(), "the first layer is not read");
    let last = to_vec(gradient.layers[1].clone().unwrap());
    assert_eq!(last, [0.25, 0.5, 0.75, 2.25, 0.5, 0.25]);
    assert_eq!(gradient.squares(), last.iter().map(|value| f64::from(value * value)).sum::<f64>());
    let sum = gradient.clone().plus(gradient).layers.remove(1).unwrap();
    assert_eq!(to_vec(sum), last.iter().map(|value| 2.0 * value).collect::<Vec<_>>());
}

#[test]
fn layers_are_weighed_before_they_are_pooled() {
    let mut model = model(ALL);
    assert_eq!(listener(&mut model).parameters_mut().len(), 2);
    let parameters = listener(&mut model).parameters_mut();
    for parameter in parameters {
        parameter.set_autodiff(true);
    }
    let d_vectors = [1.0, 2.0, 3.0, 9.0, 9.0, 9.0, 4.0, 0.0, -1.0];
    let product = |listener: &dyn Listen, layers: &[Vec<f32>]| {
        let vectors = to_vec(hear(listener, &shared(layers)).vectors());
        vectors.iter().zip(d_vectors).map(|(value, d)| f64::from(*value) * f64::from(d)).sum::<f64>()
    };
    let heard = hear(&**listener(&mut model), &shared(&layers()));
    assert_eq!(to_vec(heard.vectors())[6..], [-0.5, 2.125, 2.5], "the mean of both layers");
    let (gradient, pass): (SharedGradient, _) = heard.backward(rows(&d_vectors));
    let mut pass = pass.unwrap();
    let close = |found: f32, expected: f64| {
        assert!((f64::from(found) - expected).abs() < 5e-3, "{found}, {expected}")
    };
    for (layer, gradient) in gradient.layers.iter().enumerate() {
        for (place, found) in to_vec(gradient.clone().unwrap()).into_iter().enumerate() {
            let at = |step: f32| {
                let mut layers = layers();
                layers[layer][place] += step;
                layers
            };
            let listener = &**listener(&mut model);
            close(found, (product(listener, &at(0.01)) - product(listener, &at(-0.01))) / 0.02);
        }
    }
    let found: Vec<Vec<f32>> = listener(&mut model)
        .parameters_mut()
        .iter()
        .map(|parameter| parameter.take_gradient(&mut pass).unwrap().into_dense())
        .collect();
    for (parameter, found) in found.iter().enumerate() {
        for (place, found) in found.iter().enumerate() {
            let mut at = |step: f32| {
                listener(&mut model).parameters_mut()[parameter]
                    .change(&mut |weights| weights[place] += step);
                product(&**listener(&mut model), &layers())
            };
            let (above, below) = (at(0.01), at(-0.02));
            at(0.01);
            close(*found, (above - below) / 0.02);
        }
    }
}

#[test]
fn layers_that_are_left_out_count_nothing() {
    let mut model = model(&ALL.replace("dropout_prob = 0.0", "dropout_prob = 0.5"));
    let (mut left_out, mut whole) = (0, 0);
    let listener = &**listener(&mut model);
    let mut seeds = Seeds::new(0);
    let alone: Vec<Vec<f32>> = (0..2)
        .map(|layer| to_vec(shared(&layers()).pool(rows(&layers()[layer]), ner_layers::Reduce::Mean)))
        .collect();
    for _ in 0..64 {
        let mode = &mut Mode::Train { rate: 0.0, random: &mut NumpyRandom::new(0), seeds: &mut seeds };
        let found = to_vec(Heard::new(listener, &shared(&layers()), mode).vectors());
        if alone.contains(&found) { left_out += 1 } else { whole += 1 }
    }
    assert_eq!(seeds.n_drawn(), 128, "one for each layer");
    // Exactly one of two layers is left out half of the time, none or both otherwise.
    assert!((20..=44).contains(&left_out), "{left_out} of {}", left_out + whole);
    let predicted = to_vec(listener.forward(&shared(&layers()), &mut Mode::Predict));
    assert_eq!(predicted[6..], [-0.5, 2.125, 2.5]);
}

#[test]
fn a_pooling_is_a_layer_that_is_known() {
    assert!(parser(HF, "reduce_last.v1").is_ok());
    let message = parser(HF, "reduce_median.v1").unwrap_err().to_string();
    assert!(message.contains("reduce_median.v1"), "{message}");
    let message =
        parser(&ALL.replace("num_layers = 1", "num_layers = 0"), "reduce_sum.v1").unwrap_err().to_string();
    assert!(message.contains("num_layers") && message.contains("at least 1"), "{message}");
}

/// Models of pipelines that real spaCy has written, where `NER_GOLDEN` names the folder of the suite.
#[test]
fn models_of_spacy_are_written_as_they_were_read() {
    let Some(suite) = std::env::var_os("NER_GOLDEN") else { return };
    let pipelines = std::path::PathBuf::from(suite).join("transformers/pipelines");
    for (name, listener) in [("hf-bert", HF), ("curated-bert", LAST), ("curated-roberta", LAST)] {
        let bytes = std::fs::read(pipelines.join(name).join("ner/model")).unwrap();
        let file = ModelFile::from_bytes(&bytes.clone().into()).unwrap();
        let listener = listener.replace("0.5", "1.0").replace("width = 3", "width = 32");
        let parser = parser_of(64, &listener, "reduce_mean.v1").unwrap();
        let n_actions = file.nodes[2].dims["nO"].unwrap();
        let mut model = parser.make(n_actions, Some(32), &mut Init::zeros(&Device::flex()));
        let mut tree = LayerTree::to_read();
        let root = model.layer(&mut tree);
        let nodes = |file: &ModelFile| -> Vec<_> {
            file.nodes[4..]
                .iter()
                .map(|node| (node.name.clone(), node.dims.clone(), node.refs.clone(), node.attrs.clone()))
                .collect()
        };
        let expected = nodes(&file);
        tree.load(&root, file, model.parameters_mut()).unwrap();
        let written = ModelFile::from_layers(&model.layer(&mut LayerTree::to_write(0.0))).unwrap();
        assert_eq!(nodes(&written), expected, "{name}");
        assert_eq!(written.to_bytes(), bytes, "{name}");
    }
}
