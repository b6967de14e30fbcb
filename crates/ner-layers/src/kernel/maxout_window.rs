use pulp::{Arch, Simd, WithSimd};

use super::aligned::Aligned;
use super::blocks::for_each_block;
use super::norm::normalise;
use super::packed_maxout::{PackedMaxout, largest_pieces};
use crate::{Mask, MaxoutWindow};

/// Rows that are worked on together: a multiple of the rows of a tile, few enough for the first cache.
const BLOCK_ROWS: usize = 48;

/// One layer at work: its parameters, and the dropout mask of the moment.
#[derive(Clone, Debug)]
pub(crate) struct MaxoutWindowKernel<'a> {
    pub(crate) layer: MaxoutWindow,
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
    /// `[rows, width]` -> `[rows, outputs]`
    pub(crate) fn forward(&self, x: &[f32]) -> Vec<f32> {
        let outputs = self.maxout.outputs;
        let mut output = vec![0.0; x.len() / self.width() * outputs];
        let blocks = output.chunks_mut(BLOCK_ROWS * outputs).map(|output| Block { output, saved: None });
        self.run(&self.padded(x), blocks);
        output
    }

    /// The same, and what the backward pass needs to know.
    pub(crate) fn forward_saving(&self, x: &[f32]) -> (Vec<f32>, Saved) {
        let n_rows = x.len() / self.width();
        let outputs = self.maxout.outputs;
        let mut output = vec![0.0; n_rows * outputs];
        let mut saved = Saved {
            layer: self.layer,
            shape: self.maxout.shape(),
            gain: self.gain.to_vec(),
            mask: self.mask.clone(),
            input: self.padded(x),
            which: vec![0; n_rows * outputs],
            normalised: vec![0.0; n_rows * outputs],
            scale: vec![0.0; n_rows],
        };
        let which = saved.which.chunks_mut(BLOCK_ROWS * outputs);
        let normalised = saved.normalised.chunks_mut(BLOCK_ROWS * outputs);
        let rows = which.zip(normalised).zip(saved.scale.chunks_mut(BLOCK_ROWS));
        let rows = rows.map(|((which, normalised), scale)| SavedBlock { which, normalised, scale });
        let blocks = output.chunks_mut(BLOCK_ROWS * outputs).zip(rows);
        self.run(&saved.input, blocks.map(|(output, saved)| Block { output, saved: Some(saved) }));
        (output, saved)
    }

    fn run<'b>(&self, input: &[f32], blocks: impl Iterator<Item = Block<'b>>) {
        for_each_block(blocks, |index, block| {
            let first_row = index * BLOCK_ROWS;
            Arch::new().dispatch(BlockForward { kernel: self, input, first_row, block });
        });
    }

    /// Length of an input row.
    fn width(&self) -> usize {
        self.layer.width(self.maxout.inputs)
    }

    fn padded(&self, x: &[f32]) -> Aligned {
        Aligned::padded(x, self.layer.window * self.width())
    }
}

struct BlockForward<'a, 'b> {
    kernel: &'a MaxoutWindowKernel<'a>,
    /// Padded: the window of row `r` starts at row `r`.
    input: &'a [f32],
    first_row: usize,
    block: Block<'b>,
}

impl WithSimd for BlockForward<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let BlockForward { kernel, input, first_row, block: Block { output, mut saved } } = self;
        let MaxoutWindowKernel { layer, maxout, .. } = *kernel;
        let width = kernel.width();
        let which = saved.as_mut().map(|saved| &mut *saved.which);
        largest_pieces(simd, maxout, &input[first_row * width..], width, output, which);
        for (index, row) in output.chunks_exact_mut(maxout.outputs).enumerate() {
            let scale = normalise(simd, row);
            if let Some(saved) = &mut saved {
                saved.normalised[index * row.len()..][..row.len()].copy_from_slice(row);
                saved.scale[index] = scale;
            }
            let places = row.iter_mut().zip(kernel.gain.iter().zip(kernel.shift));
            places.for_each(|(value, (gain, shift))| *value = *value * gain + shift);
            let place = (first_row + index) * row.len();
            if let Some(mask) = &kernel.mask {
                row.iter_mut().zip(&mask.factors[place..]).for_each(|(value, mask)| *value *= mask);
            }
            if layer.is_residual {
                let own = &input[place + layer.window * width..];
                row.iter_mut().zip(own).for_each(|(value, own)| *value += own);
            }
        }
    }
}
