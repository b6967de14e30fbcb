use serde::Serialize;

use crate::Spread;

/// What more data would bring, as far as the points of the curve say.
///
/// The error of a learner falls as a power of the number of examples over a wide range: 1 - F = a n^-b (J. Hestness et al.,
/// Deep Learning Scaling is Predictable, Empirically, 2017; C. Cortes et al., Learning Curves: Asymptotic Values and Rate of
/// Convergence, NIPS 1993, with a limit that four points cannot tell). For each seed the line through log n and log (1 - F)
/// is fitted by least squares.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Extrapolation {
    /// F with twice the documents, by the fit.
    pub at_double: Spread,
    /// The exponent b.
    pub exponent: Spread,
    /// How far F of the whole corpus lies above what the fit to the points before it foretells: how much the fit can be
    /// trusted. None with fewer than three points.
    pub error_at_whole: Option<Spread>,
}

impl Extrapolation {
    /// Extrapolates the curves of all seeds, each of which has F for each number of documents. `None` with fewer than two
    /// points, or where no error or nothing right is left to fit.
    pub(crate) fn of(documents: &[usize], curves: &[Vec<f64>]) -> Option<Extrapolation> {
        let n_points = documents.len();
        let (last, n_last) = (n_points.checked_sub(1)?, *documents.last()?);
        let fits: Vec<PowerLaw> =
            curves.iter().map(|curve| PowerLaw::fit(documents, curve)).collect::<Option<_>>()?;
        let doubles: Vec<f64> = fits.iter().map(|fit| fit.at(2 * n_last)).collect();
        let exponents: Vec<f64> = fits.iter().map(|fit| fit.exponent).collect();
        let errors = curves.iter().map(|curve| {
            let fit = PowerLaw::fit(&documents[..last], &curve[..last])?;
            Some(curve[last] - fit.at(n_last))
        });
        Some(Extrapolation {
            at_double: Spread::of(&doubles)?,
            exponent: Spread::of(&exponents)?,
            error_at_whole: errors.collect::<Option<Vec<f64>>>().and_then(|errors| Spread::of(&errors)),
        })
    }
}

/// 1 - F = e^intercept n^-exponent.
struct PowerLaw {
    intercept: f64,
    exponent: f64,
}

impl PowerLaw {
    /// The line of least squares through the logarithms; `None` of fewer than two points, or without an error.
    fn fit(documents: &[usize], f: &[f64]) -> Option<PowerLaw> {
        let points = documents.iter().zip(f).map(|(&n, f)| ((n as f64).ln(), (1.0 - f).ln()));
        let points: Vec<(f64, f64)> = points.collect();
        if points.len() < 2 || points.iter().any(|(_, error)| !error.is_finite()) {
            return None;
        }
        let n = points.len() as f64;
        let mean = |value: &dyn Fn(&(f64, f64)) -> f64| points.iter().map(value).sum::<f64>() / n;
        let (x, y) = (mean(&|point| point.0), mean(&|point| point.1));
        let (xy, xx) = (mean(&|point| (point.0 - x) * (point.1 - y)), mean(&|point| (point.0 - x).powi(2)));
        let slope = xy / xx;
        slope.is_finite().then_some(PowerLaw { intercept: y - slope * x, exponent: -slope })
    }

    /// F with `n` documents.
    fn at(&self, n: usize) -> f64 {
        1.0 - (self.intercept - self.exponent * (n as f64).ln()).exp()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
    }

    #[test]
    fn a_power_law_is_found_again() {
        let documents = [250, 500, 750, 1000];
        let curve =
            |factor: f64| documents.iter().map(|&n| 1.0 - factor * (n as f64).powf(-0.3)).collect::<Vec<_>>();
        let Some(found) = Extrapolation::of(&documents, &[curve(1.0), curve(2.0)]) else { unreachable!() };
        check_near(found.exponent.mean, 0.3);
        check_near(found.at_double.mean, 1.0 - 1.5 * 2000.0_f64.powf(-0.3));
        let Some(error) = found.error_at_whole else { unreachable!() };
        check_near(error.mean, 0.0);
    }

    #[test]
    fn one_point_is_no_curve() {
        assert_eq!(Extrapolation::of(&[10], &[vec![0.5]]), None);
        assert_eq!(Extrapolation::of(&[10, 20], &[vec![0.5, 1.0]]), None);
    }
}
