use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData};
use ner_random::NumpyRandom;

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
    },
}

/// What each number of a matrix is multiplied by in dropout: zero, or as much as makes up for the others' zeros.
#[derive(Clone, Debug)]
pub struct Mask {
    /// `[rows, width]`
    pub(crate) factors: Arc<Vec<f32>>,
    shape: [usize; 2],
}

impl Mask {
    /// The mask of some rows, as `[rows, width]`.
    pub fn of_rows(&self, rows: &[u32]) -> Mask {
        let width = self.shape[1];
        let row = |&row: &u32| &self.factors[row as usize * width..][..width];
        let factors: Vec<f32> = rows.iter().flat_map(row).copied().collect();
        Mask { factors: Arc::new(factors), shape: [rows.len(), width] }
    }

    /// `[rows, width]`, on a device.
    pub(crate) fn into_tensor(self, device: &Device) -> Tensor<2> {
        Tensor::from_data(TensorData::new(Arc::unwrap_or_clone(self.factors), self.shape), device)
    }
}

impl Mode<'_> {
    /// Drops single values of `x` `[rows, width]`.
    pub fn dropout(&mut self, x: Tensor<2>) -> Tensor<2> {
        let device = x.device();
        match self.mask(x.dims()) {
            Some(mask) => x * mask.into_tensor(&device),
            None => x,
        }
    }

    /// Drops whole columns of `x` `[rows, width]`.
    pub fn dropout_columns(&mut self, x: Tensor<2>) -> Tensor<2> {
        let ([_, width], device) = (x.dims(), x.device());
        match self.mask([1, width]) {
            Some(mask) => x * mask.into_tensor(&device),
            None => x,
        }
    }

    /// Draws a mask for `[rows, width]`, if there is dropout.
    pub fn mask(&mut self, shape: [usize; 2]) -> Option<Mask> {
        match self {
            Mode::Train { rate, random } if *rate > 0.0 => {
                let mut factors = vec![0.0; shape[0] * shape[1]];
                random.dropout_mask(*rate, &mut factors);
                Some(Mask { factors: Arc::new(factors), shape })
            }
            _ => None,
        }
    }
}
