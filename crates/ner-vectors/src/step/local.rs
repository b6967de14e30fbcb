use hashbrown::HashMap;
use hashbrown::hash_map::Entry;

use pulp::Simd;

use super::Matrix;
use super::matrix::SHARDS;
use super::registers::add_scaled;

/// A piece's own copies of the rows that it reads and changes.
#[derive(Debug, Default)]
pub(super) struct LocalRows {
    slots: HashMap<u32, u32>,
    pub(super) values: Vec<f32>,
    /// Of each shard, the places of its rows that are here, and their slots.
    pub(super) by_shard: Vec<Vec<(u32, u32)>>,
    stride: usize,
}

impl LocalRows {
    /// Forgets all rows; those to come have `stride` numbers.
    pub(super) fn clear(&mut self, stride: usize) {
        self.slots.clear();
        self.values.clear();
        self.by_shard.resize_with(SHARDS, Vec::new);
        self.by_shard.iter_mut().for_each(Vec::clear);
        self.stride = stride;
    }

    /// The slot of a row, which is copied when it is asked for first.
    #[inline(always)]
    pub(super) fn slot(&mut self, row: u32, matrix: &Matrix) -> u32 {
        match self.slots.entry(row) {
            Entry::Occupied(entry) => *entry.get(),
            Entry::Vacant(entry) => {
                let slot = (self.values.len() / self.stride) as u32;
                self.values.extend_from_slice(matrix.row(row));
                let (shard, place) = Matrix::place(row);
                self.by_shard[shard].push((place, slot));
                *entry.insert(slot)
            }
        }
    }

    #[inline(always)]
    pub(super) fn row(&self, slot: u32) -> &[f32] {
        &self.values[slot as usize * self.stride..][..self.stride]
    }

    #[inline(always)]
    pub(super) fn row_mut(&mut self, slot: u32) -> &mut [f32] {
        &mut self.values[slot as usize * self.stride..][..self.stride]
    }

    /// Takes from each row what it was: what is left is its change.
    #[inline(always)]
    pub(super) fn subtract<S: Simd>(&mut self, simd: S, matrix: &Matrix) {
        for (shard, rows) in self.by_shard.iter().enumerate() {
            for &(place, slot) in rows {
                let before = matrix.at(shard, place);
                add_scaled(
                    simd,
                    &mut self.values[slot as usize * self.stride..][..self.stride],
                    -1.0,
                    before,
                );
            }
        }
    }
}
