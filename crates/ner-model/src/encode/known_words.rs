use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData};

/// Words of some tokens, and the numbers that are remembered of each.
#[derive(Clone, Copy, Debug)]
pub struct KnownWords<'a> {
    /// The numbers of each word; its vector comes first.
    pub numbers: &'a [Arc<[f32]>],
    /// The word of each token.
    pub of_tokens: &'a [u32],
    /// Length of a vector.
    pub width: usize,
}

impl KnownWords<'_> {
    /// The vectors of all tokens, `[tokens, width]`.
    pub fn vectors(&self, device: &Device) -> Tensor<2> {
        let KnownWords { numbers, of_tokens, width } = *self;
        let vectors = of_tokens.iter().flat_map(|&word| &numbers[word as usize][..width]);
        let vectors = vectors.copied().collect();
        Tensor::from_data(TensorData::new::<f32, _>(vectors, [of_tokens.len(), width]), device)
    }
}
