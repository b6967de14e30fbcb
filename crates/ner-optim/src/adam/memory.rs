use super::arithmetic::ParameterSlice;
use super::deferred_steps::DeferredSteps;
use crate::error::OptimError;
use crate::optimizer::ParameterKey;

/// What Adam remembers of a parameter.
#[derive(Debug)]
pub(crate) struct Memory {
    /// Steps since the first gradient.
    pub(crate) n_updates: u32,
    pub(crate) n_weights: usize,
    pub(crate) moments: Option<Moments>,
    pub(crate) averages: Option<Vec<f32>>,
    /// Of a table, as soon as it had a gradient by rows.
    pub(crate) deferred: Option<DeferredSteps>,
}

/// Moving averages of a gradient (`first`) and of its square (`second`).
#[derive(Debug)]
pub(crate) struct Moments {
    pub(crate) first: Vec<f32>,
    pub(crate) second: Vec<f32>,
}

impl Memory {
    pub(crate) fn new(n_weights: usize) -> Memory {
        Memory { n_updates: 0, n_weights, moments: None, averages: None, deferred: None }
    }

    /// Fails unless `weights` are as many as in earlier steps.
    pub(crate) fn check_length(&self, key: ParameterKey, weights: &[f32]) -> Result<(), OptimError> {
        let (found, expected) = (self.n_weights, weights.len());
        if found == expected {
            return Ok(());
        }
        Err(OptimError::LengthMismatch { key: key.0, what: "weights in earlier steps", found, expected })
    }

    /// Keeps deferred steps from now on, for a table of this shape.
    pub(crate) fn keep_deferred(&mut self, shape: [usize; 2]) {
        self.deferred.get_or_insert_with(|| DeferredSteps::new(shape));
    }

    /// Brings all weights up to date.
    pub(crate) fn apply_all_deferred(&mut self, weights: &mut [f32]) {
        if let (slice, Some(deferred)) = self.kept(weights) {
            deferred.apply_all(slice);
        }
    }

    /// The weights with all that was kept of them in earlier steps, and their deferred steps.
    pub(crate) fn kept<'a>(
        &'a mut self,
        weights: &'a mut [f32],
    ) -> (ParameterSlice<'a>, Option<&'a mut DeferredSteps>) {
        // As they are, not as the settings ask: with a scheduled beta2 the next step may keep other numbers than the last.
        let (keeps_moments, keeps_averages) = (self.moments.is_some(), self.averages.is_some());
        self.slice(weights, keeps_moments, keeps_averages)
    }

    /// The weights with moments and averages, which begin at zero, and their deferred steps. What is not asked for is
    /// empty.
    pub(crate) fn slice<'a>(
        &'a mut self,
        weights: &'a mut [f32],
        keeps_moments: bool,
        keeps_averages: bool,
    ) -> (ParameterSlice<'a>, Option<&'a mut DeferredSteps>) {
        let Memory { n_weights, moments, averages, deferred, .. } = self;
        // Only when a step first asks for them: gradient descent needs no moments.
        let zeros = || vec![0.0; *n_weights];
        let (first, second) = if keeps_moments {
            let Moments { first, second } =
                moments.get_or_insert_with(|| Moments { first: zeros(), second: zeros() });
            (first.as_mut_slice(), second.as_mut_slice())
        } else {
            Default::default()
        };
        let averages = match keeps_averages {
            true => averages.get_or_insert_with(zeros).as_mut_slice(),
            false => Default::default(),
        };
        (ParameterSlice { weights, first, second, averages }, deferred.as_mut())
    }
}
