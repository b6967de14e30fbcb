/// Which moving average of the weights is kept, if any.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Averaging {
    None,
    /// Thinc's: the older the run, the further back the average reaches, up to 10,000 steps.
    Growing,
    /// That of an exponential decay from the first step on, with Adam's correction of the start.
    Decaying(f64),
}

impl Averaging {
    /// The average that spaCy's `use_averages` asks for.
    pub(crate) fn thinc(use_averages: bool) -> Averaging {
        if use_averages { Averaging::Growing } else { Averaging::None }
    }

    /// Whether there is one.
    pub(crate) fn is_kept(self) -> bool {
        self != Averaging::None
    }

    /// The part of the way that the average goes towards the weights at update number `n_updates`, counted from 1.
    pub(crate) fn part(self, n_updates: u32) -> f32 {
        let t = f64::from(n_updates);
        match self {
            Averaging::None => 0.0,
            // Little of the old at first, so that it follows the early changes.
            Averaging::Growing => 1.0 - (((1.0 + t) / (10.0 + t)) as f32).min(0.9999),
            // The sum of (1 - d) d^(t-i) w_i over all steps i, divided by its weights' sum 1 - d^t (Kingma and Ba, 2015,
            // section 3), is a_t = a_(t-1) + (1 - d) / (1 - d^t) (w_t - a_(t-1)): in the first step the weights themselves.
            Averaging::Decaying(decay) => ((1.0 - decay) / (1.0 - decay.powf(t))) as f32,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decaying_average_is_the_weighted_mean_of_all_steps() {
        let (decay, weights) = (0.9_f64, [3.0, -1.0, 4.0, 1.5, -9.0, 2.6]);
        let mut average = f32::NAN;
        for (index, &weight) in weights.iter().enumerate() {
            let part = Averaging::Decaying(decay).part(index as u32 + 1);
            average = if index == 0 { 0.0 } else { average };
            average -= part * (average - weight);
        }
        let shares: Vec<f64> = (0..weights.len()).rev().map(|age| decay.powi(age as i32)).collect();
        let sum: f64 = shares.iter().zip(weights).map(|(share, weight)| share * f64::from(weight)).sum();
        let expected = sum / shares.iter().sum::<f64>();
        assert!((f64::from(average) - expected).abs() < 1e-6, "{average} {expected}");
    }

    #[test]
    fn without_decay_the_average_is_the_last_step() {
        assert_eq!([1, 2, 1000].map(|n_updates| Averaging::Decaying(0.0).part(n_updates)), [1.0; 3]);
    }
}
