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

impl Mode<'_> {
    /// Drops single values of `x` `[rows, width]`.
    pub fn dropout(&mut self, x: Tensor<2>) -> Tensor<2> {
        let [rows, width] = x.dims();
        match self.mask([rows, width], &x.device()) {
            Some(mask) => x * mask,
            None => x,
        }
    }

    /// Drops whole columns of `x` `[rows, width]`.
    pub fn dropout_columns(&mut self, x: Tensor<2>) -> Tensor<2> {
        let [_, width] = x.dims();
        match self.mask([1, width], &x.device()) {
            Some(mask) => x * mask,
            None => x,
        }
    }

    fn mask(&mut self, shape: [usize; 2], device: &Device) -> Option<Tensor<2>> {
        match self {
            Mode::Train { rate, random } if *rate > 0.0 => {
                let mut mask = vec![0.0; shape[0] * shape[1]];
                random.dropout_mask(*rate, &mut mask);
                Some(Tensor::from_data(TensorData::new(mask, shape), device))
            }
            _ => None,
        }
    }
}
