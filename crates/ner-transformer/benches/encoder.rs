//! An encoder of the size of MiniLM (6 layers of width 384) on one thread. "item/s" is pieces/s.

use burn::tensor::Device;
use divan::Bencher;
use divan::counter::ItemsCount;
use ner_cpython::NumpyRandom;
use ner_hub::EncoderConfig;
use ner_layers::Init;
use ner_transformer::{Encoder, Origin, Pass};

fn main() {
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global().expect("the first pool");
    divan::main();
}

/// Windows: how many, of how many pieces.
const WINDOWS: [(usize, usize); 3] = [(1, 30), (16, 40), (32, 128)];

fn encoder(device: &Device) -> Encoder {
    let config = serde_json::json!({
        "model_type": "bert",
        "hidden_size": 384,
        "intermediate_size": 1536,
        "num_attention_heads": 12,
        "num_hidden_layers": 6,
    });
    let config = EncoderConfig::from_json(&config).expect("a config of BERT");
    let mut random = NumpyRandom::new(0);
    Encoder::random(config, Origin::HuggingFace, &mut Init::random(&mut random, device))
}

fn pieces((n_windows, length): (usize, usize)) -> (Vec<u32>, Vec<usize>) {
    let ids = (0..n_windows * length).map(|piece| (piece * 7919 % 30_000) as u32);
    (ids.collect(), vec![length; n_windows])
}

#[divan::bench(args = WINDOWS)]
fn forward(bencher: Bencher<'_, '_>, windows: (usize, usize)) {
    let (encoder, (ids, lengths)) = (encoder(&Device::flex()), pieces(windows));
    bencher
        .counter(ItemsCount::new(ids.len()))
        .bench_local(|| encoder.forward(&ids, &lengths, Pass::Predict, false));
}

#[divan::bench(args = WINDOWS)]
fn forward_and_backward(bencher: Bencher<'_, '_>, windows: (usize, usize)) {
    let (encoder, (ids, lengths)) = (encoder(&Device::flex().autodiff()), pieces(windows));
    bencher.counter(ItemsCount::new(ids.len())).bench_local(|| {
        let outputs = encoder.forward(&ids, &lengths, Pass::Train { seed: 0 }, false);
        outputs[0].clone().sum().backward()
    });
}
