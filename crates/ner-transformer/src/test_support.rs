//! For tests of layers: values and gradients of a function, and comparisons of both.

use burn::tensor::{Device, Tensor, TensorData};
use ner_cpython::NumpyRandom;
use ner_layers::to_vec;

/// A function of `N` vectors whose value is a matrix.
pub(crate) struct Function<const N: usize> {
    pub(crate) lengths: [usize; N],
    pub(crate) value: Box<dyn Fn([Tensor<1>; N]) -> Tensor<2>>,
}

impl<const N: usize> Function<N> {
    /// The same random numbers each time.
    fn inputs(&self) -> [Vec<f32>; N] {
        let mut random = NumpyRandom::new(0);
        self.lengths.map(|length| normal(length, &mut random))
    }

    fn value(&self, inputs: &[Vec<f32>; N]) -> Vec<f32> {
        to_vec((self.value)(inputs.each_ref().map(|input| vector(input, &Device::flex()))))
    }

    /// The value, and the gradients of its product with fixed numbers.
    pub(crate) fn value_and_gradients(&self) -> (Vec<f32>, [Vec<f32>; N]) {
        let device = Device::flex().autodiff();
        let inputs = self.inputs().map(|input| vector(&input, &device).require_grad());
        let value = (self.value)(inputs.clone());
        let weights = Tensor::from_data(
            TensorData::new(weights(value.dims()[0] * value.dims()[1]), value.dims()),
            &device,
        );
        let mut pass = (value.clone() * weights).sum().backward();
        let gradients =
            inputs.map(|input| input.grad_remove(&mut pass).map(to_vec).expect("each input has a gradient"));
        (to_vec(value.without_autodiff()), gradients)
    }
}

fn normal(length: usize, random: &mut NumpyRandom) -> Vec<f32> {
    let mut numbers = vec![0.0; length];
    random.fill_normal(0.0, 0.5, &mut numbers);
    numbers
}

fn vector(numbers: &[f32], device: &Device) -> Tensor<1> {
    Tensor::from_data(TensorData::new(numbers.to_vec(), [numbers.len()]), device)
}

/// Factors that turn a value into a single number. Random, since the sum of a normalised row is zero whatever it is.
fn weights(length: usize) -> Vec<f32> {
    normal(length, &mut NumpyRandom::new(1))
}

/// Checks that two functions have the same values and gradients, up to rounding.
#[track_caller]
pub(crate) fn check_same<const N: usize>(found: &Function<N>, expected: &Function<N>) {
    let (value, gradients) = found.value_and_gradients();
    let (expected_value, expected_gradients) = expected.value_and_gradients();
    check_close("value", &value, &expected_value, 1e-5);
    check_close("value without gradients", &found.value(&found.inputs()), &value, 1e-6);
    for (index, (gradient, expected)) in gradients.iter().zip(&expected_gradients).enumerate() {
        check_close(&format!("gradient {index}"), gradient, expected, 5e-5);
    }
}

/// Checks that the gradients of a function are those of finite differences.
#[track_caller]
pub(crate) fn check_gradients<const N: usize>(function: &Function<N>) {
    // A smaller step drowns in the rounding of f32, a larger one in the curvature.
    const STEP: f32 = 2e-3;
    let (_, gradients) = function.value_and_gradients();
    let product = |inputs: &[Vec<f32>; N]| {
        let value = function.value(inputs);
        value.iter().zip(weights(value.len())).map(|(a, b)| f64::from(*a) * f64::from(b)).sum::<f64>()
    };
    let mut inputs = function.inputs();
    for (index, gradient) in gradients.iter().enumerate() {
        let mut slope = |place: usize| {
            let centre = inputs[index][place];
            let mut at = |step: f32| {
                inputs[index][place] = centre + step;
                product(&inputs)
            };
            let slope = (at(STEP) - at(-STEP)) / f64::from(2.0 * STEP);
            inputs[index][place] = centre;
            slope as f32
        };
        let slopes: Vec<f32> = (0..gradient.len()).map(&mut slope).collect();
        check_close(&format!("gradient {index}"), gradient, &slopes, 1e-2);
    }
}

/// Compares number by number. The tolerance is a share of the largest one, since a sum rounds by its largest terms.
#[track_caller]
fn check_close(what: &str, found: &[f32], expected: &[f32], tolerance: f32) {
    let largest = expected.iter().fold(0.0, |largest: f32, value| largest.max(value.abs()));
    assert_eq!(found.len(), expected.len(), "length of the {what}");
    for (place, (found, expected)) in found.iter().zip(expected).enumerate() {
        let is_close = (found - expected).abs() <= tolerance * largest.max(1e-3);
        assert!(is_close, "{what} at {place}: found {found}, expected {expected}");
    }
}
