use std::ops::Range;

use pulp::Simd;

use crate::aligned::{Aligned, n_lanes};
use crate::blocks::for_each_block;

/// Pieces whose sums are held in registers together.
const PIECES_AT_ONCE: usize = 3;

/// The weights of a maxout layer, laid out in the order in which [`largest_pieces`] reads them.
#[derive(Debug)]
pub(crate) struct PackedMaxout {
    pub(crate) outputs: usize,
    pieces: usize,
    pub(crate) inputs: usize,
    /// `[outputs in panels of one register, groups of pieces, inputs, pieces of the group, outputs of the panel]`
    weight: Aligned,
    /// `[outputs in panels of one register, pieces, outputs of the panel]`
    bias: Aligned,
}

impl PackedMaxout {
    /// `weight` is `[outputs, pieces, inputs]`, `bias` `[outputs, pieces]`.
    pub(crate) fn new(weight: &[f32], bias: &[f32], [outputs, pieces, inputs]: [usize; 3]) -> PackedMaxout {
        PackedMaxout::for_lanes(n_lanes(), weight, bias, [outputs, pieces, inputs])
    }

    /// Outputs, pieces, inputs.
    pub(crate) fn shape(&self) -> [usize; 3] {
        [self.outputs, self.pieces, self.inputs]
    }

    fn for_lanes(
        n_lanes: usize,
        weight: &[f32],
        bias: &[f32],
        [outputs, pieces, inputs]: [usize; 3],
    ) -> PackedMaxout {
        let n_panels = outputs.div_ceil(n_lanes);
        let mut packed = PackedMaxout {
            outputs,
            pieces,
            inputs,
            weight: Aligned::zeros(n_panels * pieces * inputs * n_lanes),
            bias: Aligned::zeros(n_panels * pieces * n_lanes),
        };
        for (index, &bias) in bias.iter().enumerate() {
            let (output, piece) = (index / pieces, index % pieces);
            packed.bias[(output / n_lanes * pieces + piece) * n_lanes + output % n_lanes] = bias;
        }
        let panels = packed.weight.chunks_exact_mut(pieces * inputs * n_lanes);
        for_each_block(panels.zip(weight.chunks(n_lanes * pieces * inputs)), |_, (panel, rows)| {
            for group in (0..pieces).step_by(PIECES_AT_ONCE) {
                let of_group = group..pieces.min(group + PIECES_AT_ONCE);
                let panel = &mut panel[group * inputs * n_lanes..][..of_group.len() * inputs * n_lanes];
                pack_group(panel, rows, of_group, [n_lanes, pieces, inputs]);
            }
        });
        packed
    }
}

/// Writes the weights of some pieces of one panel's outputs, whose rows are `weight`. Lanes beyond the last output stay
/// zero.
fn pack_group(panel: &mut [f32], weight: &[f32], group: Range<usize>, [n_lanes, pieces, inputs]: [usize; 3]) {
    let n_places = group.len() * n_lanes;
    for (lane, output) in weight.chunks_exact(pieces * inputs).enumerate() {
        for (index, piece) in group.clone().enumerate() {
            let places = panel[index * n_lanes + lane..].iter_mut().step_by(n_places);
            let row = &output[piece * inputs..][..inputs];
            places.zip(row).for_each(|(place, &value)| *place = value);
        }
    }
}

/// Works out `largest[row, output]`, the largest piece of each output, and which one it is. `starts` tells where in `x`
/// each row starts.
#[inline(always)]
pub(crate) fn largest_pieces<S: Simd>(
    simd: S,
    maxout: &PackedMaxout,
    x: &[f32],
    starts: &[usize],
    largest: &mut [f32],
    which: Option<&mut [u8]>,
) {
    // Rows that are worked on together: as many as the registers can hold the sums of.
    if S::REGISTER_COUNT >= 32 {
        in_tiles::<S, 8>(simd, maxout, x, starts, largest, which);
    } else {
        in_tiles::<S, 3>(simd, maxout, x, starts, largest, which);
    }
}

#[inline(always)]
fn in_tiles<S: Simd, const ROWS: usize>(
    simd: S,
    maxout: &PackedMaxout,
    x: &[f32],
    starts: &[usize],
    largest: &mut [f32],
    mut which: Option<&mut [u8]>,
) {
    let n_rows = starts.len();
    let panels = (0..maxout.outputs)
        .step_by(S::F32_LANES)
        .map(|output| output..maxout.outputs.min(output + S::F32_LANES));
    for (panel, outputs) in panels.enumerate() {
        for first in (0..n_rows).step_by(ROWS) {
            // The last tile repeats its last row.
            let rows: [&[f32]; ROWS] = core::array::from_fn(
                #[inline(always)]
                |row| &x[starts[(first + row).min(n_rows - 1)]..][..maxout.inputs],
            );
            let (values, pieces) = tile(simd, maxout, panel, rows);
            for row in 0..ROWS.min(n_rows - first) {
                let place = (first + row) * maxout.outputs;
                let place = place + outputs.start..place + outputs.end;
                simd.partial_store_f32s(&mut largest[place.clone()], values[row]);
                if let Some(which) = &mut which {
                    let pieces: &[u32] = bytemuck::cast_slice(core::slice::from_ref(&pieces[row]));
                    which[place].iter_mut().zip(pieces).for_each(|(place, &piece)| *place = piece as u8);
                }
            }
        }
    }
}

/// The outputs of one panel for some rows: the largest pieces and their numbers. The first of equals wins.
#[inline(always)]
fn tile<S: Simd, const ROWS: usize>(
    simd: S,
    maxout: &PackedMaxout,
    panel: usize,
    rows: [&[f32]; ROWS],
) -> ([S::f32s; ROWS], [S::u32s; ROWS]) {
    let mut best = ([simd.splat_f32s(f32::NEG_INFINITY); ROWS], [simd.splat_u32s(0); ROWS]);
    for group in (0..maxout.pieces).step_by(PIECES_AT_ONCE) {
        match maxout.pieces - group {
            1 => improve::<S, ROWS, 1>(simd, maxout, panel, group, rows, &mut best),
            2 => improve::<S, ROWS, 2>(simd, maxout, panel, group, rows, &mut best),
            _ => improve::<S, ROWS, PIECES_AT_ONCE>(simd, maxout, panel, group, rows, &mut best),
        }
    }
    best
}

#[inline(always)]
fn improve<S: Simd, const ROWS: usize, const PIECES: usize>(
    simd: S,
    maxout: &PackedMaxout,
    panel: usize,
    group: usize,
    rows: [&[f32]; ROWS],
    (best, which): &mut ([S::f32s; ROWS], [S::u32s; ROWS]),
) {
    let first = panel * maxout.pieces + group;
    let (weight, _) = S::as_simd_f32s(&maxout.weight);
    let (weight, _) = weight[first * maxout.inputs..][..PIECES * maxout.inputs].as_chunks::<PIECES>();
    let (bias, _) = S::as_simd_f32s(&maxout.bias);
    let bias: [S::f32s; PIECES] = core::array::from_fn(
        #[inline(always)]
        |piece| bias[first + piece],
    );
    let mut sums = [bias; ROWS];
    for (input, weight) in weight.iter().enumerate() {
        for (sums, values) in sums.iter_mut().zip(&rows) {
            let value = simd.splat_f32s(values[input]);
            for (sum, &weight) in sums.iter_mut().zip(weight) {
                *sum = simd.mul_add_f32s(weight, value, *sum);
            }
        }
    }
    for ((sums, best), which) in sums.iter().zip(best).zip(which) {
        for (piece, &sum) in sums.iter().enumerate() {
            let is_larger = simd.greater_than_f32s(sum, *best);
            *best = simd.select_f32s(is_larger, sum, *best);
            *which = simd.select_u32s(is_larger, simd.splat_u32s((group + piece) as u32), *which);
        }
    }
}

#[cfg(test)]
mod tests {
    use ner_random::NumpyRandom;
    use pulp::{Arch, WithSimd};

    use super::*;

    /// One layer on some rows, on the registers of one kind of machine.
    struct Check {
        shape: [usize; 3],
        n_rows: usize,
    }

    impl WithSimd for Check {
        type Output = ();

        fn with_simd<S: Simd>(self, simd: S) {
            let Check { shape: [outputs, pieces, inputs], n_rows } = self;
            let mut random = NumpyRandom::new(0);
            let mut normal = |count: usize| {
                let mut numbers = vec![0.0; count];
                random.fill_normal(0.0, 1.0, &mut numbers);
                numbers
            };
            let (x, weight) = (normal(n_rows * inputs), normal(outputs * pieces * inputs));
            let bias = normal(outputs * pieces);
            let packed = PackedMaxout::for_lanes(S::F32_LANES, &weight, &bias, self.shape);
            let (mut largest, mut which) = (vec![0.0; n_rows * outputs], vec![9; n_rows * outputs]);
            let starts: Vec<usize> = (0..n_rows).map(|row| row * inputs).collect();
            largest_pieces(simd, &packed, &x, &starts, &mut largest, Some(&mut which));
            for (place, (found, &piece)) in largest.iter().zip(&which).enumerate() {
                let x = &x[place / outputs * inputs..][..inputs];
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
        for n_rows in [1, 2, 3, 8, 9, 25] {
            for shape in [[1, 1, 1], [5, 2, 3], [16, 3, 20], [33, 3, 17], [20, 5, 40], [9, 7, 2]] {
                Arch::new().dispatch(Check { shape, n_rows });
                Check { shape, n_rows }.with_simd(pulp::Scalar);
                #[cfg(target_arch = "x86_64")]
                if let Some(avx2) = pulp::x86::V3::try_new() {
                    Arch::V3(avx2).dispatch(Check { shape, n_rows });
                }
            }
        }
    }
}
