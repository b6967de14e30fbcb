use std::ops::Range;

use pulp::{Simd, WithSimd};

use super::block::Block;
use super::local::LocalRows;
use super::pair::learn_pair;
use super::registers::add;
use super::weights::{Loss, Weights};
use crate::Settings;
use crate::draws::Draws;
use crate::lexicon::Lexicon;
use crate::text::END;

/// What the words of a piece change.
#[derive(Debug, Default)]
pub(super) struct Piece {
    pub(super) input: LocalRows,
    pub(super) output: LocalRows,
    pub(super) loss: Loss,
    /// For each word the slots of its output row and of those of the words drawn against it.
    targets: Vec<u32>,
    /// The slots of a word's input rows.
    slots: Vec<u32>,
    hidden: Vec<f32>,
    pair_ascent: Vec<f32>,
    ascent: Vec<f32>,
}

impl Piece {
    pub(super) fn input(&self) -> &LocalRows {
        &self.input
    }

    pub(super) fn output(&self) -> &LocalRows {
        &self.output
    }
}

/// Learns from a piece, word by word, on copies of the weights.
pub(super) struct Learn<'a> {
    pub(super) piece: &'a mut Piece,
    pub(super) weights: &'a Weights,
    pub(super) lexicon: &'a Lexicon,
    pub(super) settings: &'a Settings,
    pub(super) block: &'a Block,
    pub(super) range: Range<usize>,
    pub(super) learn_rate: f32,
}

impl WithSimd for Learn<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Learn { piece, weights, lexicon, settings, block, range, learn_rate } = self;
        let Piece { input, output, loss, targets, slots, hidden, pair_ascent, ascent } = piece;
        let stride = weights.input.stride;
        input.clear(stride);
        output.clear(stride);
        for vector in [&mut *hidden, &mut *pair_ascent, &mut *ascent] {
            vector.resize(stride, 0.0);
        }
        *loss = Loss::default();
        let [epoch, number] = block.place;
        let mut draws = Draws::new(settings.seed, [epoch, number, range.start as u64]);
        let n_targets = 1 + settings.negative;
        let first = range.start.saturating_sub(settings.window);
        let last = block.words.len().min(range.end + settings.window);
        targets.clear();
        for index in first..last {
            let word = block.words[index];
            targets.push(if word == END { END } else { output.slot(word, &weights.output) });
            let drawn = &block.negatives[index * settings.negative..][..settings.negative];
            for &other in drawn {
                targets.push(if word == END { END } else { output.slot(other, &weights.output) });
            }
        }
        for index in range {
            let word = block.words[index];
            if word == END {
                continue;
            }
            let window = 1 + draws.below(settings.window as u32) as usize;
            let rows = lexicon.rows(word);
            if rows.is_empty() {
                continue;
            }
            slots.clear();
            slots.extend(rows.iter().map(|&row| input.slot(row, &weights.input)));
            hidden.fill(0.0);
            ascent.fill(0.0);
            slots.iter().for_each(|&slot| add(simd, hidden, input.row(slot)));
            let share = 1.0 / slots.len() as f32;
            hidden.iter_mut().for_each(|value| *value *= share);
            for other in block.context(index, window) {
                let targets = &targets[(other - first) * n_targets..][..n_targets];
                pair_ascent.fill(0.0);
                loss.sum += f64::from(learn_pair(simd, hidden, output, targets, learn_rate, pair_ascent));
                loss.n_pairs += 1;
                add(simd, hidden, pair_ascent);
                add(simd, ascent, pair_ascent);
            }
            // fastText adds the whole gradient of the mean to each of its rows, not a share: with a share, words of many
            // parts would learn more slowly.
            slots.iter().for_each(|&slot| add(simd, input.row_mut(slot), ascent));
        }
        input.subtract(simd, &weights.input);
        output.subtract(simd, &weights.output);
    }
}
