//! One step of all parameters: their numbers are cut into blocks, and the blocks spread over threads.

use pulp::Arch;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::arithmetic::{NORM_BLOCK, Numbers, take};
use crate::gradient::Gradient;
use crate::optimizer::Memory;
use crate::rule::Step;
use crate::settings::Settings;

/// Numbers of a block: few enough for the first cache with all that is remembered of them.
const BLOCK: usize = NORM_BLOCK;

/// A parameter on its way.
pub(crate) struct Movement<'a> {
    pub(crate) memory: Memory,
    pub(crate) weights: &'a mut [f32],
    pub(crate) gradient: Gradient<'a>,
}

/// Moves the weights and sets the gradients to zero.
pub(crate) fn move_all(settings: &Settings, movements: &mut [Movement<'_>]) {
    let clip_factors = clip_factors(settings, movements);
    let blocks = movements.iter_mut().zip(clip_factors).flat_map(|(movement, clip)| {
        let part = 1.0 - average_decay(movement.memory.n_updates);
        let step = Step::new(settings, movement.memory.n_updates, clip);
        movement.blocks(settings, step, part)
    });
    for_each(blocks.collect(), |block| {
        Arch::new().dispatch(
            #[inline(always)]
            || block.step(),
        );
    });
}

/// What brings each gradient's norm down to the limit.
fn clip_factors(settings: &Settings, movements: &[Movement<'_>]) -> Vec<f32> {
    let limit = settings.grad_clip.value() as f32;
    let mut squares: Vec<Vec<f64>> =
        movements.iter().map(|movement| vec![0.0; movement.weights.len().div_ceil(NORM_BLOCK)]).collect();
    let blocks = movements.iter().zip(&mut squares).flat_map(|(movement, squares)| {
        let starts = (0..movement.weights.len()).step_by(BLOCK);
        starts.zip(squares.chunks_mut(BLOCK / NORM_BLOCK)).map(move |place| (movement, place))
    });
    for_each(blocks.collect(), |(movement, (start, squares))| {
        Arch::new().dispatch(
            #[inline(always)]
            || {
                for (start, square) in (start..movement.weights.len()).step_by(NORM_BLOCK).zip(squares) {
                    let end = movement.weights.len().min(start + NORM_BLOCK);
                    *square = f64::from(movement.gradient.squared_norm(start..end));
                }
            },
        );
    });
    squares.iter().map(|squares| clip_factor(squares, limit)).collect()
}

/// The factor for a gradient whose squares are given, block by block; a limit of 0 is none.
fn clip_factor(squares: &[f64], limit: f32) -> f32 {
    let norm = squares.iter().sum::<f64>().sqrt() as f32;
    if limit != 0.0 && norm >= limit { limit / norm } else { 1.0 }
}

/// How much of the average stays at update number `n_updates`: little at first, so that it follows the early changes.
fn average_decay(n_updates: u32) -> f32 {
    let n_updates = f64::from(n_updates);
    (((1.0 + n_updates) / (10.0 + n_updates)) as f32).min(0.9999)
}

impl Movement<'_> {
    fn blocks(&mut self, settings: &Settings, step: Step, part: f32) -> Vec<Block<'_>> {
        let keeps_moments = !matches!(step, Step::Gradient { .. });
        let [first, second, averages] = self.memory.numbers(keeps_moments, settings.use_averages);
        let mut numbers = Numbers { weights: &mut *self.weights, first, second, averages };
        let mut blocks = Vec::new();
        match &mut self.gradient {
            Gradient::All(values) => {
                for slopes in values.chunks_mut(BLOCK) {
                    let numbers = numbers.split_off(slopes.len());
                    blocks.push(Block { numbers, slopes: Slopes::All(slopes), step, part });
                }
            }
            Gradient::Rows { rows, values } => {
                let (mut rows, mut values) = (&**rows, &mut **values);
                let width = if rows.is_empty() { 1 } else { (values.len() / rows.len()).max(1) };
                let rows_per_block = (BLOCK / width).max(1);
                let mut first_row = 0;
                while !numbers.weights.is_empty() {
                    let end = first_row + rows_per_block;
                    let n_rows = rows.partition_point(|&row| (row as usize) < end);
                    let own;
                    (own, rows) = rows.split_at(n_rows);
                    let slopes = Slopes::Rows {
                        first_row,
                        rows: own,
                        width,
                        values: take(&mut values, n_rows * width),
                    };
                    let numbers = numbers.split_off(rows_per_block * width);
                    blocks.push(Block { numbers, slopes, step, part });
                    first_row = end;
                }
            }
        }
        blocks
    }
}

/// Some weights on their way.
struct Block<'a> {
    numbers: Numbers<'a>,
    slopes: Slopes<'a>,
    step: Step,
    /// How far the averages go towards the weights.
    part: f32,
}

/// The gradient of a block.
enum Slopes<'a> {
    All(&'a mut [f32]),
    Rows {
        /// The row that the block begins with.
        first_row: usize,
        rows: &'a [u32],
        width: usize,
        values: &'a mut [f32],
    },
}

impl Block<'_> {
    #[inline(always)]
    fn step(self) {
        let Block { mut numbers, slopes, step, part } = self;
        match slopes {
            Slopes::All(slopes) => step_by(step, &mut numbers, slopes, part),
            Slopes::Rows { first_row, rows, width, values } => {
                let mut next_row = first_row;
                for (&row, slopes) in rows.iter().zip(values.chunks_exact_mut(width)) {
                    let n_before = (row as usize - next_row) * width;
                    coast(step, &mut numbers.split_off(n_before), part);
                    step_by(step, &mut numbers.split_off(width), slopes, part);
                    next_row = row as usize + 1;
                }
                coast(step, &mut numbers, part);
            }
        }
    }
}

#[inline(always)]
fn step_by(step: Step, numbers: &mut Numbers<'_>, gradient: &mut [f32], part: f32) {
    match step {
        Step::Gradient { factors } => numbers.step_by_gradient(factors, gradient),
        Step::Momentum { factors, decays } => numbers.step(factors, decays, gradient, |first, _| first),
        Step::Adaptive { factors, decays, eps } => {
            numbers.step(factors, decays, gradient, |first, second| first / (second.sqrt() + eps));
        }
    }
    numbers.average(part);
}

/// A step where the gradient is zero.
#[inline(always)]
fn coast(step: Step, numbers: &mut Numbers<'_>, part: f32) {
    match step {
        Step::Gradient { factors } => numbers.shrink(factors),
        Step::Momentum { factors, decays } => numbers.coast(factors, decays, |first, _| first),
        Step::Adaptive { factors, decays, eps } => {
            numbers.coast(factors, decays, |first, second| first / (second.sqrt() + eps));
        }
    }
    numbers.average(part);
}

fn for_each<Block: Send>(blocks: Vec<Block>, work: impl Fn(Block) + Send + Sync) {
    if blocks.len() == 1 || rayon::current_num_threads() == 1 {
        blocks.into_iter().for_each(work);
    } else {
        blocks.into_par_iter().for_each(work);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_gradients_are_clipped_to_the_limit() {
        let squares = [9.0, 16.0];
        assert_eq!([0.0, 2.5, 5.0, 6.0].map(|limit| clip_factor(&squares, limit)), [1.0, 0.5, 1.0, 1.0]);
    }
}
