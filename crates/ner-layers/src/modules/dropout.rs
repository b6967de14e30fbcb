use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData};
use ner_cpython::NumpyRandom;

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
    /// `[rows drawn, width]`
    factors: Arc<Vec<f32>>,
    width: usize,
    /// The rows that the matrix has; `None` for all that were drawn.
    rows: Option<Arc<[u32]>>,
}

impl Mask {
    /// The mask of a matrix that has only some of the rows.
    pub fn of_rows(self, rows: Arc<[u32]>) -> Mask {
        Mask { rows: Some(rows), ..self }
    }

    /// What the numbers of a row are multiplied by.
    #[inline(always)]
    pub(crate) fn row(&self, row: usize) -> &[f32] {
        let row = self.rows.as_ref().map_or(row, |rows| rows[row] as usize);
        &self.factors[row * self.width..][..self.width]
    }

    /// `[rows, width]`, on a device.
    pub(crate) fn into_tensor(self, device: &Device) -> Tensor<2> {
        let factors = match &self.rows {
            Some(rows) => (0..rows.len()).flat_map(|row| self.row(row)).copied().collect(),
            None => Arc::unwrap_or_clone(self.factors),
        };
        let shape = [factors.len() / self.width, self.width];
        Tensor::from_data(TensorData::new(factors, shape), device)
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
                Some(Mask { factors: Arc::new(factors), width: shape[1], rows: None })
            }
            _ => None,
        }
    }
}
