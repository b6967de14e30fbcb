use std::collections::HashMap;

use ner_model::Parameter;
use ner_optim::{OptimError, Optimizer, ParameterKey, ParameterUpdate};

/// Gradients by parameter, summed until the optimiser takes them.
#[derive(Debug, Default)]
pub struct Gradients {
    sums: HashMap<u64, Vec<f32>>,
}

impl Gradients {
    /// Adds a gradient of the parameter with this id.
    pub(crate) fn add(&mut self, id: u64, gradient: Vec<f32>) {
        match self.sums.get_mut(&id) {
            Some(sum) => sum.iter_mut().zip(gradient).for_each(|(sum, value)| *sum += value),
            None => drop(self.sums.insert(id, gradient)),
        }
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
    pub fn get(&self, id: u64) -> Option<&[f32]> {
        self.sums.get(&id).map(Vec::as_slice)
    }

    /// Moves `parameters` by one step; their gradients are used up.
    pub(crate) fn step(
        &mut self,
        parameters: Vec<&mut dyn Parameter>,
        optimizer: &mut Optimizer,
    ) -> Result<(), OptimError> {
        for parameter in parameters {
            let key = ParameterKey(parameter.id());
            let mut gradient = self.sums.remove(&key.0);
            let mut result = Ok(());
            parameter.change(&mut |weights| {
                let update = ParameterUpdate { key, weights, gradient: gradient.as_deref_mut() };
                result = optimizer.update_all(&mut [update]);
            });
            result?;
        }
        Ok(())
    }
}
