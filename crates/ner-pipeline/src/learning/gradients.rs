use std::collections::HashMap;

use ner_model::{Parameter, TakenWeights};
use ner_optim::{Gradient, OptimError, Optimizer, ParameterKey, ParameterRole, ParameterUpdate, StepScale};

/// Gradients by parameter, summed until the optimiser takes them.
#[derive(Debug, Default)]
pub struct Gradients {
    sums: HashMap<u64, Gradient>,
}

impl Gradients {
    /// Adds a gradient of the parameter with this id.
    pub(crate) fn add(&mut self, id: u64, gradient: Gradient) {
        let sum = match self.sums.remove(&id) {
            Some(sum) => sum.merged(gradient),
            None => gradient,
        };
        self.sums.insert(id, sum);
    }

    /// Adds the gradients that a backward pass left for `parameters`.
    pub(crate) fn take_from(
        &mut self,
        mut pass: burn::tensor::Gradients,
        parameters: Vec<&mut dyn Parameter>,
    ) {
        for parameter in parameters {
            if let Some(gradient) = parameter.take_gradient(&mut pass) {
                self.add(parameter.id(), gradient);
            }
        }
    }

    /// The gradient of a parameter, if it has one.
    pub fn get(&self, id: u64) -> Option<Vec<f32>> {
        self.sums.get(&id).cloned().map(Gradient::into_dense)
    }

    /// Moves the parameters of components by one step; their gradients are used up. `roles` are those of parameters that do not
    /// know theirs.
    pub(crate) fn step(
        &mut self,
        mut parameters: Vec<(&str, &mut dyn Parameter)>,
        roles: &HashMap<u64, ParameterRole>,
        optimizer: &mut dyn Optimizer,
    ) -> Result<(), OptimError> {
        // All weights are moved out at once, since the optimiser spreads all parameters together over threads.
        let mut taken: Vec<TakenWeights> =
            parameters.iter_mut().map(|(_, parameter)| parameter.take()).collect();
        let updates =
            parameters.iter().zip(&mut taken).map(|((component, parameter), taken)| ParameterUpdate {
                key: ParameterKey(parameter.id()),
                group: component,
                role: roles.get(&parameter.id()).copied().unwrap_or_else(|| parameter.role()),
                scale: StepScale::default(),
                weights: &mut taken.weights,
                gradient: self.sums.remove(&parameter.id()),
            });
        let result = optimizer.update_all(updates.collect());
        parameters.into_iter().zip(taken).for_each(|((_, parameter), taken)| parameter.put(taken));
        result
    }
}
