use ner_hub::Activation;

use super::numeric::{erf_and_gaussian, sigmoid, tanh};

/// √(2/π) and the factor of the cube in the approximation of the normal distribution.
const TANH: (f32, f32) = (0.797_884_6, 0.044_715);

/// Applies the function to `x`.
#[inline(always)]
pub(crate) fn apply(activation: Activation, x: &mut [f32]) {
    // Loops, not iterators with closures: those would be compiled for the oldest processor.
    match activation {
        Activation::Gelu => {
            for x in x {
                *x = gelu(*x);
            }
        }
        Activation::GeluNew => {
            for x in x {
                *x = gelu_tanh(*x);
            }
        }
        Activation::Relu => {
            for x in x {
                *x = x.max(0.0);
            }
        }
        Activation::Silu => {
            for x in x {
                *x *= sigmoid(*x);
            }
        }
    }
}

/// Turns the gradient of the function's value into that of its argument.
#[inline(always)]
pub(crate) fn backward(activation: Activation, x: &[f32], gradient: &mut [f32]) {
    let pairs = gradient.iter_mut().zip(x);
    match activation {
        Activation::Gelu => {
            for (gradient, x) in pairs {
                *gradient *= gelu_slope(*x);
            }
        }
        Activation::GeluNew => {
            for (gradient, x) in pairs {
                *gradient *= gelu_tanh_slope(*x);
            }
        }
        Activation::Relu => {
            for (gradient, x) in pairs {
                *gradient = if *x > 0.0 { *gradient } else { 0.0 };
            }
        }
        Activation::Silu => {
            for (gradient, x) in pairs {
                let sigmoid = sigmoid(*x);
                *gradient *= sigmoid * (x * (1.0 - sigmoid) + 1.0);
            }
        }
    }
}

#[inline(always)]
fn gelu(x: f32) -> f32 {
    let (erf, _) = erf_and_gaussian(x);
    // 0.5 x (1 + sign(x) erf|x|)
    0.5 * (x + x.abs() * erf)
}

#[inline(always)]
fn gelu_slope(x: f32) -> f32 {
    const DENSITY: f32 = 0.398_942_3;
    let (erf, gaussian) = erf_and_gaussian(x);
    0.5 + 0.5 * erf.copysign(x) + x * gaussian * DENSITY
}

#[inline(always)]
fn gelu_tanh(x: f32) -> f32 {
    0.5 * x * (1.0 + tanh(TANH.0 * (x + TANH.1 * x * x * x)))
}

#[inline(always)]
fn gelu_tanh_slope(x: f32) -> f32 {
    let tanh = tanh(TANH.0 * (x + TANH.1 * x * x * x));
    let inner = TANH.0 * (1.0 + 3.0 * TANH.1 * x * x);
    0.5 * (1.0 + tanh) + 0.5 * x * (1.0 - tanh * tanh) * inner
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, Tensor};

    use super::*;

    const ALL: [Activation; 4] = [Activation::Gelu, Activation::GeluNew, Activation::Relu, Activation::Silu];

    fn arguments() -> Vec<f32> {
        (-600..600).map(|n| n as f32 / 100.0 + 0.005).collect()
    }

    #[test]
    fn values_are_those_of_burn() {
        for activation in ALL {
            let mut found = arguments();
            apply(activation, &mut found);
            let x = Tensor::<1>::from_data(arguments().as_slice(), &Device::flex()).unsqueeze::<2>();
            let expected = ner_layers::to_vec(crate::layer::activate(activation, x));
            for ((x, found), expected) in arguments().iter().zip(&found).zip(expected) {
                assert!((found - expected).abs() < 1e-6, "{activation:?} at {x}: {found}, {expected}");
            }
        }
    }

    #[test]
    fn gradients_are_those_of_finite_differences() {
        for activation in ALL {
            let x = arguments();
            let mut slopes = vec![1.0; x.len()];
            backward(activation, &x, &mut slopes);
            let at = |step: f32| {
                let mut x: Vec<f32> = arguments().iter().map(|x| x + step).collect();
                apply(activation, &mut x);
                x
            };
            for (index, (above, below)) in at(2e-3).into_iter().zip(at(-2e-3)).enumerate() {
                let slope = (above - below) / 4e-3;
                assert!((slope - slopes[index]).abs() < 1e-3, "{activation:?} at {}: {slope}", x[index]);
            }
        }
    }
}
