//! Functions of single numbers, without branches, so that a loop over them is compiled into full registers. Here and
//! wherever they are called, loops stand in place of iterators with closures: a closure is compiled for the oldest
//! processor unless it happens to be inlined, where one multiplication with addition is a call (0.4 of the time of a pass).

/// Numbers that sums are spread over: the lanes of the widest register. The last digits of a sum depend on it, and not on
/// the machine.
pub(crate) const LANES: usize = 16;

/// `e^x`, with a relative error below 2e-7: `2^n * e^r` with `|r| <= ln(2) / 2`, where `e^r` is its Taylor polynomial of
/// degree 7, whose remainder is 5e-9. Below -87 it is e^-87, which is zero for all that is added to it here.
#[inline(always)]
pub(crate) fn exp(x: f32) -> f32 {
    // Added to a number of less than 2^22, it leaves the nearest integer in the last bits.
    const ROUND: f32 = 12_582_912.0;
    let x = x.clamp(-87.0, 88.0);
    let shifted = x.mul_add(std::f32::consts::LOG2_E, ROUND);
    let n = shifted - ROUND;
    // ln(2) in two parts, the first of which has so few digits that its product with n is exact.
    let r = n.mul_add(-0.693_145_75, x);
    let r = n.mul_add(-1.428_606_8e-6, r);
    let mut sum = 1.0 / 5040.0;
    for coefficient in [1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0] {
        sum = r.mul_add(sum, coefficient);
    }
    f32::from_bits(sum.to_bits().wrapping_add(shifted.to_bits() << 23))
}

/// `erf(|x| / √2)` and `e^(-x²/2)`, with an absolute error of 1.5e-7 (Abramowitz and Stegun, Handbook of Mathematical
/// Functions, 7.1.26).
#[inline(always)]
pub(crate) fn erf_and_gaussian(x: f32) -> (f32, f32) {
    let z = x.abs() * std::f32::consts::FRAC_1_SQRT_2;
    let gaussian = exp(-z * z);
    let t = 1.0 / 0.327_591_1f32.mul_add(z, 1.0);
    let mut sum = 1.061_405_4;
    for coefficient in [-1.453_152_1, 1.421_413_8, -0.284_496_72, 0.254_829_6, 0.0] {
        sum = t.mul_add(sum, coefficient);
    }
    (1.0 - sum * gaussian, gaussian)
}

/// `tanh(x)`, with an absolute error below 3e-7.
#[inline(always)]
pub(crate) fn tanh(x: f32) -> f32 {
    // Of |x|, since e^2x overflows for no x below 44 and the function is flat from 10 on.
    let e = exp(2.0 * x.abs().min(10.0));
    (1.0 - 2.0 / (e + 1.0)).copysign(x)
}

/// `1 / (1 + e^-x)`
#[inline(always)]
pub(crate) fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// The sum of a few numbers.
#[inline(always)]
pub(crate) fn total(numbers: &[f32]) -> f32 {
    let mut sum = 0.0;
    for number in numbers {
        sum += number;
    }
    sum
}

/// The sum of a row.
#[inline(always)]
pub(crate) fn sum(row: &[f32]) -> f32 {
    let (head, tail) = row.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for values in head {
        for (sum, value) in sums.iter_mut().zip(values) {
            *sum += value;
        }
    }
    total(&sums) + total(tail)
}

/// The scalar product of two rows of the same length.
#[inline(always)]
pub(crate) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let ((a, a_tail), (b, b_tail)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
    let mut sums = [0.0_f32; LANES];
    for (a, b) in a.iter().zip(b) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum = a.mul_add(*b, *sum);
        }
    }
    let mut sum = total(&sums);
    for (a, b) in a_tail.iter().zip(b_tail) {
        sum = a.mul_add(*b, sum);
    }
    sum
}

/// The largest number of a row; minus infinity if it is empty.
#[inline(always)]
pub(crate) fn largest(row: &[f32]) -> f32 {
    let (head, tail) = row.as_chunks::<LANES>();
    let mut largest = [f32::NEG_INFINITY; LANES];
    for values in head {
        for (largest, value) in largest.iter_mut().zip(values) {
            *largest = largest.max(*value);
        }
    }
    let mut result = f32::NEG_INFINITY;
    for value in largest {
        result = result.max(value);
    }
    for value in tail {
        result = result.max(*value);
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers from -`limit` to `limit`.
    fn numbers(limit: f32) -> impl Iterator<Item = f32> {
        (-20_000..=20_000).map(move |n| n as f32 / 20_000.0 * limit)
    }

    #[test]
    fn exponentials_are_right_to_the_last_digits() {
        for x in numbers(86.0) {
            let expected = f64::from(x).exp();
            assert!((f64::from(exp(x)) - expected).abs() <= 2e-7 * expected, "e^{x}");
        }
        assert!(exp(f32::NEG_INFINITY) < 1e-37 && exp(-1000.0) < 1e-37);
    }

    #[test]
    fn error_functions_agree_with_their_integral() {
        // By Simpson's rule, in double precision.
        let density = |t: f64| (-t * t).exp() * 2.0 / std::f64::consts::PI.sqrt();
        for x in numbers(6.0).step_by(97) {
            let end = f64::from(x.abs()) / std::f64::consts::SQRT_2;
            let step = end / 2000.0;
            let at = |n: u32| density(f64::from(n) * step) * if n.is_multiple_of(2) { 2.0 } else { 4.0 };
            let inner: f64 = (1..2000).map(at).sum();
            let expected = (density(0.0) + density(end) + inner) * step / 3.0;
            let (found, gaussian) = erf_and_gaussian(x);
            assert!((f64::from(found) - expected).abs() < 3e-7, "erf at {x}: {found}, {expected}");
            assert!((f64::from(gaussian) - (-f64::from(x).powi(2) / 2.0).exp()).abs() < 3e-7, "{x}");
        }
    }

    #[test]
    fn hyperbolic_tangents_and_sigmoids_are_those_of_the_library() {
        for x in numbers(30.0) {
            assert!((f64::from(tanh(x)) - f64::from(x).tanh()).abs() < 3e-7, "tanh at {x}");
            assert!((f64::from(sigmoid(x)) - 1.0 / (1.0 + (-f64::from(x)).exp())).abs() < 3e-7, "{x}");
        }
    }

    #[test]
    fn sums_of_rows_of_any_length() {
        for n in [0_u16, 1, 15, 16, 17, 100] {
            let row: Vec<f32> = (0..n).map(f32::from).collect();
            let n = f32::from(n);
            assert_eq!(sum(&row), n * (n - 1.0) / 2.0);
            assert_eq!(dot(&row, &row), (n - 1.0) * n * (2.0 * n - 1.0) / 6.0);
            assert_eq!(largest(&row), if n == 0.0 { f32::NEG_INFINITY } else { n - 1.0 });
        }
    }
}
