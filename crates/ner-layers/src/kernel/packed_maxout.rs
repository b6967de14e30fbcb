use pulp::{Arch, Simd, WithSimd};

use super::filter::Filter;
use super::winograd;
use crate::host::aligned::{Aligned, n_lanes};
use crate::host::blocks::for_each_block;

/// Pieces whose sums are held in registers together.
pub(crate) const PIECES_AT_ONCE: usize = 3;

/// The weights of a maxout layer, laid out in the order in which the kernel reads them, see
/// [`LargestPieces`](super::largest_pieces::LargestPieces).
#[derive(Debug)]
pub(crate) struct PackedMaxout {
    pub(crate) filter: Filter,
    n_lanes: usize,
    pub(crate) outputs: usize,
    pub(crate) pieces: usize,
    pub(crate) inputs: usize,
    /// `[outputs in panels of one register, groups of pieces, products, inputs of a product, pieces of the group, outputs
    /// of the panel]`
    pub(crate) weight: Aligned,
    /// `[outputs in panels of one register, pieces, outputs of the panel]`
    pub(crate) bias: Aligned,
}

impl PackedMaxout {
    /// A layer of zeros; `shape` is outputs, pieces, inputs.
    pub(crate) fn zeros(filter: Filter, shape: [usize; 3]) -> PackedMaxout {
        PackedMaxout::for_lanes(n_lanes(), filter, shape)
    }

    /// The same for registers of any width.
    pub(crate) fn for_lanes(
        n_lanes: usize,
        filter: Filter,
        [outputs, pieces, inputs]: [usize; 3],
    ) -> PackedMaxout {
        let n_panels = outputs.div_ceil(n_lanes);
        let n_weights = filter.n_products() * inputs / filter.window();
        PackedMaxout {
            filter,
            n_lanes,
            outputs,
            pieces,
            inputs,
            weight: Aligned::zeros(n_panels * pieces * n_weights * n_lanes),
            bias: Aligned::zeros(n_panels * pieces * n_lanes),
        }
    }

    /// Outputs, pieces, inputs.
    pub(crate) fn shape(&self) -> [usize; 3] {
        [self.outputs, self.pieces, self.inputs]
    }

    /// Inputs of one product.
    pub(crate) fn inputs_of_product(&self) -> usize {
        self.inputs / self.filter.window()
    }

    /// Takes in all weights, `[outputs, pieces, inputs]`, and biases, `[outputs, pieces]`.
    pub(crate) fn pack(&mut self, weight: &[f32], bias: &[f32]) {
        let &mut PackedMaxout { filter, n_lanes, pieces, inputs, .. } = self;
        for (index, &bias) in bias.iter().enumerate() {
            let (output, piece) = (index / pieces, index % pieces);
            self.bias[(output / n_lanes * pieces + piece) * n_lanes + output % n_lanes] = bias;
        }
        let (width, n_panels) = (self.inputs_of_product(), self.outputs.div_ceil(n_lanes));
        let panel_len = self.weight.len() / n_panels;
        let panels = self.weight.chunks_exact_mut(panel_len).zip(weight.chunks(n_lanes * pieces * inputs));
        for_each_block(panels, |_, (panel, weight)| {
            Arch::new().dispatch(PackPanel { filter, n_lanes, pieces, width, weight, panel });
        });
    }
}

/// Lays out the weights of one panel.
struct PackPanel<'a> {
    filter: Filter,
    n_lanes: usize,
    pieces: usize,
    /// Inputs of a product.
    width: usize,
    /// Those of the panel's outputs, which may be fewer than a register has room for, `[outputs, pieces, inputs]`.
    weight: &'a [f32],
    panel: &'a mut [f32],
}

impl WithSimd for PackPanel<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        match self.n_lanes {
            16 => self.pack::<16>(),
            8 => self.pack::<8>(),
            4 => self.pack::<4>(),
            _ => self.pack::<1>(),
        }
    }
}

impl PackPanel<'_> {
    #[inline(always)]
    fn pack<const LANES: usize>(self) {
        match self.filter {
            Filter::Direct => self.pack_products::<LANES, 1, 1>(&[[1.0]]),
            Filter::Winograd => self.pack_products::<LANES, _, _>(&winograd::FACTORS),
        }
    }

    /// `factors` tells how the weights of each row of a window go into each product.
    #[inline(always)]
    fn pack_products<const LANES: usize, const WINDOW: usize, const PRODUCTS: usize>(
        self,
        factors: &[[f32; WINDOW]; PRODUCTS],
    ) {
        let PackPanel { pieces, width, weight, panel, .. } = self;
        for (index, piece) in (0..pieces).map(|piece| (piece % PIECES_AT_ONCE, piece)) {
            let n_together = PIECES_AT_ONCE.min(pieces - (piece - index));
            let first_place = (piece - index) * PRODUCTS * width * LANES + index * LANES;
            for first in (0..width).step_by(LANES) {
                let mut blocks = [[[0.0; LANES]; LANES]; WINDOW];
                for (place, block) in blocks.iter_mut().enumerate() {
                    let mut rows = [[0.0; LANES]; LANES];
                    for (lane, values) in rows.iter_mut().enumerate() {
                        let start = ((lane * pieces + piece) * WINDOW + place) * width;
                        let row = weight.get(start + first..start + width).unwrap_or_default();
                        match row.first_chunk() {
                            Some(full) => *values = *full,
                            None => values[..row.len()].copy_from_slice(row),
                        }
                    }
                    *block = transposed(rows);
                }
                for input in 0..LANES.min(width - first) {
                    for (product, factors) in factors.iter().enumerate() {
                        let mut values = [0.0; LANES];
                        for (block, factor) in blocks.iter().zip(factors) {
                            for (value, weight) in values.iter_mut().zip(&block[input]) {
                                *value += factor * weight;
                            }
                        }
                        let place = first_place + (product * width + first + input) * n_together * LANES;
                        panel[place..place + LANES].copy_from_slice(&values);
                    }
                }
            }
        }
    }
}

#[inline(always)]
fn transposed<const N: usize>(rows: [[f32; N]; N]) -> [[f32; N]; N] {
    let mut columns = [[0.0; N]; N];
    for row in 0..N {
        for column in 0..N {
            columns[column][row] = rows[row][column];
        }
    }
    columns
}
