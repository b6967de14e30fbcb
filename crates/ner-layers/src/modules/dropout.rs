use burn::tensor::{Device, Tensor, TensorData};
use ner_cpython::NumpyRandom;

use crate::host::mask::Mask;
use crate::host::seeds::Seeds;

/// Whether layers run to predict or to learn.
#[derive(Debug)]
pub enum Mode<'a> {
    /// No dropout.
    Predict,
    /// Dropout at `rate`, drawn from `random`.
    Train {
        /// Share of the values that become zero.
        rate: f64,
        /// Generator of the masks.
        random: &'a mut NumpyRandom,
        /// Seeds for networks whose masks are not NumPy's.
        seeds: &'a mut Seeds,
    },
}

impl Mode<'_> {
    /// Drops single values of `x` `[rows, width]`.
    pub fn dropout(&mut self, x: Tensor<2>) -> Tensor<2> {
        let device = x.device();
        match self.mask(x.dims()) {
            Some(mask) => x * mask_tensor(mask, &device),
            None => x,
        }
    }

    /// Drops whole columns of `x` `[rows, width]`.
    pub fn dropout_columns(&mut self, x: Tensor<2>) -> Tensor<2> {
        let ([_, width], device) = (x.dims(), x.device());
        match self.mask([1, width]) {
            Some(mask) => x * mask_tensor(mask, &device),
            None => x,
        }
    }

    /// Draws a mask for `[rows, width]`, if there is dropout. At a rate of 0 nothing is drawn, so that the generator stays
    /// where Thinc's would.
    pub fn mask(&mut self, shape: [usize; 2]) -> Option<Mask> {
        match self {
            Mode::Train { rate, random, .. } if *rate > 0.0 => {
                let mut factors = vec![0.0; shape[0] * shape[1]];
                random.dropout_mask(*rate, &mut factors);
                Some(Mask::new(factors, shape[1]))
            }
            _ => None,
        }
    }
}

/// The factors of a mask on a device, `[rows, width]`.
pub(super) fn mask_tensor(mask: Mask, device: &Device) -> Tensor<2> {
    let width = mask.width();
    let factors = mask.into_factors();
    let shape = [factors.len() / width, width];
    Tensor::from_data(TensorData::new(factors, shape), device)
}
