use std::borrow::Cow;
use std::ops::Range;

use pulp::{Arch, Simd, WithSimd};

use super::filter::Filter;
use super::largest_pieces::{LargestPieces, patches_at_once};
use super::packed_maxout::PackedMaxout;
use super::window_rows::WindowRows;
use super::winograd;
use crate::host::aligned::Aligned;
use crate::host::blocks::for_each_block_with;
use crate::host::mask::Mask;
use crate::host::normalisation::normalise;

/// How many of some patches are worked on together: many, since each block reads all weights, but few enough for the
/// second cache; a multiple of those of a tile. Each of several threads gets `n_parts` blocks, if there are rows enough.
fn block_patches(filter: Filter, n_patches: usize, n_parts: usize) -> usize {
    let (n_rows, n_threads) = (n_patches * filter.n_outputs(), rayon::current_num_threads());
    let max_rows = match n_threads {
        1 => MAX_BLOCK_ROWS,
        _ => n_rows.div_ceil(n_parts * n_threads).clamp(MIN_BLOCK_ROWS, MAX_BLOCK_ROWS),
    };
    let n_blocks = n_rows.div_ceil(max_rows).next_multiple_of(n_threads);
    n_patches.div_ceil(n_blocks).next_multiple_of(patches_at_once())
}

const MIN_BLOCK_ROWS: usize = 24;
const MAX_BLOCK_ROWS: usize = 256;
/// In training a thread that is early can help another.
const PARTS_IN_TRAINING: usize = 3;
/// In prediction threads have batches of their own.
const PARTS_IN_PREDICTION: usize = 1;

/// One layer at work: its parameters, and the dropout mask of the moment.
#[derive(Clone, Debug)]
pub(crate) struct MaxoutWindowKernel<'a> {
    pub(crate) layer: &'a WindowRows,
    pub(crate) maxout: &'a PackedMaxout,
    /// `[outputs]`
    pub(crate) gain: &'a [f32],
    /// `[outputs]`
    pub(crate) shift: &'a [f32],
    /// `[rows, outputs]`
    pub(crate) mask: Option<Mask>,
}

/// What the backward pass needs to know of the forward pass.
#[derive(Debug)]
pub(crate) struct Saved {
    pub(crate) layer: WindowRows,
    /// Outputs, pieces, inputs.
    pub(crate) shape: [usize; 3],
    /// `[outputs]`
    pub(crate) gain: Vec<f32>,
    /// `[rows, outputs]`
    pub(crate) mask: Option<Mask>,
    /// The input between as many rows of zeros as the window has on one side.
    pub(crate) input: Aligned,
    /// The largest piece of each output, `[rows, outputs]`
    pub(crate) which: Vec<u8>,
    /// `[rows, outputs]`
    pub(crate) normalised: Vec<f32>,
    /// What the normalisation multiplied each row by.
    pub(crate) scale: Vec<f32>,
}

/// Output rows, and what is saved about them.
struct Rows<'a> {
    output: &'a mut [f32],
    saved: Option<SavedRows<'a>>,
}

struct SavedRows<'a> {
    which: &'a mut [u8],
    normalised: &'a mut [f32],
    scale: &'a mut [f32],
}

impl<'a> Rows<'a> {
    /// Takes the first rows away.
    fn take_first(&mut self, n_rows: usize, outputs: usize) -> Option<Rows<'a>> {
        let saved = match &mut self.saved {
            Some(saved) => Some(SavedRows {
                which: saved.which.split_off_mut(..n_rows * outputs)?,
                normalised: saved.normalised.split_off_mut(..n_rows * outputs)?,
                scale: saved.scale.split_off_mut(..n_rows)?,
            }),
            None => None,
        };
        Some(Rows { output: self.output.split_off_mut(..n_rows * outputs)?, saved })
    }
}

impl MaxoutWindowKernel<'_> {
    /// `[rows, width]` -> `[centres, outputs]`
    pub(crate) fn forward(&self, x: &[f32]) -> Vec<f32> {
        let mut output = vec![0.0; self.layer.n_centres(x.len() / self.width()) * self.maxout.outputs];
        self.run(x, Rows { output: &mut output, saved: None });
        output
    }

    /// The same, and what the backward pass needs to know.
    pub(crate) fn forward_saving(&self, x: &[f32]) -> (Vec<f32>, Saved) {
        let n_rows = self.layer.n_centres(x.len() / self.width());
        let outputs = self.maxout.outputs;
        let mut output = vec![0.0; n_rows * outputs];
        let mut saved = Saved {
            layer: self.layer.clone(),
            shape: self.maxout.shape(),
            gain: self.gain.to_vec(),
            mask: self.mask.clone(),
            input: Aligned::padded(x, self.layer.window * self.width()),
            which: vec![0; n_rows * outputs],
            normalised: vec![0.0; n_rows * outputs],
            scale: vec![0.0; n_rows],
        };
        let Saved { which, normalised, scale, .. } = &mut saved;
        self.run(x, Rows { output: &mut output, saved: Some(SavedRows { which, normalised, scale }) });
        (output, saved)
    }

    fn run(&self, x: &[f32], mut rows: Rows<'_>) {
        let patches = self.patches(x);
        let n_parts = if rows.saved.is_some() { PARTS_IN_TRAINING } else { PARTS_IN_PREDICTION };
        let n_of_block = block_patches(self.maxout.filter, patches.len(), n_parts);
        let blocks = patches.chunks(n_of_block).map_while(|patches| {
            let (first, last) = (patches.first()?, patches.last()?);
            Some((patches, rows.take_first(last.end - first.start, self.maxout.outputs)?))
        });
        for_each_block_with(blocks, |room, _, (patches, rows)| {
            let input = BlockInput { kernel: self, x, patches };
            Arch::new().dispatch(BlockForward { input, rows, room });
        });
    }

    /// The outputs that are worked out together.
    fn patches(&self, x: &[f32]) -> Vec<Range<usize>> {
        let n_outputs = self.maxout.filter.n_outputs();
        let runs = self.layer.runs(x.len() / self.width());
        if n_outputs == 1 {
            return runs.into_iter().flatten().map(|output| output..output + 1).collect();
        }
        // A window of zeros stands with others of its kind, for a patch shares its rounding errors, and normalisation
        // makes much of little.
        let is_zero: Vec<bool> =
            x.chunks_exact(self.width()).map(|row| row.iter().all(|&value| value == 0.0)).collect();
        let sees_zeros = |output: usize| {
            let centre = self.layer.centre(output);
            let window = centre.saturating_sub(self.layer.window)..centre + self.layer.window + 1;
            is_zero[window.start..window.end.min(is_zero.len())].iter().all(|&is_zero| is_zero)
        };
        let mut patches: Vec<Range<usize>> = Vec::with_capacity(is_zero.len() / n_outputs + 1);
        for run in runs {
            let mut kind = None;
            for output in run {
                let own_kind = Some(sees_zeros(output));
                match patches.last_mut() {
                    Some(patch) if kind == own_kind && patch.len() < n_outputs => patch.end += 1,
                    _ => patches.push(output..output + 1),
                }
                kind = own_kind;
            }
        }
        patches
    }

    /// Length of an input row.
    fn width(&self) -> usize {
        self.layer.width(self.maxout.inputs)
    }
}

struct BlockForward<'a, 'b> {
    input: BlockInput<'a>,
    rows: Rows<'b>,
    room: &'b mut Room,
}

/// What a block needs while it is worked on.
#[derive(Default)]
struct Room {
    inputs: Aligned,
    sums: Aligned,
}

/// What a block is made of.
#[derive(Clone, Copy)]
struct BlockInput<'a> {
    kernel: &'a MaxoutWindowKernel<'a>,
    /// All rows of the input.
    x: &'a [f32],
    /// The outputs of the block.
    patches: &'a [Range<usize>],
}

impl<'a> BlockInput<'a> {
    /// The windows of all patches, which have one output each: a part of the input between zeros, and where in it each
    /// of them starts.
    fn windows(&self) -> (Cow<'a, [f32]>, Vec<usize>) {
        let (layer, width) = (self.kernel.layer, self.kernel.width());
        let centres = self.patches.iter().map(|patch| layer.centre(patch.start));
        let (Some(first), Some(last)) = (centres.clone().next(), centres.clone().next_back()) else {
            return Default::default();
        };
        let starts = centres.map(|centre| (centre - first) * width).collect();
        let inside =
            first.saturating_sub(layer.window) * width..self.x.len().min((last + 1 + layer.window) * width);
        let n_before = layer.window.saturating_sub(first) * width;
        let n_seen = (last + 1 - first + 2 * layer.window) * width;
        if inside.len() == n_seen {
            return (Cow::Borrowed(&self.x[inside]), starts);
        }
        let mut seen = vec![0.0; n_seen];
        seen[n_before..][..inside.len()].copy_from_slice(&self.x[inside]);
        (Cow::Owned(seen), starts)
    }

    /// The rows that each patch sees. Those that only outputs beyond its end see are taken for zeros.
    fn seen_rows<'z>(&self, zeros: &'z [f32]) -> Vec<[&'z [f32]; winograd::PRODUCTS]>
    where
        'a: 'z,
    {
        let (layer, width) = (self.kernel.layer, self.kernel.width());
        let seen = |patch: &Range<usize>| {
            let first = layer.centre(patch.start);
            let mut rows = [zeros; winograd::PRODUCTS];
            for (place, seen) in rows.iter_mut().enumerate().take(patch.len() + 2 * layer.window) {
                let row = (first + place).checked_sub(layer.window);
                *seen = row.and_then(|row| self.x.get(row * width..(row + 1) * width)).unwrap_or(zeros);
            }
            rows
        };
        self.patches.iter().map(seen).collect()
    }
}

impl WithSimd for BlockForward<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let BlockForward { input, rows: Rows { output, mut saved }, room: Room { inputs, sums } } = self;
        let BlockInput { kernel, x, patches } = input;
        let MaxoutWindowKernel { layer, maxout, .. } = *kernel;
        let width = kernel.width();
        let (inputs, starts) = match maxout.filter {
            Filter::Direct => input.windows(),
            Filter::Winograd => {
                let zeros = vec![0.0; width];
                let inputs = inputs.room(winograd::PRODUCTS * patches.len() * width);
                winograd::write_inputs(simd, &input.seen_rows(&zeros), width, inputs);
                (Cow::Borrowed(&*inputs), (0..inputs.len()).step_by(width).collect())
            }
        };
        let which = saved.as_mut().map(|saved| &mut *saved.which);
        let pieces = LargestPieces { maxout, x: &inputs, starts: &starts, patches, largest: output, which };
        pieces.run(simd, sums);
        let first_row = patches.first().map_or(0, |patch| patch.start);
        for (index, row) in output.chunks_exact_mut(maxout.outputs).enumerate() {
            let scale = normalise(simd, row);
            if let Some(saved) = &mut saved {
                saved.normalised[index * row.len()..][..row.len()].copy_from_slice(row);
                saved.scale[index] = scale;
            }
            let places = row.iter_mut().zip(kernel.gain.iter().zip(kernel.shift));
            places.for_each(|(value, (gain, shift))| *value = *value * gain + shift);
            if let Some(mask) = &kernel.mask {
                let mask = mask.row(first_row + index);
                row.iter_mut().zip(mask).for_each(|(value, mask)| *value *= mask);
            }
            if layer.is_residual {
                let own = &x[layer.centre(first_row + index) * width..][..width];
                row.iter_mut().zip(own).for_each(|(value, own)| *value += own);
            }
        }
    }
}
