//! One step of all parameters, and the steps that rows of tables owe: numbers are cut into blocks, and the blocks spread
//! over threads.

use std::ops::Range;

use pulp::Arch;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::arithmetic::{NORM_BLOCK, Numbers, squared_norm};
use crate::gradient::Gradient;
use crate::optimizer::Memory;
use crate::row_gradient::RowGradient;
use crate::rule::Step;
use crate::settings::Settings;

/// Numbers of a block: few enough for the first cache with all that is remembered of them.
const BLOCK: usize = NORM_BLOCK;

/// A parameter on its way.
pub(crate) struct Movement<'a> {
    pub(crate) memory: Memory,
    pub(crate) weights: &'a mut [f32],
    /// None where it is zero.
    pub(crate) gradient: Option<Gradient>,
}

/// Moves the weights.
pub(crate) fn move_all(settings: &Settings, movements: &mut [Movement<'_>]) {
    let clip_factors = clip_factors(settings, movements);
    let blocks = movements.iter_mut().zip(clip_factors).flat_map(|(movement, clip)| {
        let part = 1.0 - average_decay(movement.memory.n_updates);
        let step = Step::new(settings, movement.memory.n_updates, clip);
        movement.blocks(settings, step, part)
    });
    for_each(blocks.collect(), Block::run);
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
                    *square = f64::from(squared_norm_of(movement.gradient.as_ref(), start..end));
                }
            },
        );
    });
    squares.iter().map(|squares| clip_factor(squares, limit)).collect()
}

/// The sum of squares of a gradient's values for some weights, at most [`NORM_BLOCK`], added up in the same order whether
/// the gradient is one of rows or not.
#[inline(always)]
fn squared_norm_of(gradient: Option<&Gradient>, weights: Range<usize>) -> f32 {
    match gradient {
        None => 0.0,
        Some(Gradient::All(values)) => squared_norm(&values[weights]),
        Some(Gradient::Rows(RowGradient { shape: [_, width], rows, values })) => {
            let width = (*width).max(1);
            let first = rows.partition_point(|&row| (row as usize + 1) * width <= weights.start);
            let n_rows = rows[first..].partition_point(|&row| row as usize * width < weights.end);
            if n_rows == 0 {
                return 0.0;
            }
            let mut block = [0.0; NORM_BLOCK];
            let values = values[first * width..].chunks_exact(width);
            for (&row, values) in rows[first..first + n_rows].iter().zip(values) {
                let row = row as usize * width..(row as usize + 1) * width;
                let shared = row.start.max(weights.start)..row.end.min(weights.end);
                block[shared.start - weights.start..shared.end - weights.start]
                    .copy_from_slice(&values[shared.start - row.start..shared.end - row.start]);
            }
            squared_norm(&block[..weights.len()])
        }
    }
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
        let (mut numbers, debt) =
            self.memory.numbers(&mut *self.weights, keeps_moments, settings.use_averages);
        match (&self.gradient, debt) {
            (Some(Gradient::All(values)), _) => {
                let blocks = values.chunks(BLOCK).map(|slopes| {
                    let numbers = numbers.split_off(slopes.len());
                    Block::Move { numbers, slopes: Some(slopes), step, part }
                });
                blocks.collect()
            }
            (Some(Gradient::Rows(gradient)), Some(debt)) => {
                debt.moves.push(Move { step, part });
                debt.blocks(numbers, gradient.iter().map(|(row, slopes)| (row, Some(slopes))))
            }
            (None, Some(debt)) => {
                debt.moves.push(Move { step, part });
                Vec::new()
            }
            (_, None) => {
                let mut blocks = Vec::new();
                while !numbers.weights.is_empty() {
                    blocks.push(Block::Move { numbers: numbers.split_off(BLOCK), slopes: None, step, part });
                }
                blocks
            }
        }
    }
}

/// A step of a parameter, for rows without a gradient.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Move {
    step: Step,
    /// How far the averages go towards the weights.
    part: f32,
}

/// The moves that the rows of a table owe. Most of them have no gradient in most steps, and it would take longer to
/// read and to write them all than to compute where they move. So they move when somebody asks for them.
#[derive(Debug)]
pub(crate) struct Debt {
    /// Length of a row.
    pub(crate) width: usize,
    /// The moves since no row owed any, the oldest first.
    moves: Vec<Move>,
    /// How many of these each row has made.
    made: Vec<u32>,
}

impl Debt {
    /// None yet, of a table of this shape.
    pub(crate) fn new([n_rows, width]: [usize; 2]) -> Debt {
        Debt { width, moves: Vec::new(), made: vec![0; n_rows] }
    }

    pub(crate) fn n_rows(&self) -> usize {
        self.made.len()
    }

    /// Lets rows, in ascending order, make the moves that they owe.
    pub(crate) fn settle(&mut self, numbers: Numbers<'_>, rows: impl Iterator<Item = u32>) {
        if !self.moves.is_empty() {
            for_each(self.blocks(numbers, rows.map(|row| (row, None))), Block::run);
        }
    }

    /// Lets all rows do so.
    pub(crate) fn settle_all(&mut self, numbers: Numbers<'_>) {
        self.settle(numbers, 0..self.n_rows() as u32);
        self.moves.clear();
        self.made.fill(0);
    }

    fn blocks<'a>(
        &'a mut self,
        mut numbers: Numbers<'a>,
        rows: impl Iterator<Item = (u32, Option<&'a [f32]>)>,
    ) -> Vec<Block<'a>> {
        let Debt { width, moves, made } = self;
        let mut made = made.iter_mut();
        let mut next_row = 0;
        let mut rows = rows.map(|(row, slopes)| {
            let n_between = row as usize - next_row;
            next_row = row as usize + 1;
            numbers.split_off(n_between * *width);
            let made = made.nth(n_between).expect("the rows of a gradient are those of its table");
            Row { numbers: numbers.split_off(*width), made, slopes }
        });
        let rows_per_block = BLOCK.div_ceil((*width).max(1));
        let mut blocks = Vec::new();
        loop {
            let rows: Vec<Row<'_>> = rows.by_ref().take(rows_per_block).collect();
            if rows.is_empty() {
                return blocks;
            }
            blocks.push(Block::Rows { rows, moves });
        }
    }
}

/// Some weights on their way.
enum Block<'a> {
    /// One step, with a gradient or without.
    Move { numbers: Numbers<'a>, slopes: Option<&'a [f32]>, step: Step, part: f32 },
    /// All steps that rows of a table owe.
    Rows { rows: Vec<Row<'a>>, moves: &'a [Move] },
}

/// A row of a table on its way.
struct Row<'a> {
    numbers: Numbers<'a>,
    /// How many moves it has made.
    made: &'a mut u32,
    /// The gradient of the last move, if it has one.
    slopes: Option<&'a [f32]>,
}

impl Block<'_> {
    fn run(self) {
        Arch::new().dispatch(
            #[inline(always)]
            || match self {
                Block::Move { mut numbers, slopes, step, part } => match slopes {
                    Some(slopes) => step_by(step, &mut numbers, slopes, part),
                    None => coast(step, &mut numbers, part),
                },
                Block::Rows { rows, moves } => {
                    for row in rows {
                        row.go(moves);
                    }
                }
            },
        );
    }
}

impl Row<'_> {
    #[inline(always)]
    fn go(mut self, moves: &[Move]) {
        let mut owed = &moves[*self.made as usize..];
        let last = self.slopes.and_then(|slopes| Some((slopes, owed.split_off_last()?)));
        for &Move { step, part } in owed {
            coast(step, &mut self.numbers, part);
        }
        if let Some((slopes, &Move { step, part })) = last {
            step_by(step, &mut self.numbers, slopes, part);
        }
        *self.made = moves.len() as u32;
    }
}

#[inline(always)]
fn step_by(step: Step, numbers: &mut Numbers<'_>, gradient: &[f32], part: f32) {
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
    fn rows_have_the_norm_of_the_whole_to_the_bit() {
        for (width, n_rows) in [(96, 100), (7, 700), (5000, 3), (1, 5000)] {
            let rows: Vec<u32> = (0..n_rows).filter(|row| row % 7 == 1 || row % 31 < 3).collect();
            let values = (0..rows.len() * width).map(|i| (i % 13) as f32 / 7.0 - 0.8).collect();
            let some = RowGradient { shape: [n_rows as usize, width], rows, values };
            let (all, some) = (Gradient::All(some.to_dense()), Gradient::Rows(some));
            let n_weights = n_rows as usize * width;
            for start in (0..n_weights).step_by(NORM_BLOCK) {
                let block = start..n_weights.min(start + NORM_BLOCK);
                let norms = [&all, &some].map(|gradient| squared_norm_of(Some(gradient), block.clone()));
                assert_eq!(norms[0], norms[1], "{width}, {start}");
            }
        }
    }

    #[test]
    fn long_gradients_are_clipped_to_the_limit() {
        let squares = [9.0, 16.0];
        assert_eq!([0.0, 2.5, 5.0, 6.0].map(|limit| clip_factor(&squares, limit)), [1.0, 0.5, 1.0, 1.0]);
    }
}
