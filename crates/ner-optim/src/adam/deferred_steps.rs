use serde::{Deserialize, Serialize};

use super::arithmetic::ParameterSlice;
use super::block::{BLOCK, Block, Row, for_each};
use super::step::Step;

/// Steps of a table that some of its rows have not made yet.
///
/// A batch looks up one row in ten of a hash table, or fewer; the others have no gradient, and move by momentum and
/// weight decay alone. Reading and writing all of them in each step would take longer than the arithmetic. So they wait,
/// and make the steps one after the other when the row is read next: the same operations in the same order, and so the
/// same bits as if they had not waited.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeferredSteps {
    width: usize,
    /// All steps since the table was last up to date, the oldest first.
    steps: Vec<Step>,
    /// How many of these each row has made.
    n_applied: Vec<u32>,
}

impl DeferredSteps {
    /// None yet, of a table of this shape.
    pub(crate) fn new([n_rows, width]: [usize; 2]) -> DeferredSteps {
        DeferredSteps { width, steps: Vec::new(), n_applied: vec![0; n_rows] }
    }

    /// Values in a row.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    pub(crate) fn n_rows(&self) -> usize {
        self.n_applied.len()
    }

    /// Whether they can be those of `n_weights` weights.
    pub(crate) fn fits(&self, n_weights: usize) -> bool {
        self.n_applied.len().checked_mul(self.width) == Some(n_weights)
            && self.n_applied.iter().all(|n_applied| *n_applied as usize <= self.steps.len())
    }

    /// Adds a step that every row has to make.
    pub(crate) fn push(&mut self, step: Step) {
        self.steps.push(step);
    }

    /// Applies to some rows, in ascending order, the steps that they have not made.
    pub(crate) fn apply(&mut self, slice: ParameterSlice<'_>, rows: impl Iterator<Item = u32>) {
        if !self.steps.is_empty() {
            for_each(self.blocks(slice, rows.map(|row| (row, None))), Block::run);
        }
    }

    /// Applies all steps to all rows.
    pub(crate) fn apply_all(&mut self, slice: ParameterSlice<'_>) {
        self.apply(slice, 0..self.n_rows() as u32);
        // The only place where the list of steps is emptied: training gets here at each evaluation at the latest.
        self.steps.clear();
        self.n_applied.fill(0);
    }

    /// Blocks of rows that make all their steps, the last one with the row's gradient if there is one.
    pub(crate) fn blocks<'a>(
        &'a mut self,
        mut slice: ParameterSlice<'a>,
        rows: impl Iterator<Item = (u32, Option<&'a [f32]>)>,
    ) -> Vec<Block<'a>> {
        let DeferredSteps { width, steps, n_applied } = self;
        let mut n_applied = n_applied.iter_mut();
        let mut next_row = 0;
        // Rows ascend, so that each can be split off the front of what is left, which proves to the compiler that no two
        // threads share a weight.
        let mut rows = rows.map(|(row, gradient)| {
            let n_between = row as usize - next_row;
            next_row = row as usize + 1;
            slice.split_off(n_between * *width);
            let n_applied = n_applied.nth(n_between).expect("rows were checked to be those of the table");
            Row { slice: slice.split_off(*width), n_applied, gradient }
        });
        // Whole rows, since a row has one count of the steps that it made.
        let rows_per_block = BLOCK.div_ceil((*width).max(1));
        let mut blocks = Vec::new();
        loop {
            let rows: Vec<Row<'_>> = rows.by_ref().take(rows_per_block).collect();
            if rows.is_empty() {
                return blocks;
            }
            blocks.push(Block::Rows { rows, steps });
        }
    }
}
