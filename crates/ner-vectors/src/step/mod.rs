//! A step: the words of a block learn side by side from the weights as they are, then all of their changes are made.
//!
//! Between threads that change the same rows as they like (Recht et al., 2011, as in word2vec and fastText), results differ
//! from run to run. Here no row is changed while any is read, and the changes of a row are added in the order of the text:
//! the bytes are the same on any number of threads, and no number is read in the middle of a change.

mod block;
mod local;
mod matrix;
mod pair;
mod piece;
mod registers;
mod weights;

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

pub(crate) use block::Block;
use local::LocalRows;
pub(crate) use matrix::Matrix;
use piece::Piece;
use registers::add_scaled;
pub(crate) use weights::{Loss, Weights};

use crate::Settings;
use crate::lexicon::Lexicon;

/// The changes of a block, piece by piece; kept from step to step for its memory.
#[derive(Debug, Default)]
pub(crate) struct Step {
    pieces: Vec<Piece>,
}

impl Step {
    /// Learns from a block.
    pub(crate) fn learn(
        &mut self,
        weights: &mut Weights,
        lexicon: &Lexicon,
        settings: &Settings,
        block: &Block,
        learn_rate: f32,
    ) -> Loss {
        let arch = Arch::new();
        let ranges = block.pieces();
        self.pieces.resize_with(ranges.len().max(self.pieces.len()), Piece::default);
        let pieces = &mut self.pieces[..ranges.len()];
        let read: &Weights = weights;
        pieces.par_iter_mut().zip(ranges).for_each(|(piece, range)| {
            arch.dispatch(piece::Learn { piece, weights: read, lexicon, settings, block, range, learn_rate });
        });
        let pieces = &*pieces;
        let Weights { input, output } = weights;
        let stride = input.stride;
        let mut tasks: Vec<Change<'_>> = Vec::new();
        for (matrix, of) in [(input, Piece::input as fn(&Piece) -> &LocalRows), (output, Piece::output)] {
            let shards = matrix.shards.iter_mut().zip(&mut matrix.touched).zip(0..);
            tasks.extend(shards.map(|((rows, touched), shard)| Change {
                rows,
                touched,
                shard,
                stride,
                of,
                pieces,
            }));
        }
        tasks.into_par_iter().for_each(|change| arch.dispatch(change));
        let mut loss = Loss::default();
        for piece in pieces {
            loss.sum += piece.loss.sum;
            loss.n_pairs += piece.loss.n_pairs;
        }
        loss
    }
}

/// The changes of a shard.
struct Change<'a> {
    rows: &'a mut [f32],
    touched: &'a mut [u8],
    shard: usize,
    stride: usize,
    of: fn(&Piece) -> &LocalRows,
    pieces: &'a [Piece],
}

impl WithSimd for Change<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Change { rows, touched, shard, stride, of, pieces } = self;
        let changes =
            || pieces.iter().map(&of).flat_map(|rows| rows.by_shard[shard].iter().map(move |at| (rows, *at)));
        changes().for_each(|(_, (place, _))| touched[place as usize] += 1);
        for (local, (place, slot)) in changes() {
            let row = &mut rows[place as usize * stride..][..stride];
            let share = 1.0 / f32::from(touched[place as usize]);
            add_scaled(simd, row, share, local.row(slot));
        }
        changes().for_each(|(_, (place, _))| touched[place as usize] = 0);
    }
}
