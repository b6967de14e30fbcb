use rayon::prelude::*;

use crate::draws::Draws;

/// Rows of weights, dealt out to shards by turns. In a step each shard is changed by one thread, which needs no lock and
/// leaves the same sums on any number of threads.
#[derive(Clone, Debug)]
pub(crate) struct Matrix {
    pub(crate) shards: Vec<Vec<f32>>,
    /// Numbers of a row, with zeros behind the `dim` that are used.
    pub(crate) stride: usize,
    pub(crate) n_rows: usize,
    pub(super) touched: Vec<Vec<u8>>,
}

/// Shards of a matrix: enough to keep 16 threads busy whose rows are not equally often changed.
pub(crate) const SHARDS: usize = 32;

/// A row fills registers of AVX-512 without a rest. Numbers behind `dim` are zeros and stay so.
const LANES: usize = 16;

impl Matrix {
    pub(crate) fn zeros(n_rows: usize, dim: usize) -> Matrix {
        let stride = dim.next_multiple_of(LANES);
        let shard = |index| vec![0.0; (n_rows + SHARDS - 1 - index) / SHARDS * stride];
        Matrix {
            shards: (0..SHARDS).map(shard).collect(),
            stride,
            n_rows,
            touched: (0..SHARDS).map(|index| vec![0; (n_rows + SHARDS - 1 - index) / SHARDS]).collect(),
        }
    }

    /// Numbers of [-1 / dim, 1 / dim), as fastText begins.
    pub(crate) fn random(n_rows: usize, dim: usize, seed: u64) -> Matrix {
        let mut matrix = Matrix::zeros(n_rows, dim);
        let stride = matrix.stride;
        matrix.shards.par_iter_mut().enumerate().for_each(|(index, shard)| {
            let mut draws = Draws::new(seed, [u64::MAX, 0, index as u64]);
            for row in shard.chunks_exact_mut(stride) {
                row[..dim].fill_with(|| draws.signed_unit() / dim as f32);
            }
        });
        matrix
    }

    /// The shard that a row is in, and its place there.
    #[inline(always)]
    pub(crate) fn place(row: u32) -> (usize, u32) {
        (row as usize % SHARDS, row / SHARDS as u32)
    }

    #[inline(always)]
    pub(crate) fn row(&self, row: u32) -> &[f32] {
        let (shard, place) = Matrix::place(row);
        self.at(shard, place)
    }

    #[inline(always)]
    pub(super) fn at(&self, shard: usize, place: u32) -> &[f32] {
        &self.shards[shard][place as usize * self.stride..][..self.stride]
    }
}
