use pulp::{Arch, Simd, WithSimd};

use super::filter::Filter;
use super::winograd;
use crate::host::aligned::Aligned;
use crate::host::blocks::for_each_block;
use crate::host::registers::n_lanes;

/// Pieces of a group: those whose sums are held in registers together. spaCy's architectures have three pieces, so that
/// one group is all.
pub(crate) const PIECES_AT_ONCE: usize = 3;

/// The weights of a maxout layer, laid out in the order in which the kernel reads them, see
/// [`LargestPieces`](super::largest_pieces::LargestPieces).
///
/// Outputs are cut into panels that fill one register, `o0 o1 ..`; the lanes behind the last output are zeros. Inside of a
/// panel, groups of up to three pieces follow each other, inside of a group the products of the filter, and inside of a
/// product its inputs. Each input has one register for every piece of the group:
///
/// ```text
/// panel 0 ┬ group 0 ┬ product 0 ┬ input 0   [piece 0: o0 o1 o2 o3] [piece 1: o0 o1 o2 o3] [piece 2: o0 o1 o2 o3]
///         │         │           ├ input 1   [piece 0: o0 o1 o2 o3] [piece 1: o0 o1 o2 o3] [piece 2: o0 o1 o2 o3]
///         │         │           └ ..
///         │         ├ product 1 ─ ..
///         │         └ ..
///         ├ group 1 ┬ product 0 ┬ input 0   [piece 3: o0 o1 o2 o3]
///         │         │           └ ..
///         │         └ ..
/// panel 1 ─ ..                              [piece 0: o4 o5  0  0] ..
/// ```
///
/// So a tile of rows reads its weights from the first to the last without a jump.
#[derive(Debug)]
pub(crate) struct PackedMaxout {
    pub(crate) filter: Filter,
    /// Numbers of a register.
    pub(crate) n_lanes: usize,
    pub(crate) outputs: usize,
    pub(crate) pieces: usize,
    /// Numbers of a window.
    pub(crate) inputs: usize,
    /// `[panels, groups, products, inputs of a product, pieces of the group, outputs of the panel]`
    pub(crate) weight: Aligned,
    /// `[panels, pieces, outputs of the panel]`
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
        debug_assert!(inputs.is_multiple_of(filter.window()), "a window has whole rows");
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
            let (panel, lane) = (output / n_lanes, output % n_lanes);
            self.bias[(panel * pieces + piece) * n_lanes + lane] = bias;
        }
        let (width, n_panels) = (self.inputs_of_product(), self.outputs.div_ceil(n_lanes));
        let panel_len = self.weight.len() / n_panels;
        // The outputs of a panel follow each other in `weight`, so that panels are independent pieces of work.
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
    /// The weights of the panel's outputs, which may be fewer than a register has lanes, `[outputs, pieces, inputs]`.
    weight: &'a [f32],
    /// `[groups, products, inputs of a product, pieces of the group, outputs]`
    panel: &'a mut [f32],
}

impl WithSimd for PackPanel<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        // The width is that of the layer, not of `S`: tests pack for other machines' registers too.
        match self.n_lanes {
            16 => self.pack::<16>(),
            8 => self.pack::<8>(),
            4 => self.pack::<4>(),
            1 => self.pack::<1>(),
            n_lanes => unreachable!("pulp has no registers of {n_lanes} numbers"),
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

    /// `factors[product][place]` is the factor of a window's row in a product.
    ///
    /// The weights of an output lie one behind the other, and those of an input have to. So they are read in squares of
    /// `LANES` outputs and inputs, which are transposed in registers: full registers are read, and full ones written.
    #[inline(always)]
    fn pack_products<const LANES: usize, const WINDOW: usize, const PRODUCTS: usize>(
        self,
        factors: &[[f32; WINDOW]; PRODUCTS],
    ) {
        let PackPanel { pieces, width, weight, panel, .. } = self;
        // One function: with the squares and sums in functions of their own, packing took a sixth longer.
        for (in_group, piece) in (0..pieces).map(|piece| (piece % PIECES_AT_ONCE, piece)) {
            let first_of_group = piece - in_group;
            let n_together = PIECES_AT_ONCE.min(pieces - first_of_group);
            // Behind all products of the pieces of the groups before, and the pieces before in the first input's registers.
            let first_place = first_of_group * PRODUCTS * width * LANES + in_group * LANES;
            for first in (0..width).step_by(LANES) {
                let mut squares = [[[0.0; LANES]; LANES]; WINDOW];
                for (place, square) in squares.iter_mut().enumerate() {
                    let mut rows = [[0.0; LANES]; LANES];
                    for (lane, values) in rows.iter_mut().enumerate() {
                        // `weight` is [outputs, pieces, WINDOW, width]. Lanes behind the last output stay zeros.
                        let start = ((lane * pieces + piece) * WINDOW + place) * width;
                        let row = weight.get(start + first..start + width).unwrap_or_default();
                        match row.first_chunk() {
                            // Of known length: one load. The copy of a part is a call.
                            Some(full) => *values = *full,
                            None => values[..row.len()].copy_from_slice(row),
                        }
                    }
                    *square = transposed(rows);
                }
                for input in 0..LANES.min(width - first) {
                    for (product, factors) in factors.iter().enumerate() {
                        let mut values = [0.0; LANES];
                        for (square, factor) in squares.iter().zip(factors) {
                            for (value, weight) in values.iter_mut().zip(&square[input]) {
                                *value += factor * weight;
                            }
                        }
                        // Each input of a product has `n_together` registers.
                        let place = first_place + (product * width + first + input) * n_together * LANES;
                        panel[place..place + LANES].copy_from_slice(&values);
                    }
                }
            }
        }
    }
}

/// Columns as rows. With a constant size the compiler makes shuffles of registers of it.
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A weight that shows where it stands.
    fn weight(output: usize, piece: usize, input: usize) -> f32 {
        (10_000 * (output + 1) + 100 * piece + input) as f32
    }

    fn weights([outputs, pieces, inputs]: [usize; 3]) -> Vec<f32> {
        let mut weights = Vec::new();
        for output in 0..outputs {
            for piece in 0..pieces {
                weights.extend((0..inputs).map(|input| weight(output, piece, input)));
            }
        }
        weights
    }

    const SHAPES: [[usize; 3]; 6] = [[1, 1, 3], [5, 2, 6], [8, 3, 24], [17, 4, 30], [20, 7, 9], [33, 6, 51]];

    /// Walks over the layout as it is drawn and checks every number.
    #[track_caller]
    fn check_layout<const PRODUCTS: usize, const WINDOW: usize>(
        packed: &PackedMaxout,
        factors: [[f32; WINDOW]; PRODUCTS],
    ) {
        let &PackedMaxout { n_lanes, outputs, pieces, inputs, .. } = packed;
        let width = inputs / WINDOW;
        let mut found = packed.weight.iter();
        for first_output in (0..outputs).step_by(n_lanes) {
            for first_piece in (0..pieces).step_by(PIECES_AT_ONCE) {
                for (product, factors) in factors.iter().enumerate() {
                    for input in 0..width {
                        for piece in first_piece..pieces.min(first_piece + PIECES_AT_ONCE) {
                            for output in first_output..first_output + n_lanes {
                                let terms = factors
                                    .iter()
                                    .enumerate()
                                    .map(|(row, factor)| factor * weight(output, piece, row * width + input));
                                let expected = if output < outputs { terms.sum() } else { 0.0_f32 };
                                let place = [output, piece, product, input];
                                assert_eq!(found.next(), Some(&expected), "{place:?}");
                            }
                        }
                    }
                }
            }
        }
        assert_eq!(found.next(), None);
    }

    #[test]
    fn weights_lie_in_the_order_in_which_they_are_read() {
        for n_lanes in [1, 4, 8, 16] {
            for shape in SHAPES {
                let mut packed = PackedMaxout::for_lanes(n_lanes, Filter::Direct, shape);
                packed.pack(&weights(shape), &vec![0.0; shape[0] * shape[1]]);
                check_layout(&packed, [[1.0]]);
                let mut packed = PackedMaxout::for_lanes(n_lanes, Filter::Winograd, shape);
                packed.pack(&weights(shape), &vec![0.0; shape[0] * shape[1]]);
                check_layout(&packed, winograd::FACTORS);
            }
        }
    }

    #[test]
    fn biases_of_a_piece_lie_side_by_side_for_the_outputs_of_a_panel() {
        let mut packed = PackedMaxout::for_lanes(4, Filter::Direct, [5, 2, 1]);
        packed.pack(&[0.0; 10], &[0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5]);
        assert_eq!(packed.bias[..8], [0.0, 1.0, 2.0, 3.0, 0.5, 1.5, 2.5, 3.5]);
        assert_eq!(packed.bias[8..], [4.0, 0.0, 0.0, 0.0, 4.5, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn new_weights_leave_nothing_of_the_old_ones() {
        for filter in [Filter::Direct, Filter::Winograd] {
            for shape in SHAPES {
                let new = weights(shape);
                let old: Vec<f32> = new.iter().map(|weight| 7.0 - weight).collect();
                let (bias, old_bias) = (vec![1.0; shape[0] * shape[1]], vec![2.0; shape[0] * shape[1]]);
                let (mut fresh, mut used) =
                    (PackedMaxout::zeros(filter, shape), PackedMaxout::zeros(filter, shape));
                used.pack(&old, &old_bias);
                used.pack(&new, &bias);
                fresh.pack(&new, &bias);
                assert_eq!((&*used.weight, &*used.bias), (&*fresh.weight, &*fresh.bias));
            }
        }
    }
}
