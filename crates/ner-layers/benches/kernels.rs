//! The layers of the default model on the CPU. "item/s" is FLOP/s for matrix products, rows/s for lookups.

use burn::tensor::{Device, Tensor, TensorData};
use divan::Bencher;
use divan::counter::ItemsCount;
use ner_cpython::NumpyRandom;
use ner_layers::{HashEmbed, Init, LayerNorm, Maxout, MaxoutWindow, Mode, Seeds};

const ROWS: usize = 1000;
const WIDTH: usize = 96;
const PIECES: usize = 3;

fn main() {
    divan::main();
}

/// A layer, its input, and how many floating-point operations the matrix product of its forward pass has.
struct Setting {
    layer: MaxoutWindow,
    maxout: Maxout,
    norm: LayerNorm,
    x: Tensor<2>,
    flop: usize,
}

impl Setting {
    fn new(width: usize, window: usize, device: &Device) -> Setting {
        let mut random = NumpyRandom::new(0);
        let x = numbers([ROWS, width], &mut random, device);
        let inputs = width * (2 * window + 1);
        let init = &mut Init::random(&mut random, device);
        Setting {
            layer: MaxoutWindow { window, is_residual: width == WIDTH, centres: None, saves_products: true },
            maxout: Maxout::init(WIDTH, PIECES, inputs, init),
            norm: LayerNorm::init(WIDTH, init),
            x,
            flop: 2 * ROWS * WIDTH * PIECES * inputs,
        }
    }

    /// The default encoder's layer, or the layer that mixes four embeddings.
    fn named(name: &str, device: &Device) -> Setting {
        if name == "window" { Setting::new(WIDTH, 1, device) } else { Setting::new(4 * WIDTH, 0, device) }
    }

    fn forward(&self, mode: &mut Mode<'_>) -> Tensor<2> {
        self.layer.forward(self.x.clone(), &self.maxout, &self.norm, mode.mask([ROWS, WIDTH]))
    }
}

fn numbers(shape: [usize; 2], random: &mut NumpyRandom, device: &Device) -> Tensor<2> {
    let mut numbers = vec![0.0; shape[0] * shape[1]];
    random.fill_normal(0.0, 1.0, &mut numbers);
    Tensor::from_data(TensorData::new(numbers, shape), device)
}

#[divan::bench(args = ["window", "mix"])]
fn forward(bencher: Bencher<'_, '_>, name: &str) {
    let setting = Setting::named(name, &Device::flex());
    bencher.counter(ItemsCount::new(setting.flop)).bench_local(|| setting.forward(&mut Mode::Predict));
}

/// The gradients of input and parameters need twice the operations of the forward pass, as a dense product.
#[divan::bench(args = ["window", "mix"])]
fn forward_and_backward(bencher: Bencher<'_, '_>, name: &str) {
    let mut setting = Setting::named(name, &Device::flex().autodiff());
    setting.x = setting.x.require_grad();
    let mut random = NumpyRandom::new(0);
    bencher.counter(ItemsCount::new(3 * setting.flop)).bench_local(|| {
        setting
            .forward(&mut Mode::Train { rate: 0.1, random: &mut random, seeds: &mut Seeds::new(0) })
            .sum()
            .backward()
    });
}

#[divan::bench]
fn hash_embed(bencher: Bencher<'_, '_>) {
    let table = HashEmbed::init(WIDTH, 5000, 8, &mut Init::random(&mut NumpyRandom::new(0), &Device::flex()));
    bencher
        .counter(ItemsCount::new(4 * ROWS))
        .bench_local(|| table.forward((0..ROWS).map(|id| id as u64 * 7919)));
}
