use crate::Encoder;

impl Encoder {
    /// Bytes that a pass of training keeps of each piece until the backward pass, as kernels keep them; with `checkpoints`
    /// only what each layer takes, and one layer as a whole while its forward pass is done again. The probabilities of
    /// attention are made again in either case.
    pub fn kept_bytes(&self, checkpoints: bool) -> usize {
        let config = self.config();
        let (width, inner, narrow) = (config.hidden_size, config.intermediate_size, config.embedding_size);
        // Queries, keys, values, their sums, the rows of both normalisations and their factors: `kernel::forward::Saved`.
        let layer = 6 * width + inner + 2;
        let n_layers = self.order().count();
        let layers = if checkpoints { n_layers * width + layer } else { n_layers * (width + layer) };
        // The three tables' rows, their sum and its normalisation.
        let embeddings = 5 * narrow + width;
        (embeddings + layers) * size_of::<f32>()
    }
}
