use std::ops::Range;

use pulp::{Arch, Simd, WithSimd};

use super::filter::Filter;
use super::packed_maxout::{PIECES_AT_ONCE, PackedMaxout};
use super::winograd;
use crate::host::aligned::Aligned;
use crate::host::registers::store;

/// Patches of a tile on this machine: those whose products are computed together.
pub(crate) fn patches_at_once() -> usize {
    struct AtOnce;
    impl WithSimd for AtOnce {
        type Output = usize;

        fn with_simd<S: Simd>(self, _: S) -> usize {
            if has_many_registers::<S>() { MANY } else { FEW }
        }
    }
    Arch::new().dispatch(AtOnce)
}

/// Patches of a tile with 32 registers: 24 sums, three registers of weights, one number of an input.
pub(crate) const MANY: usize = 8;
/// Patches of a tile with 16 registers: 9 sums, three registers of weights, one number of an input. Four patches would need
/// all sixteen, and then the sums are written to memory and read again: twice as slow.
pub(crate) const FEW: usize = 3;

const fn n_registers(patches: usize) -> usize {
    patches * PIECES_AT_ONCE + PIECES_AT_ONCE + 1
}

const _: () = assert!(n_registers(MANY) <= 32 && n_registers(FEW) < 16, "sums spill out of registers");

#[inline(always)]
fn has_many_registers<S: Simd>() -> bool {
    S::REGISTER_COUNT >= 32
}

/// Computes the largest piece of each output of some rows, and which one it is. The first of equals wins.
///
/// Panel by panel of outputs: first the products of all patches with the weights of the panel, then the largest pieces from
/// these. In between the sums of one panel stay in the cache, where those of all outputs would not.
pub(crate) struct LargestPieces<'a> {
    pub(crate) maxout: &'a PackedMaxout,
    /// Rows of inputs, one behind the other or, for windows of several rows, overlapping.
    pub(crate) x: &'a [f32],
    /// Where in `x` the inputs of each product start, `[products, patches]`.
    pub(crate) starts: &'a [usize],
    /// The output rows of each patch, in order; the first one is the first of `largest`.
    pub(crate) patches: &'a [Range<usize>],
    /// The value of the largest piece, `[rows, outputs]`
    pub(crate) largest: &'a mut [f32],
    /// The index of the largest piece, `[rows, outputs]`, if a backward pass will need it
    pub(crate) which: Option<&'a mut [u8]>,
}

impl LargestPieces<'_> {
    /// `sums` is scratch memory.
    #[inline(always)]
    pub(crate) fn run<S: Simd>(mut self, simd: S, sums: &mut Aligned) {
        let maxout = self.maxout;
        debug_assert_eq!(maxout.n_lanes, S::F32_LANES, "weights are laid out for these registers");
        let (sums, _) = S::as_mut_simd_f32s(sums.resized(self.starts.len() * maxout.pieces * S::F32_LANES));
        for panel in 0..maxout.outputs.div_ceil(S::F32_LANES) {
            if has_many_registers::<S>() {
                self.multiply::<S, MANY>(simd, panel, sums);
            } else {
                self.multiply::<S, FEW>(simd, panel, sums);
            }
            let outputs = panel * S::F32_LANES..maxout.outputs.min((panel + 1) * S::F32_LANES);
            let (bias, _) = S::as_simd_f32s(&maxout.bias);
            let bias = &bias[panel * maxout.pieces..][..maxout.pieces];
            match maxout.filter {
                Filter::Direct => self.choose(
                    simd,
                    outputs,
                    bias,
                    sums,
                    #[inline(always)]
                    |products: [S::f32s; 1]| products,
                ),
                Filter::Winograd => self.choose(
                    simd,
                    outputs,
                    bias,
                    sums,
                    #[inline(always)]
                    |products| winograd::outputs(simd, products),
                ),
            }
        }
    }

    /// The products of all patches for the outputs of a panel, `[products, patches, pieces]`.
    #[inline(always)]
    fn multiply<S: Simd, const PATCHES: usize>(&self, simd: S, panel: usize, sums: &mut [S::f32s]) {
        const { assert!(PIECES_AT_ONCE == 3, "there is an arm for each size of a group") };
        for group in (0..self.maxout.pieces).step_by(PIECES_AT_ONCE) {
            match self.maxout.pieces - group {
                1 => self.multiply_group::<S, PATCHES, 1>(simd, panel, group, sums),
                2 => self.multiply_group::<S, PATCHES, 2>(simd, panel, group, sums),
                _ => self.multiply_group::<S, PATCHES, PIECES_AT_ONCE>(simd, panel, group, sums),
            }
        }
    }

    /// The same for the pieces of a group, tile by tile. The products of the other groups stand in between.
    #[inline(always)]
    fn multiply_group<S: Simd, const PATCHES: usize, const PIECES: usize>(
        &self,
        simd: S,
        panel: usize,
        group: usize,
        sums: &mut [S::f32s],
    ) {
        let LargestPieces { maxout, x, starts, patches, .. } = self;
        let inputs = maxout.inputs_of_product();
        let n_weights = maxout.filter.n_products() * inputs;
        // In registers: what stands before a group are all products of the pieces before it.
        let (weight, _) = S::as_simd_f32s(&maxout.weight);
        let weight = &weight[(panel * maxout.pieces + group) * n_weights..][..PIECES * n_weights];
        let products = weight.chunks_exact(PIECES * inputs).zip(starts.chunks_exact(patches.len()));
        for ((weight, starts), sums) in products.zip(sums.chunks_exact_mut(patches.len() * maxout.pieces)) {
            let (weight, _) = weight.as_chunks::<PIECES>();
            for (starts, sums) in starts.chunks(PATCHES).zip(sums.chunks_mut(PATCHES * maxout.pieces)) {
                // The last tile repeats its last patch: a tile of fewer would be another function, and `zip` drops the
                // repetitions below.
                let inputs: [&[f32]; PATCHES] = core::array::from_fn(
                    #[inline(always)]
                    |patch| &x[starts[patch.min(starts.len() - 1)]..][..inputs],
                );
                let found = tile(simd, weight, inputs);
                for (sums, found) in sums.chunks_exact_mut(maxout.pieces).zip(&found) {
                    sums[group..group + PIECES].copy_from_slice(found);
                }
            }
        }
    }

    /// The largest pieces of a panel's outputs. `outputs_of` computes the pieces of a patch's outputs from its products.
    #[inline(always)]
    fn choose<S: Simd, const PRODUCTS: usize, const OUTPUTS: usize>(
        &mut self,
        simd: S,
        outputs: Range<usize>,
        bias: &[S::f32s],
        sums: &[S::f32s],
        outputs_of: impl Fn([S::f32s; PRODUCTS]) -> [S::f32s; OUTPUTS],
    ) {
        let (n_patches, pieces) = (self.patches.len(), bias.len());
        let first_row = self.patches.first().map_or(0, |patch| patch.start);
        for (patch, rows) in self.patches.iter().enumerate() {
            let mut best = [simd.splat_f32s(f32::NEG_INFINITY); OUTPUTS];
            let mut which = [simd.splat_u32s(0); OUTPUTS];
            for (piece, &bias) in bias.iter().enumerate() {
                // The bias only fills the array, whose numbers are all overwritten.
                let mut products = [bias; PRODUCTS];
                for (product, value) in products.iter_mut().enumerate() {
                    *value = sums[(product * n_patches + patch) * pieces + piece];
                }
                let values = outputs_of(products);
                for ((best, which), value) in best.iter_mut().zip(&mut which).zip(values) {
                    let value = simd.add_f32s(value, bias);
                    // Strictly larger, so that the first of equals stays: the gradient goes to it, as in Thinc.
                    let is_larger = simd.greater_than_f32s(value, *best);
                    *best = simd.select_f32s(is_larger, value, *best);
                    *which = simd.select_u32s(is_larger, simd.splat_u32s(piece as u32), *which);
                }
            }
            // A patch may have fewer rows than outputs: `zip` drops those beyond its end.
            for (row, (best, pieces)) in rows.clone().zip(best.iter().zip(&which)) {
                let place = (row - first_row) * self.maxout.outputs;
                let place = place + outputs.start..place + outputs.end;
                store(simd, &mut self.largest[place.clone()], *best);
                if let Some(which) = &mut self.which {
                    let pieces: &[u32] = bytemuck::cast_slice(core::slice::from_ref(pieces));
                    which[place].iter_mut().zip(pieces).for_each(|(place, &piece)| *place = piece as u8);
                }
            }
        }
    }
}

/// The sums over all inputs of some patches times the weights of a group, `[inputs, pieces]`: the innermost loop of
/// prediction. Three pieces together, since each number of an input that is spread over a register is used three times, and
/// each register of weights once for every patch.
#[inline(always)]
fn tile<S: Simd, const PATCHES: usize, const PIECES: usize>(
    simd: S,
    weight: &[[S::f32s; PIECES]],
    inputs: [&[f32]; PATCHES],
) -> [[S::f32s; PIECES]; PATCHES] {
    let mut sums = [[simd.splat_f32s(0.0); PIECES]; PATCHES];
    for (input, weight) in weight.iter().enumerate() {
        for (sums, values) in sums.iter_mut().zip(&inputs) {
            let value = simd.splat_f32s(values[input]);
            for (sum, &weight) in sums.iter_mut().zip(weight) {
                *sum = simd.mul_add_f32s(weight, value, *sum);
            }
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use ner_cpython::NumpyRandom;

    use super::*;

    /// A layer on the registers of one kind of machine.
    #[derive(Clone, Copy)]
    struct Check {
        filter: Filter,
        /// Outputs, pieces, inputs of one product.
        shape: [usize; 3],
        n_patches: usize,
    }

    impl WithSimd for Check {
        type Output = ();

        fn with_simd<S: Simd>(self, simd: S) {
            let Check { filter, shape: [outputs, pieces, width], n_patches } = self;
            let (n_rows, n_seen) = match filter {
                Filter::Direct => (n_patches, 1),
                Filter::Winograd => (n_patches * winograd::OUTPUTS - 1, winograd::WINDOW),
            };
            let inputs = n_seen * width;
            let mut random = NumpyRandom::new(0);
            let mut normal = |count: usize| {
                let mut numbers = vec![0.0; count];
                random.fill_normal(0.0, 1.0, &mut numbers);
                numbers
            };
            let x = normal((n_rows + winograd::PRODUCTS) * width);
            let (weight, bias) = (normal(outputs * pieces * inputs), normal(outputs * pieces));
            let shape = [outputs, pieces, inputs];
            let mut packed = PackedMaxout::for_lanes(S::F32_LANES, filter, shape);
            packed.pack(&weight, &bias);

            let patches: Vec<Range<usize>> = (0..n_rows)
                .step_by(filter.n_outputs())
                .map(|row| row..n_rows.min(row + filter.n_outputs()))
                .collect();
            let rows_of = |patch: &Range<usize>| {
                core::array::from_fn(|place| &x[(patch.start + place) * width..][..width])
            };
            let products = match filter {
                Filter::Direct => x.clone(),
                Filter::Winograd => {
                    let rows: Vec<_> = patches.iter().map(rows_of).collect();
                    let mut products = vec![0.0; winograd::PRODUCTS * n_patches * width];
                    winograd::write_inputs(simd, &rows, width, &mut products);
                    products
                }
            };
            let starts: Vec<usize> =
                (0..filter.n_products() * n_patches).map(|index| index * width).collect();
            let (mut largest, mut which) = (vec![0.0; n_rows * outputs], vec![9; n_rows * outputs]);
            LargestPieces {
                maxout: &packed,
                x: &products,
                starts: &starts,
                patches: &patches,
                largest: &mut largest,
                which: Some(&mut which),
            }
            .run(simd, &mut Aligned::default());

            for (place, (found, &piece)) in largest.iter().zip(&which).enumerate() {
                let x = &x[place / outputs * width..][..inputs];
                let first = place % outputs * pieces;
                let value = |piece: usize| {
                    let weight = &weight[(first + piece) * inputs..][..inputs];
                    bias[first + piece] + x.iter().zip(weight).map(|(a, b)| a * b).sum::<f32>()
                };
                let expected = (0..pieces).map(value).fold(f32::NEG_INFINITY, f32::max);
                assert!((found - expected).abs() < 1e-4, "{place}: found {found}, expected {expected}");
                assert!((value(usize::from(piece)) - expected).abs() < 1e-4, "{place}: piece {piece}");
            }
        }
    }

    #[test]
    fn registers_of_any_width_give_the_largest_piece() {
        for filter in [Filter::Direct, Filter::Winograd] {
            for n_patches in [1, 2, 3, 8, 9, 25] {
                for shape in [[1, 1, 1], [5, 2, 3], [16, 3, 20], [33, 3, 17], [20, 5, 40], [9, 7, 2]] {
                    let check = Check { filter, shape, n_patches };
                    Arch::new().dispatch(check);
                    check.with_simd(pulp::Scalar);
                    #[cfg(target_arch = "x86_64")]
                    if let Some(avx2) = pulp::x86::V3::try_new() {
                        Arch::V3(avx2).dispatch(check);
                    }
                }
            }
        }
    }
}
