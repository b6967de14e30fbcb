use burn::module::{Module, Param};
use burn::tensor::Tensor;

use super::init::Init;
use super::linear::Linear;

/// Beyond this the function is the identity to the last bit: 1 - tanh(20) is less than half of an `f32`'s last digit.
const THRESHOLD: f32 = 20.0;

/// An affine function, then `x * tanh(ln(1 + exp(x)))` (Misra, "Mish: a self regularized non-monotonic activation
/// function", 2019).
#[derive(Module, Debug)]
pub struct Mish {
    /// `[outputs, inputs]`
    pub weight: Param<Tensor<2>>,
    /// `[outputs]`
    pub bias: Param<Tensor<1>>,
}

impl Mish {
    /// Glorot-uniform weights, zero bias.
    pub fn init(outputs: usize, inputs: usize, init: &mut Init<'_>) -> Mish {
        let Linear { weight, bias } = Linear::init(outputs, inputs, init);
        Mish { weight, bias }
    }

    /// `[rows, inputs]` -> `[rows, outputs]`
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        mish(x.matmul(self.weight.val().transpose()) + self.bias.val().unsqueeze::<2>())
    }
}

/// The activation of each number.
fn mish(x: Tensor<2>) -> Tensor<2> {
    let is_large = x.clone().greater_equal_elem(THRESHOLD);
    // Large values are clamped although their curve is not used: `exp` would overflow, and the gradient of an infinity is
    // not a number even where the mask hides it.
    let small = x.clone().clamp_max(THRESHOLD);
    let curved = small.clone() * (small.exp() + 1.0).log().tanh();
    curved.mask_where(is_large, x)
}

#[cfg(test)]
mod tests {
    use burn::module::ParamId;
    use burn::tensor::Device;

    use super::*;
    use crate::test_support::{Function, check_gradients};
    use crate::to_vec;

    #[test]
    fn values_are_those_of_the_definition() {
        let x: [f32; 9] = [-30.0, -5.0, -1.0, 0.0, 0.5, 3.0, 19.9, 20.0, 100.0];
        let found = to_vec(mish(Tensor::from_data([x], &Device::flex())));
        for (x, found) in x.into_iter().zip(found) {
            let expected = (f64::from(x) * f64::from(x).exp().ln_1p().tanh()) as f32;
            assert!((found - expected).abs() <= 1e-6 * (1.0 + expected.abs()), "{x}: {found} {expected}");
        }
    }

    #[test]
    fn gradients_are_those_of_finite_differences() {
        check_gradients(Function {
            lengths: [4 * 3, 5 * 3, 5],
            value: Box::new(|[x, weight, bias]| {
                let layer = Mish {
                    weight: Param::initialized(ParamId::new(), weight.reshape([5, 3])),
                    bias: Param::initialized(ParamId::new(), bias),
                };
                layer.forward(x.reshape([4, 3]))
            }),
        });
    }
}
