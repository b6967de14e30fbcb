use std::borrow::Cow;
use std::ops::Range;

use pulp::{Arch, Simd, WithSimd};

use super::packed_maxout::{PackedMaxout, largest_pieces};
use crate::aligned::Aligned;
use crate::blocks::for_each_block;
use crate::norm::normalise;
use crate::{Mask, MaxoutWindow};

/// How many of some rows are worked on together: a multiple of the rows of a tile, few enough for the first cache, and
/// of a small batch few enough for several threads.
fn block_rows(n_rows: usize) -> usize {
    if n_rows < 8 * 48 { 24 } else { 48 }
}

/// One layer at work: its parameters, and the dropout mask of the moment.
#[derive(Clone, Debug)]
pub(crate) struct MaxoutWindowKernel<'a> {
    pub(crate) layer: &'a MaxoutWindow,
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
    pub(crate) layer: MaxoutWindow,
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

/// A block of output rows, and what is saved about them.
struct Block<'a> {
    output: &'a mut [f32],
    saved: Option<SavedBlock<'a>>,
}

struct SavedBlock<'a> {
    which: &'a mut [u8],
    normalised: &'a mut [f32],
    scale: &'a mut [f32],
}

impl MaxoutWindowKernel<'_> {
    /// `[rows, width]` -> `[centres, outputs]`
    pub(crate) fn forward(&self, x: &[f32]) -> Vec<f32> {
        let outputs = self.maxout.outputs;
        let n_rows = self.layer.n_centres(x.len() / self.width());
        let mut output = vec![0.0; n_rows * outputs];
        let blocks = output.chunks_mut(block_rows(n_rows) * outputs);
        let blocks = blocks.map(|output| Block { output, saved: None });
        self.run(x, blocks);
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
        let block_rows = block_rows(n_rows);
        let which = saved.which.chunks_mut(block_rows * outputs);
        let normalised = saved.normalised.chunks_mut(block_rows * outputs);
        let rows = which.zip(normalised).zip(saved.scale.chunks_mut(block_rows));
        let rows = rows.map(|((which, normalised), scale)| SavedBlock { which, normalised, scale });
        let blocks = output.chunks_mut(block_rows * outputs).zip(rows);
        self.run(x, blocks.map(|(output, saved)| Block { output, saved: Some(saved) }));
        (output, saved)
    }

    fn run<'b>(&self, x: &[f32], blocks: impl Iterator<Item = Block<'b>>) {
        let block_rows = block_rows(self.layer.n_centres(x.len() / self.width()));
        for_each_block(blocks, |index, block| {
            let first_row = index * block_rows;
            let n_rows = block.output.len() / self.maxout.outputs;
            let first_centre = self.layer.centre(first_row);
            let input = self.seen_rows(x, first_centre..self.layer.centre(first_row + n_rows - 1) + 1);
            let start = |row| (self.layer.centre(row) - first_centre) * self.width();
            let starts: Vec<usize> = (first_row..first_row + n_rows).map(start).collect();
            let block = BlockForward { kernel: self, input: &input, first_row, starts: &starts, block };
            Arch::new().dispatch(block);
        });
    }

    /// The input of some rows and of their neighbours, which are zeros beyond the ends.
    fn seen_rows<'x>(&self, x: &'x [f32], rows: Range<usize>) -> Cow<'x, [f32]> {
        let (width, window) = (self.width(), self.layer.window);
        let inside = rows.start.saturating_sub(window) * width..x.len().min((rows.end + window) * width);
        let n_before = window.saturating_sub(rows.start) * width;
        let n_seen = (rows.len() + 2 * window) * width;
        if inside.len() == n_seen {
            return Cow::Borrowed(&x[inside]);
        }
        let mut seen = vec![0.0; n_seen];
        seen[n_before..][..inside.len()].copy_from_slice(&x[inside]);
        Cow::Owned(seen)
    }

    /// Length of an input row.
    fn width(&self) -> usize {
        self.layer.width(self.maxout.inputs)
    }
}

struct BlockForward<'a, 'b> {
    kernel: &'a MaxoutWindowKernel<'a>,
    /// The rows that the block sees.
    input: &'a [f32],
    first_row: usize,
    /// Where in the input the window of each row starts.
    starts: &'a [usize],
    block: Block<'b>,
}

impl WithSimd for BlockForward<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let BlockForward { kernel, input, first_row, starts, block: Block { output, mut saved } } = self;
        let MaxoutWindowKernel { layer, maxout, .. } = *kernel;
        let width = kernel.width();
        let which = saved.as_mut().map(|saved| &mut *saved.which);
        largest_pieces(simd, maxout, input, starts, output, which);
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
                let own = &input[starts[index] + layer.window * width..];
                row.iter_mut().zip(own).for_each(|(value, own)| *value += own);
            }
        }
    }
}
