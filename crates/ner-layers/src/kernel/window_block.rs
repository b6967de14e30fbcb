use std::borrow::Cow;
use std::ops::Range;

use pulp::{Simd, WithSimd};

use super::filter::Filter;
use super::largest_pieces::LargestPieces;
use super::packed_maxout::PackedMaxout;
use super::window_rows::WindowRows;
use super::winograd;
use crate::host::aligned::Aligned;
use crate::host::mask::Mask;
use crate::host::normalisation::normalise;

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

impl MaxoutWindowKernel<'_> {
    /// Length of an input row.
    pub(super) fn width(&self) -> usize {
        self.layer.width(self.maxout.inputs)
    }
}

/// Some rows of the output.
pub(super) struct OutputRows<'a> {
    /// `[rows, outputs]`
    pub(super) output: &'a mut [f32],
    /// In training alone.
    pub(super) saved: Option<SavedRows<'a>>,
}

/// The numbers of some rows that the backward pass needs, see [`Saved`](super::window_forward::Saved).
pub(super) struct SavedRows<'a> {
    pub(super) which: &'a mut [u8],
    pub(super) normalised: &'a mut [f32],
    pub(super) scale: &'a mut [f32],
}

impl<'a> OutputRows<'a> {
    /// Splits the first rows off.
    pub(super) fn take_first(&mut self, n_rows: usize, outputs: usize) -> Option<OutputRows<'a>> {
        let saved = match &mut self.saved {
            Some(saved) => Some(SavedRows {
                which: saved.which.split_off_mut(..n_rows * outputs)?,
                normalised: saved.normalised.split_off_mut(..n_rows * outputs)?,
                scale: saved.scale.split_off_mut(..n_rows)?,
            }),
            None => None,
        };
        Some(OutputRows { output: self.output.split_off_mut(..n_rows * outputs)?, saved })
    }
}

/// The forward pass of one block, all the way from the windows to the output: what one step leaves is still in the cache
/// for the next.
pub(super) struct BlockForward<'a, 'b> {
    pub(super) input: BlockInput<'a>,
    pub(super) rows: OutputRows<'b>,
    pub(super) scratch: &'b mut Scratch,
}

/// Memory that the blocks of a thread use one after the other.
#[derive(Default)]
pub(super) struct Scratch {
    /// `[products, patches, width]`
    inputs: Aligned,
    /// `[products, patches, pieces]` of the outputs of a panel.
    sums: Aligned,
}

/// The input of a block.
#[derive(Clone, Copy)]
pub(super) struct BlockInput<'a> {
    pub(super) kernel: &'a MaxoutWindowKernel<'a>,
    /// All rows of the layer's input, `[rows, width]`
    pub(super) x: &'a [f32],
    /// The output rows of the block.
    pub(super) patches: &'a [Range<usize>],
}

impl<'a> BlockInput<'a> {
    /// The windows of all patches, which have one output each: a part of the input, with zeros where it begins or ends, and
    /// where in it each window starts. Rows lie one behind the other, so that a window is a slice and needs no copy.
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
        // All blocks but the first and the last look at nothing but input.
        if inside.len() == n_seen {
            return (Cow::Borrowed(&self.x[inside]), starts);
        }
        let mut seen = vec![0.0; n_seen];
        seen[n_before..][..inside.len()].copy_from_slice(&self.x[inside]);
        (Cow::Owned(seen), starts)
    }

    /// The rows that each patch sees. Those that only outputs beyond its end would see are taken for zeros: with the rows
    /// of another document there, its numbers would show in the rounding.
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
        let BlockForward { input, rows: OutputRows { output, mut saved }, scratch: Scratch { inputs, sums } } =
            self;
        let BlockInput { kernel, x, patches } = input;
        let MaxoutWindowKernel { layer, maxout, .. } = *kernel;
        let width = kernel.width();
        let (inputs, starts) = match maxout.filter {
            Filter::Direct => input.windows(),
            // Each product's inputs are written one behind the other.
            Filter::Winograd => {
                let zeros = vec![0.0; width];
                let inputs = inputs.resized(winograd::PRODUCTS * patches.len() * width);
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
            // Saved here, before gain and shift: the gradients of both, and of the normalisation, need these numbers.
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
