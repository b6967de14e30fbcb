use std::ops::Range;

use burn::tensor::{Device, Tensor};
use ner_layers::{Centres, RowSums};

use super::padded_rows::PaddedRows;
use super::window_encoder::WindowEncoder;
use crate::{EncodeStretch, KnownWords};

impl WindowEncoder {
    /// Tokens that are encoded behind a stretch, and dropped: the last group of a layer's outputs may not be full, and has other
    /// rounding errors then. A group shares the errors of all rows that it sees, so each layer takes them a group further.
    fn margin(&self) -> usize {
        Centres::GROUP * self.recipe.depth
    }
}

impl EncodeStretch for WindowEncoder {
    fn reach(&self) -> usize {
        self.padding + self.margin()
    }

    fn forward_stretch(
        &self,
        words: &KnownWords<'_>,
        first: usize,
        stretch: Range<usize>,
        device: &Device,
    ) -> Tensor<2> {
        let shares = self.first_layer().expect("an encoder of stretches has one");
        // Groups begin where they do in the whole sequence.
        let start = stretch.start - stretch.start % Centres::GROUP;
        let end = (stretch.end + self.margin()).min(first + words.of_tokens.len());
        let padded = PaddedRows::new(&[end - start], self.padding);
        // Around the stretch stand its neighbours, and zeros where the sequence has none.
        let source = |row: usize| {
            let token = (start + row).checked_sub(self.padding + first)?;
            words.of_tokens.get(token).copied()
        };
        let sources: Vec<u32> = (0..padded.n_rows).map(|row| source(row).unwrap_or(RowSums::ZEROS)).collect();
        let vectors = self.forward_sources(shares, words, &sources, &padded, device);
        vectors.slice([stretch.start - start..stretch.end - start, 0..self.recipe.width])
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ner_cpython::NumpyRandom;
    use ner_layers::{Init, to_vec};

    use super::*;
    use crate::Encode;
    use crate::encode::window_recipe::{Version, WindowKind, WindowRecipe};

    const WIDTH: usize = 20;
    const N_WORDS: usize = 9;

    fn encoder(window_size: usize, depth: usize) -> WindowEncoder {
        let kind = WindowKind::Maxout(3);
        let recipe = WindowRecipe { width: WIDTH, window_size, depth, kind, version: Version::Two };
        let mut random = NumpyRandom::new(0);
        WindowEncoder::init(recipe, recipe.padding(), &mut Init::random(&mut random, &Device::flex()))
    }

    #[test]
    fn a_stretch_has_the_same_bits_as_the_whole() {
        for (window_size, depth) in [(1, 4), (1, 1), (1, 7), (2, 3)] {
            let mut encoder = encoder(window_size, depth);
            assert!(
                encoder.stretches().is_none(),
                "new biases are zeros, and so is what a layer makes of zeros"
            );
            let mut random = NumpyRandom::new(1);
            for parameter in encoder.parameters_mut() {
                parameter.change(&mut |weights| {
                    let mut noise = vec![0.0; weights.len()];
                    random.fill_normal(0.0, 0.1, &mut noise);
                    weights.iter_mut().zip(&noise).for_each(|(weight, noise)| *weight += noise);
                });
            }
            let mut words = vec![0.0; N_WORDS * WIDTH];
            random.fill_normal(0.0, 1.0, &mut words);
            let device = Device::flex();
            let numbers = encoder
                .numbers(Tensor::from_data(burn::tensor::TensorData::new(words, [N_WORDS, WIDTH]), &device));
            let numbers: Vec<Arc<[f32]>> = numbers.chunks(numbers.len() / N_WORDS).map(Arc::from).collect();
            for n_tokens in [3, 50, 337] {
                let of_tokens: Vec<u32> =
                    (0..n_tokens as u32).map(|token| token * token % N_WORDS as u32).collect();
                let known = |tokens: Range<usize>| KnownWords {
                    numbers: &numbers,
                    of_tokens: &of_tokens[tokens],
                    width: WIDTH,
                };
                let whole = to_vec(encoder.forward_words(&known(0..n_tokens), &[n_tokens], &device));
                let parts = encoder.stretches().expect("no layer gives zeros");
                for size in [1, 2, 3, 4, 7, 16, 50, 129] {
                    for start in (0..n_tokens).step_by(size) {
                        let stretch = start..n_tokens.min(start + size);
                        let first = start.saturating_sub(parts.reach());
                        let seen = first..n_tokens.min(stretch.end + parts.reach());
                        let found =
                            to_vec(parts.forward_stretch(&known(seen), first, stretch.clone(), &device));
                        let expected = &whole[stretch.start * WIDTH..stretch.end * WIDTH];
                        assert!(found == expected, "{window_size} {depth} {n_tokens} {stretch:?}");
                    }
                }
            }
        }
    }
}
