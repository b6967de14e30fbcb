use burn::module::Module;
use burn::tensor::Tensor;
use ner_cpython::murmur128;

use super::init::Init;
use super::rows::sums::RowSums;
use super::rows::table::Table;

/// A table of vectors in which every id, however many there are, owns the sum of four rows (Serrà and
/// Karatzoglou, "Getting deep recommenders fit", 2017).
#[derive(Module, Debug)]
pub struct HashEmbed {
    /// `[rows, width]`
    pub table: Table,
    /// Seed of the hash.
    #[module(skip)]
    pub seed: u32,
}

impl HashEmbed {
    /// A table drawn uniformly from ±0.1.
    pub fn init(width: usize, rows: usize, seed: u32, init: &mut Init<'_>) -> HashEmbed {
        HashEmbed { table: Table::new(init.uniform(0.1, [rows, width])), seed }
    }

    /// The vectors of ids, `[ids, width]`.
    pub fn forward(&self, ids: impl ExactSizeIterator<Item = u64>) -> Tensor<2> {
        let sources = ids.flat_map(|id| self.sources(id)).collect();
        self.table.sums(RowSums::new(sources, 4))
    }

    /// The rows that ids look up, ascending.
    pub fn rows(&self, ids: impl Iterator<Item = u64>) -> Vec<u32> {
        let mut rows: Vec<u32> = ids.flat_map(|id| self.sources(id)).collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }

    /// The four rows of an id.
    fn sources(&self, id: u64) -> [u32; 4] {
        let [rows, _] = self.table.weight.dims();
        self.keys(id).map(|key| (key as usize % rows) as u32)
    }

    /// The four keys of an id, from which its rows follow: MurmurHash3_x64_128 of its eight bytes, cut in
    /// four.
    pub fn keys(&self, id: u64) -> [u32; 4] {
        murmur128(&id.to_le_bytes(), self.seed)
    }
}
