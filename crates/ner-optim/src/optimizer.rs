use std::fmt::Debug;

use crate::error::OptimError;
use crate::gradient::Gradient;
use crate::role::{ParameterRole, StepScale};
use crate::saved_optimizer::SavedOptimizer;

/// The caller's name for a parameter, the same from step to step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ParameterKey(pub u64);

/// A parameter, for one step of all parameters.
#[derive(Debug)]
pub struct ParameterUpdate<'a> {
    /// The parameter that it updates.
    pub key: ParameterKey,
    /// The part of the model to which the parameter belongs: the name of a component. Groups may learn at rates of their
    /// own.
    pub group: &'a str,
    /// What it is there.
    pub role: ParameterRole,
    /// What the settings are multiplied with, for an optimiser that says so in [`Optimizer::scales_steps`].
    pub scale: StepScale,
    /// Its weights, which the step moves.
    pub weights: &'a mut [f32],
    /// Its gradient. None if nothing of this step reached the parameter: then momentum and weight decay move it if it
    /// ever had a gradient, else nothing does.
    pub gradient: Option<Gradient>,
}

impl<'a> ParameterUpdate<'a> {
    /// The update of a parameter outside of pretrained encoders.
    pub fn new(
        key: ParameterKey,
        group: &'a str,
        weights: &'a mut [f32],
        gradient: Option<Gradient>,
    ) -> ParameterUpdate<'a> {
        let (role, scale) = Default::default();
        ParameterUpdate { key, group, role, scale, weights, gradient }
    }

    /// Checks that the gradient is one of these weights.
    ///
    /// # Errors
    /// If it has another length or shape, or rows that are not in order.
    pub fn check(&self) -> Result<(), OptimError> {
        self.gradient.as_ref().map_or(Ok(()), |gradient| gradient.check(self.key.0, self.weights.len()))
    }
}

/// Moves weights by their gradients: what a function of `@optimizers` builds, as a `Box<dyn Optimizer>`.
///
/// An optimiser may put off the steps of table rows that have no gradient, until [`Optimizer::apply_deferred`] or
/// [`Optimizer::apply_all_deferred`] asks for them; callers ask before they read the weights.
pub trait Optimizer: Debug + Send {
    /// The learning rate of the current step.
    fn learn_rate(&self) -> f64;

    /// Advances every setting that has a schedule to its next value; to be called once after each step.
    fn step_schedules(&mut self);

    /// Tells how many steps the run will take at most, before the first one; `None` if that is not bounded.
    ///
    /// # Errors
    /// If a schedule depends on the number, and there is none.
    fn plan(&mut self, _n_steps: Option<usize>) -> Result<(), OptimError> {
        Ok(())
    }

    /// Checks updates before any weight moves.
    ///
    /// # Errors
    /// If the weights, the gradient, and the weights of earlier steps with a key differ in length.
    fn check(&self, updates: &[ParameterUpdate<'_>]) -> Result<(), OptimError> {
        updates.iter().try_for_each(ParameterUpdate::check)
    }

    /// Moves each parameter by one step, on as many threads as there are; their number does not change the result.
    ///
    /// # Errors
    /// Those of [`Optimizer::check`]. Nothing moves then.
    fn update_all(&mut self, updates: Vec<ParameterUpdate<'_>>) -> Result<(), OptimError>;

    /// Whether [`ParameterUpdate::scale`] counts.
    fn scales_steps(&self) -> bool {
        false
    }

    /// Brings some rows of a parameter, in ascending order, up to date.
    ///
    /// # Errors
    /// If the number of weights is not that of earlier steps, or if there are no such rows.
    fn apply_deferred(
        &mut self,
        _key: ParameterKey,
        _weights: &mut [f32],
        _rows: &[u32],
    ) -> Result<(), OptimError> {
        Ok(())
    }

    /// Brings all rows of a parameter up to date.
    ///
    /// # Errors
    /// If the number of weights is not that of earlier steps.
    fn apply_all_deferred(&mut self, _key: ParameterKey, _weights: &mut [f32]) -> Result<(), OptimError> {
        Ok(())
    }

    /// Whether moving averages of the weights are kept.
    fn keeps_averages(&self) -> bool {
        false
    }

    /// The moving average of a parameter's weights, if averages are kept and it was ever updated. Deferred steps are not
    /// in it.
    fn averages(&self, _key: ParameterKey) -> Option<&[f32]> {
        None
    }

    /// Brings a parameter up to date, exchanges its weights with their moving average, and says whether there is one. The
    /// same call undoes it; no step may come in between.
    ///
    /// # Errors
    /// If the number of weights is not that of earlier steps.
    fn swap_averages(&mut self, key: ParameterKey, weights: &mut [f32]) -> Result<bool, OptimError> {
        self.apply_all_deferred(key, weights).map(|()| false)
    }

    /// Checks that every group that the optimiser treats apart is the name of one of the `components`.
    ///
    /// # Errors
    /// If one is not: it is misspelt, or belongs to another pipeline, and would be without effect.
    fn check_groups(&self, _components: &[&str]) -> Result<(), OptimError> {
        Ok(())
    }

    /// Its state between two steps, but for its settings. Keys differ from run to run, so a parameter stands in the state
    /// by its place in `keys`, which are all that were ever updated.
    ///
    /// Saving and restoring have no default: an optimiser that forgets its state would resume with other numbers and
    /// without a word.
    fn save(&self, keys: &[ParameterKey]) -> SavedOptimizer;

    /// Takes the state that an optimiser with the same settings saved, the parameters in the same order; steps then lead to
    /// the same bits as if it had never been saved. To be called before the first step.
    ///
    /// # Errors
    /// If the state is that of another kind of optimiser, or incomplete. The optimiser is then not to be used.
    fn restore(&mut self, keys: &[ParameterKey], saved: SavedOptimizer) -> Result<(), OptimError>;
}
