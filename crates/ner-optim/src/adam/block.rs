//! Weights in blocks, which are spread over threads.

use pulp::Arch;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::arithmetic::ParameterSlice;
use super::step::Step;

/// Weights of a block. 2048 of them with gradient and both moments are 32 KB (40 with averages), about what a first cache
/// holds; blocks for the second cache, four times as large, were tried first.
pub(crate) const BLOCK: usize = 2048;

/// Some weights and the steps that they make. Each weight depends on no other, so neither the blocks' borders nor the
/// order in which they run change a result.
pub(crate) enum Block<'a> {
    /// One step, with a gradient or without.
    Weights { slice: ParameterSlice<'a>, gradient: Option<&'a [f32]>, step: Step },
    /// All steps that rows of a table have not made.
    Rows { rows: Vec<Row<'a>>, steps: &'a [Step] },
}

/// A row of a table that is brought up to date.
pub(crate) struct Row<'a> {
    pub(crate) slice: ParameterSlice<'a>,
    /// How many of the table's steps it has made.
    pub(crate) n_applied: &'a mut u32,
    /// The gradient of the last step, if it has one.
    pub(crate) gradient: Option<&'a [f32]>,
}

impl Block<'_> {
    /// Makes the steps.
    pub(crate) fn run(self) {
        // Once a block: the registers' width is chosen when the program runs, and loops are compiled for each.
        Arch::new().dispatch(
            #[inline(always)]
            || match self {
                Block::Weights { mut slice, gradient, step } => match gradient {
                    Some(gradient) => step.apply(&mut slice, gradient),
                    None => step.apply_without_gradient(&mut slice),
                },
                Block::Rows { rows, steps } => {
                    for row in rows {
                        row.catch_up(steps);
                    }
                }
            },
        );
    }
}

impl Row<'_> {
    /// Makes those of the table's steps that it has not made.
    #[inline(always)]
    fn catch_up(mut self, steps: &[Step]) {
        // All steps of one row before the next row: its numbers stay in the first cache, however many steps it missed.
        let mut missed = &steps[*self.n_applied as usize..];
        // Rows are brought up to date before a batch reads them, so that only the step of this batch has a gradient.
        let last = self.gradient.and_then(|gradient| Some((gradient, missed.split_off_last()?)));
        for &step in missed {
            step.apply_without_gradient(&mut self.slice);
        }
        if let Some((gradient, &step)) = last {
            step.apply(&mut self.slice, gradient);
        }
        *self.n_applied = steps.len() as u32;
    }
}

/// Does `work` on each block, on all threads of rayon's pool.
pub(crate) fn for_each<Block: Send>(blocks: Vec<Block>, work: impl Fn(Block) + Send + Sync) {
    // With nothing to share out, a visit to the pool would only cost its time.
    if blocks.len() == 1 || rayon::current_num_threads() == 1 {
        blocks.into_iter().for_each(work);
    } else {
        blocks.into_par_iter().for_each(work);
    }
}
