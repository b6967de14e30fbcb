use pulp::Arch;

use super::patches::{PARTS_IN_PREDICTION, PARTS_IN_TRAINING, block_patches, patches};
use super::window_block::{BlockForward, BlockInput, MaxoutWindowKernel, OutputRows, SavedRows};
use super::window_rows::WindowRows;
use crate::host::aligned::Aligned;
use crate::host::blocks::for_each_block_with;
use crate::host::mask::Mask;

/// The numbers of a forward pass that the backward pass needs.
#[derive(Debug)]
pub(crate) struct Saved {
    pub(crate) layer: WindowRows,
    /// Outputs, pieces, inputs.
    pub(crate) shape: [usize; 3],
    /// `[outputs]`
    pub(crate) gain: Vec<f32>,
    /// `[rows, outputs]`
    pub(crate) mask: Option<Mask>,
    /// The input between as many rows of zeros as the window has on one side, so that every window is a slice of it.
    pub(crate) input: Aligned,
    /// The index of the largest piece of each output, `[rows, outputs]`. In a byte, since the backward pass sorts rows by it.
    pub(crate) which: Vec<u8>,
    /// The rows after normalisation, before gain and shift, `[rows, outputs]`
    pub(crate) normalised: Vec<f32>,
    /// The factors of the normalisation, `[rows]`
    pub(crate) scale: Vec<f32>,
}

/// The output of a layer, `[rows, width]` -> `[centres, outputs]`.
pub(crate) fn forward(kernel: &MaxoutWindowKernel<'_>, x: &[f32]) -> Vec<f32> {
    let mut output = vec![0.0; kernel.layer.n_centres(x.len() / kernel.width()) * kernel.maxout.outputs];
    run(kernel, x, OutputRows { output: &mut output, saved: None });
    output
}

/// The same, with the numbers that the backward pass needs.
pub(crate) fn forward_saving(kernel: &MaxoutWindowKernel<'_>, x: &[f32]) -> (Vec<f32>, Saved) {
    let n_rows = kernel.layer.n_centres(x.len() / kernel.width());
    let outputs = kernel.maxout.outputs;
    let mut output = vec![0.0; n_rows * outputs];
    let mut saved = Saved {
        layer: kernel.layer.clone(),
        shape: kernel.maxout.shape(),
        gain: kernel.gain.to_vec(),
        mask: kernel.mask.clone(),
        input: Aligned::padded(x, kernel.layer.window * kernel.width()),
        which: vec![0; n_rows * outputs],
        normalised: vec![0.0; n_rows * outputs],
        scale: vec![0.0; n_rows],
    };
    let Saved { which, normalised, scale, .. } = &mut saved;
    run(kernel, x, OutputRows { output: &mut output, saved: Some(SavedRows { which, normalised, scale }) });
    (output, saved)
}

fn run(kernel: &MaxoutWindowKernel<'_>, x: &[f32], mut rows: OutputRows<'_>) {
    let MaxoutWindowKernel { layer, maxout, .. } = kernel;
    debug_assert!(maxout.inputs.is_multiple_of(2 * layer.window + 1), "a window has whole rows");
    debug_assert!(!layer.is_residual || kernel.width() == maxout.outputs, "rows of one length are added up");
    let patches = patches(layer, maxout.filter, x, kernel.width());
    let n_parts = if rows.saved.is_some() { PARTS_IN_TRAINING } else { PARTS_IN_PREDICTION };
    let n_of_block = block_patches(maxout.filter, patches.len(), n_parts);
    // Blocks follow each other and cover all rows, so that each takes its own off the front of the rest.
    let blocks = patches.chunks(n_of_block).map_while(|patches| {
        let (first, last) = (patches.first()?, patches.last()?);
        Some((patches, rows.take_first(last.end - first.start, maxout.outputs)?))
    });
    for_each_block_with(blocks, |scratch, _, (patches, rows)| {
        let input = BlockInput { kernel, x, patches };
        Arch::new().dispatch(BlockForward { input, rows, scratch });
    });
}
