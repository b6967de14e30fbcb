//! Minimal filtering, F(4, 3): four neighbouring outputs of a convolution over three rows from six products instead of
//! twelve (Winograd, 1980; Lavin and Gray, 2015, arXiv 1509.09308).
//!
//! Two polynomials are multiplied with the fewest products if both are evaluated at as many points as their product has
//! coefficients, and the values multiplied point by point; a filter is this algorithm transposed. The points here are 0, 1,
//! -1, 2, -2 and infinity, which stands for the leading coefficient. What the theory calls a number is a row here: each
//! of the six products is one of a row and a matrix of weights.
//!
//! Six points rather than more: F(6, 3) would save another ninth of the products, but needs points that are larger or
//! fractions, and rounding grows with their powers. With these six, rounding errors are about twice those of a direct
//! product.

use pulp::Simd;

use crate::host::centres::Centres;
use crate::host::registers::{load, store};

/// Rows that one row sees.
pub(crate) const WINDOW: usize = 3;
/// Outputs that are computed together: a patch.
pub(crate) const OUTPUTS: usize = Centres::GROUP;
/// Products that a patch takes, and rows that it sees: neighbouring windows share all rows but one.
pub(crate) const PRODUCTS: usize = OUTPUTS + WINDOW - 1;

/// `FACTORS[product][row]` is the factor of the weights of a window's row in a product: the powers of the product's point,
/// 1, x and x², over the divisor that Lagrange's interpolation has at this point. The divisors could as well stand on the
/// side of the inputs; but weights are transformed once for all rows of a batch.
pub(crate) const FACTORS: [[f32; WINDOW]; PRODUCTS] = [
    [1.0 / 4.0, 0.0, 0.0],
    [-1.0 / 6.0, -1.0 / 6.0, -1.0 / 6.0],
    [-1.0 / 6.0, 1.0 / 6.0, -1.0 / 6.0],
    [1.0 / 24.0, 1.0 / 12.0, 1.0 / 6.0],
    [1.0 / 24.0, -1.0 / 12.0, 1.0 / 6.0],
    [0.0, 0.0, 1.0],
];

/// Writes the inputs of the products of some patches, `[products, patches, width]`, from the rows that each patch sees.
#[inline(always)]
pub(crate) fn write_inputs<S: Simd>(
    simd: S,
    patches: &[[&[f32]; PRODUCTS]],
    width: usize,
    products: &mut [f32],
) {
    // Products are the outer dimension, since each has weights of its own: all its inputs are multiplied before the next.
    let n_of_product = patches.len() * width;
    for (patch, rows) in patches.iter().enumerate() {
        for first in (0..width).step_by(S::F32_LANES) {
            let columns = first..width.min(first + S::F32_LANES);
            let mut values = [simd.splat_f32s(0.0); PRODUCTS];
            for (value, row) in values.iter_mut().zip(rows) {
                *value = load(simd, &row[columns.clone()]);
            }
            let values = input_values(simd, values);
            for (product, value) in values.into_iter().enumerate() {
                let place = product * n_of_product + patch * width;
                store(simd, &mut products[place + columns.start..place + columns.end], value);
            }
        }
    }
}

/// The combinations of a patch's six rows that the products take. At x and -x they differ by the sign of `odd` alone, so
/// that each pair of points shares two sums.
#[inline(always)]
fn input_values<S: Simd>(simd: S, rows: [S::f32s; PRODUCTS]) -> [S::f32s; PRODUCTS] {
    let [a, b, c, d, e, f] = rows;
    let (even, odd) = (times(simd, -4.0, c, e), times(simd, -4.0, b, d));
    let (even_of_two, odd_of_two) = (simd.sub_f32s(e, c), simd.sub_f32s(d, b));
    [
        times(simd, 4.0, a, times(simd, -5.0, c, e)),
        simd.add_f32s(even, odd),
        simd.sub_f32s(even, odd),
        times(simd, 2.0, odd_of_two, even_of_two),
        times(simd, -2.0, odd_of_two, even_of_two),
        times(simd, 4.0, b, times(simd, -5.0, d, f)),
    ]
}

/// The four outputs of a patch from its products, in the order of the points.
#[inline(always)]
pub(crate) fn outputs<S: Simd>(simd: S, products: [S::f32s; PRODUCTS]) -> [S::f32s; OUTPUTS] {
    let [zero, one, minus_one, two, minus_two, infinity] = products;
    let (even, odd) = (simd.add_f32s(one, minus_one), simd.sub_f32s(one, minus_one));
    let (even_of_two, odd_of_two) = (simd.add_f32s(two, minus_two), simd.sub_f32s(two, minus_two));
    [
        simd.add_f32s(zero, simd.add_f32s(even, even_of_two)),
        times(simd, 2.0, odd_of_two, odd),
        times(simd, 4.0, even_of_two, even),
        simd.add_f32s(infinity, times(simd, 8.0, odd_of_two, odd)),
    ]
}

/// `factor * x + y`
#[inline(always)]
fn times<S: Simd>(simd: S, factor: f32, x: S::f32s, y: S::f32s) -> S::f32s {
    simd.mul_add_f32s(simd.splat_f32s(factor), x, y)
}
