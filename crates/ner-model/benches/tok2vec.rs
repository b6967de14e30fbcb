//! The default token vectors: 1000 tokens in 50 sentences, forward alone and with the backward pass.

use std::sync::Arc;

use burn::tensor::{Device, Tensor};
use divan::Bencher;
use divan::counter::ItemsCount;
use ner_config::{Kind, Registry, ResolvedConfig};
use ner_cpython::NumpyRandom;
use ner_doc::Doc;
use ner_layers::{Init, Mode, Seeds};
use ner_model::{TokenSource, TokenVectors};
use ner_vocab::Vocab;

const CONFIG: &str = "[model]\n@architectures = spacy.HashEmbedCNN.v2\nwidth = 96\ndepth = 4\nembed_size = 2000\n\
                      window_size = 1\nmaxout_pieces = 3\nsubword_features = true\npretrained_vectors = null\n";
const SENTENCES: usize = 50;
const SENTENCE_TOKENS: usize = 20;
const DISTINCT_WORDS: f64 = 3000.0;

fn main() {
    divan::main();
}

/// Words as frequent as in a natural text (Zipf's law).
fn sentences() -> Vec<Doc> {
    let vocab = Arc::new(Vocab::new("en").expect("English is known"));
    let mut random = NumpyRandom::new(0);
    let mut word = || format!("word{}", random.uniform(0.0, DISTINCT_WORDS.ln()).exp() as usize);
    let mut sentence = || {
        let words: Vec<String> = (0..SENTENCE_TOKENS).map(|_| word()).collect();
        Doc::from_words(vocab.clone(), &words, &[true; SENTENCE_TOKENS])
    };
    (0..SENTENCES).map(|_| sentence()).collect()
}

fn tok2vec() -> Box<dyn TokenVectors> {
    let mut registry = Registry::new();
    ner_model::register(&mut registry);
    let config = ResolvedConfig::from_cfg_str(CONFIG).expect("the config is well formed");
    let block = config.block("model").expect("the config has the block");
    let source = registry.build(Kind::Architectures, &block).expect("the block is right");
    let TokenSource::Own(recipe) = source else { unreachable!("the block names a network") };
    recipe.make(&mut Init::random(&mut NumpyRandom::new(0), &Device::flex()))
}

#[divan::bench]
fn predict(bencher: Bencher<'_, '_>) {
    let (tok2vec, docs) = (tok2vec(), sentences());
    let docs: Vec<&Doc> = docs.iter().collect();
    bencher
        .counter(ItemsCount::new(SENTENCES * SENTENCE_TOKENS))
        .bench(|| tok2vec.forward(&docs, &mut Mode::Predict).into_data());
}

#[divan::bench(args = [0.0, 0.1])]
fn learn(bencher: Bencher<'_, '_>, rate: f64) {
    let (mut tok2vec, docs) = (tok2vec(), sentences());
    let docs: Vec<&Doc> = docs.iter().collect();
    tok2vec.parameters_mut().into_iter().for_each(|parameter| parameter.set_autodiff(true));
    let mut random = NumpyRandom::new(0);
    let d_vectors =
        Tensor::<2>::ones([docs.len() * SENTENCE_TOKENS, tok2vec.width()], &Device::flex()).autodiff();
    bencher.counter(ItemsCount::new(SENTENCES * SENTENCE_TOKENS)).bench_local(|| {
        let vectors =
            tok2vec.forward(&docs, &mut Mode::Train { rate, random: &mut random, seeds: &mut Seeds::new(0) });
        let mut pass = (vectors * d_vectors.clone()).sum().backward();
        let parameters = tok2vec.parameters_mut();
        parameters.into_iter().map(|parameter| parameter.take_gradient(&mut pass)).collect::<Vec<_>>()
    });
}
