//! The architectures that know what is rare: `ner.WordEmbed.v1` and `ner.DocumentMemory.v1`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData};
use ner_config::{Kind, Registry, ResolvedConfig};
use ner_cpython::NumpyRandom;
use ner_doc::Doc;
use ner_layers::{Init, Mode, Seeds, to_vec};
use ner_model::{LayerTree, TokenSource, TokenVectors};
use ner_optim::Gradient;
use ner_thinc::ModelFile;
use ner_vocab::{StringId, Vectors, Vocab};

const WIDTH: usize = 4;
const VECTOR_WIDTH: usize = 3;

/// All parts at once, and small.
const CONFIG: &str = "\
[model]
@architectures = ner.DocumentMemory.v1
maxout_pieces = 2

[model.tok2vec]
@architectures = spacy.Tok2Vec.v2

[model.tok2vec.embed]
@architectures = ner.WordEmbed.v1
width = 4
rows = 11
prefixes = [1, 2]
suffixes = [3]
affix_width = 2
affix_rows = 7
char_width = 3
char_filters = 5
include_static_vectors = true

[model.tok2vec.encode]
@architectures = spacy.MaxoutWindowEncoder.v2
width = 4
depth = 1
window_size = 1
maxout_pieces = 2
";

fn source(config: &str) -> Result<TokenSource, ner_config::ConfigError> {
    let mut registry = Registry::new();
    ner_model::register(&mut registry);
    registry.build(Kind::Architectures, &ResolvedConfig::from_cfg_str(config)?.block("model")?)
}

fn network() -> Box<dyn TokenVectors> {
    let TokenSource::Own(recipe) = source(CONFIG).unwrap() else { panic!("a network") };
    let mut random = NumpyRandom::new(0);
    recipe.make(&mut Init::random(&mut random, &Device::flex()).with_vector_width(VECTOR_WIDTH))
}

fn vocab() -> Arc<Vocab> {
    let rows = [("rose", 0), ("ran", 1)].map(|(word, row)| (StringId::of(word), row));
    let vectors = Vectors::new(vec![1.0, 2.0, 3.0, -1.0, 0.5, 0.0], VECTOR_WIDTH, rows).unwrap();
    Arc::new(Vocab::new("en").unwrap().with_vectors(vectors))
}

fn doc(vocab: &Arc<Vocab>, text: &str) -> Doc {
    Doc::from_words(vocab.clone(), &text.split(' ').collect::<Vec<_>>(), &[])
}

/// The vectors of two documents in training, with the same draws in each call.
fn train(network: &dyn TokenVectors, docs: &[&Doc]) -> Tensor<2> {
    train_with(network, docs, 5)
}

fn train_with(network: &dyn TokenVectors, docs: &[&Doc], seed: u64) -> Tensor<2> {
    let (mut random, mut seeds) = (NumpyRandom::new(seed), Seeds::new(0));
    network.forward(docs, &mut Mode::Train { rate: 0.2, random: &mut random, seeds: &mut seeds })
}

fn predict(network: &dyn TokenVectors, docs: &[&Doc]) -> Vec<f32> {
    to_vec(network.forward(docs, &mut Mode::Predict))
}

#[test]
fn gradients_are_those_of_finite_differences() {
    let vocab = vocab();
    let docs = [doc(&vocab, "Rose ran as the rose of Warsaw ran"), doc(&vocab, "a rose is a")];
    let docs: Vec<&Doc> = docs.iter().collect();
    let mut network = network();
    network.count_words(&mut docs.iter().copied());
    let n = docs.iter().map(|doc| doc.len()).sum::<usize>() * WIDTH;
    let mut factors = vec![0.0; n];
    NumpyRandom::new(3).fill_normal(0.0, 1.0, &mut factors);
    let value = |network: &dyn TokenVectors| -> f64 {
        let found = to_vec(train(network, &docs));
        found.iter().zip(&factors).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
    };
    network.parameters_mut().into_iter().for_each(|parameter| parameter.set_autodiff(true));
    let tensor =
        Tensor::<2>::from_data(TensorData::new(factors.clone(), [n / WIDTH, WIDTH]), &Device::flex());
    let mut pass = (train(&*network, &docs) * tensor.autodiff()).sum().backward();
    let gradients: Vec<Vec<f32>> = network
        .parameters_mut()
        .into_iter()
        .map(|parameter| match parameter.take_gradient(&mut pass) {
            Some(Gradient::All(gradient)) => gradient,
            Some(Gradient::Rows(rows)) => rows.to_dense(),
            None => panic!("a parameter without a gradient"),
        })
        .collect();
    network.parameters_mut().into_iter().for_each(|parameter| parameter.set_autodiff(false));
    const STEP: f32 = 3e-4;
    let (mut n_moving, mut n_edges) = (0, 0);
    for (index, gradient) in gradients.iter().enumerate() {
        for place in (0..gradient.len()).step_by(1 + gradient.len() / 12) {
            let mut at = |step: f32| {
                network.parameters_mut()[index].change(&mut |weights| weights[place] += step);
                let value = value(&*network);
                network.parameters_mut()[index].change(&mut |weights| weights[place] -= step);
                value
            };
            let (below, here, above) = (at(-STEP), at(0.0), at(STEP));
            let [left, right] = [(here - below) / f64::from(STEP), (above - here) / f64::from(STEP)];
            let (found, slope) = (f64::from(gradient[place]), (left + right) / 2.0);
            // At an edge of a maxout the slopes of both sides differ, and their mean is nobody's.
            if (left - right).abs() > 0.1 * (1.0 + slope.abs()) {
                n_edges += 1;
                continue;
            }
            assert!(
                (found - slope).abs() < 1e-2 * (1.0 + slope.abs()),
                "parameter {index}, {place}: {found} {slope}"
            );
            n_moving += usize::from(slope != 0.0);
        }
    }
    assert!(n_edges < n_moving / 10, "{n_edges} edges");
    assert!(n_moving > 60, "only {n_moving} weights were seen to matter");
}

#[test]
fn what_the_training_corpus_lacks_is_one_word_one_beginning_and_one_end() {
    let vocab = vocab();
    let mut network = network();
    network.count_words(&mut [doc(&vocab, "Warsaw wins Kraków")].iter());
    // Of equal beginnings, ends and shapes, in a context of their own; characters are read in full, so these are turned off.
    let config = CONFIG.replace("char_width = 3", "char_width = 0");
    let TokenSource::Own(recipe) = source(&config).unwrap() else { panic!("a network") };
    let mut plain =
        recipe.make(&mut Init::random(&mut NumpyRandom::new(0), &Device::flex()).with_vector_width(3));
    plain.count_words(&mut [doc(&vocab, "Warsaw wins Kraków")].iter());
    let of = |network: &dyn TokenVectors, word: &str| predict(network, &[&doc(&vocab, word)]);
    assert_eq!(of(&*plain, "Wolfpaw"), of(&*plain, "Womtpaw"));
    assert_ne!(of(&*plain, "Warsaw"), of(&*plain, "Wagsaw"), "a known word has a vector of its own");
    // So are beginnings, ends and shapes that it lacks.
    assert_eq!(of(&*plain, "Bolt"), of(&*plain, "Dent"));
    assert_ne!(of(&*plain, "Kent"), of(&*plain, "Dent"), "a known beginning has a vector of its own");
    assert_ne!(of(&*plain, "Bolsaw"), of(&*plain, "Dentow"), "a known end has one, too");
    assert_ne!(of(&*network, "Wolfpaw"), of(&*network, "Womtpaw"));
}

/// The optimiser brings these rows up to date before a step: a row that is looked up besides would be of an earlier one.
#[test]
fn all_rows_that_training_may_look_up_are_named() {
    let vocab = vocab();
    // So many rows that two words hardly share one.
    let config = CONFIG.replace("\nrows = 11", "\nrows = 997").replace("affix_rows = 7", "affix_rows = 499");
    let TokenSource::Own(recipe) = source(&config).unwrap() else { panic!("a network") };
    let mut network =
        recipe.make(&mut Init::random(&mut NumpyRandom::new(0), &Device::flex()).with_vector_width(3));
    let docs = [doc(&vocab, "Rose ran as the rose of Warsaw ran")];
    network.count_words(&mut docs.iter());
    let docs: Vec<&Doc> = docs.iter().collect();
    let named: HashMap<u64, Vec<u32>> =
        network.lookups(&docs).into_iter().map(|(table, rows)| (table.id(), rows)).collect();
    network.parameters_mut().into_iter().for_each(|parameter| parameter.set_autodiff(true));
    let mut n_rows = HashSet::new();
    for seed in 0..20 {
        let mut pass = train_with(&*network, &docs, seed).sum().backward();
        for parameter in network.parameters_mut() {
            let id = parameter.id();
            if let Some(Gradient::Rows(gradient)) = parameter.take_gradient(&mut pass)
                && let Some(named) = named.get(&id)
            {
                assert!(gradient.rows.iter().all(|row| named.contains(row)));
                n_rows.insert((id, gradient.rows.len()));
            }
        }
    }
    assert!(n_rows.len() > 2 * named.len(), "what is unknown is drawn");
}

#[test]
fn a_word_is_remembered_in_its_document_alone() {
    let vocab = vocab();
    let network = network();
    let once = doc(&vocab, "Rose ran");
    let twice = doc(&vocab, "Rose ran . the other Rose ?");
    let alone = predict(&*network, &[&once]);
    assert_eq!(predict(&*network, &[&once, &once]), [&alone[..], &alone].concat());
    assert_ne!(predict(&*network, &[&twice])[..WIDTH], alone[..WIDTH]);
}

#[test]
fn counts_come_back_with_the_weights() {
    let vocab = vocab();
    let text = doc(&vocab, "Rose ran as the rose of Warsaw ran");
    let mut network = network();
    network.count_words(&mut [doc(&vocab, "Rose ran as the other")].iter());
    let mut tree = LayerTree::to_write(0.0);
    let file = ModelFile::from_layers(&network.layer(&mut tree)).unwrap();
    let mut other = self::network();
    let before = predict(&*other, &[&text]);
    let mut tree = LayerTree::to_read();
    let root = other.layer(&mut tree);
    tree.load(&root, file, other.parameters_mut()).unwrap();
    assert_eq!(predict(&*other, &[&text]), predict(&*network, &[&text]));
    assert_ne!(predict(&*other, &[&text]), before, "all words are known until some were counted");
}

#[test]
fn a_memory_above_a_listener_is_refused() {
    let config = "[model]\n@architectures = ner.DocumentMemory.v1\n\n[model.tok2vec]\n\
                  @architectures = spacy.Tok2VecListener.v1\nwidth = 4\nupstream = *\n";
    let message = source(config).unwrap_err().to_string();
    assert!(message.starts_with("model.tok2vec") && message.contains("listener"), "{message}");
}
