use std::collections::HashMap;

use crate::arithmetic::{Moments, Numbers};
use crate::error::OptimError;
use crate::gradient::Gradient;
use crate::movement::{Debt, Movement, move_all};
use crate::row_gradient::first_out_of_place;
use crate::settings::Settings;

/// The caller's name for a parameter, the same from step to step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ParameterKey(pub u64);

impl ParameterKey {
    fn check_length(self, what: &'static str, found: usize, weights: &[f32]) -> Result<(), OptimError> {
        let expected = weights.len();
        if found == expected {
            Ok(())
        } else {
            Err(OptimError::LengthMismatch { key: self.0, what, found, expected })
        }
    }
}

/// A parameter, for one step of all parameters.
#[derive(Debug)]
pub struct ParameterUpdate<'a> {
    /// Which parameter it is.
    pub key: ParameterKey,
    /// Its weights, which the step moves.
    pub weights: &'a mut [f32],
    /// Its gradient. None if nothing of this step reached the parameter: then momentum and weight decay go on if it ever
    /// had a gradient, else nothing happens.
    pub gradient: Option<Gradient>,
}

/// Adam, RAdam or plain gradient descent, with what it remembers of each parameter.
#[derive(Debug)]
pub struct Optimizer {
    settings: Settings,
    memories: HashMap<ParameterKey, Memory>,
}

/// What an optimiser remembers of a parameter.
#[derive(Debug)]
pub(crate) struct Memory {
    pub(crate) n_updates: u32,
    n_weights: usize,
    moments: Option<Moments>,
    averages: Option<Vec<f32>>,
    /// Of a table, as soon as it had a gradient by rows.
    debt: Option<Debt>,
}

impl Optimizer {
    pub(crate) fn new(settings: Settings) -> Optimizer {
        Optimizer { settings, memories: HashMap::new() }
    }

    /// The learning rate of the current step.
    pub fn learn_rate(&self) -> f64 {
        self.settings.learn_rate.value()
    }

    /// Goes on to the next value of every setting that has a schedule; to be called once after each step.
    pub fn step_schedules(&mut self) {
        self.settings.step();
    }

    /// Moves each parameter by one step, on as many threads as there are; their number does not change the result.
    ///
    /// Where a gradient is one of rows, only these move: the others owe the step, until [`Optimizer::settle`] asks for
    /// them.
    ///
    /// # Errors
    /// If the weights, the gradient, and the weights of earlier steps with a key differ in length. Nothing moves then.
    pub fn update_all(&mut self, updates: Vec<ParameterUpdate<'_>>) -> Result<(), OptimError> {
        updates.iter().try_for_each(|update| self.check(update))?;
        let penalty = self.settings.gradient_penalty();
        let (mut keys, mut movements) = (Vec::new(), Vec::new());
        for ParameterUpdate { key, weights, mut gradient } in updates {
            let mut memory = match (self.memories.remove(&key), &gradient) {
                (Some(memory), _) => memory,
                (None, Some(_)) => Memory::new(weights.len()),
                (None, None) => continue,
            };
            if penalty != 0.0 {
                memory.settle_all(weights);
                gradient = Some(Gradient::All(penalized(gradient, penalty, weights)));
            }
            match &gradient {
                Some(Gradient::All(_)) => memory.settle_all(weights),
                Some(Gradient::Rows(gradient)) => {
                    memory.debt.get_or_insert_with(|| Debt::new(gradient.shape));
                }
                None => {}
            }
            keys.push(key);
            movements.push(Movement { memory: memory.next(), weights, gradient });
        }
        move_all(&self.settings, &mut movements);
        let memories = movements.into_iter().map(|movement| movement.memory);
        self.memories.extend(keys.into_iter().zip(memories));
        Ok(())
    }

    fn check(
        &self,
        ParameterUpdate { key, weights, gradient }: &ParameterUpdate<'_>,
    ) -> Result<(), OptimError> {
        gradient.as_ref().map_or(Ok(()), |gradient| gradient.check(key.0, weights.len()))?;
        let Some(memory) = self.memories.get(key) else { return Ok(()) };
        key.check_length("weights in earlier steps", memory.n_weights, weights)?;
        if let (Some(Gradient::Rows(gradient)), Some(debt)) = (gradient, &memory.debt)
            && gradient.shape[1] != debt.width
        {
            let (what, found, expected) = ("values in a row of its gradient", gradient.shape[1], debt.width);
            return Err(OptimError::LengthMismatch { key: key.0, what, found, expected });
        }
        Ok(())
    }

    /// Lets rows of a parameter, in ascending order, make the steps that they owe.
    ///
    /// # Errors
    /// If the number of weights is not that of earlier steps, or if there are no such rows.
    pub fn settle(&mut self, key: ParameterKey, weights: &mut [f32], rows: &[u32]) -> Result<(), OptimError> {
        let Some(memory) = self.memories.get_mut(&key) else { return Ok(()) };
        key.check_length("weights in earlier steps", memory.n_weights, weights)?;
        let (numbers, Some(debt)) = memory.kept(weights) else { return Ok(()) };
        if let Some(row) = first_out_of_place(rows, debt.n_rows()) {
            return Err(OptimError::RowOutOfPlace { key: key.0, row, n_rows: debt.n_rows() });
        }
        debt.settle(numbers, rows.iter().copied());
        Ok(())
    }

    /// Lets all rows of a parameter make the steps that they owe.
    ///
    /// # Errors
    /// If the number of weights is not that of earlier steps.
    pub fn settle_all(&mut self, key: ParameterKey, weights: &mut [f32]) -> Result<(), OptimError> {
        let Some(memory) = self.memories.get_mut(&key) else { return Ok(()) };
        key.check_length("weights in earlier steps", memory.n_weights, weights)?;
        memory.settle_all(weights);
        Ok(())
    }

    /// Whether moving averages of the weights are kept.
    pub fn keeps_averages(&self) -> bool {
        self.settings.use_averages
    }

    /// The moving average of a parameter's weights, if averages are kept and it was ever updated. Steps that rows owe are
    /// not in it.
    pub fn averages(&self, key: ParameterKey) -> Option<&[f32]> {
        self.memories.get(&key)?.averages.as_deref()
    }

    /// Exchanges a parameter's weights with their moving average, once nothing is owed, and says whether there is one. The
    /// same call undoes it; no step may come in between.
    ///
    /// # Errors
    /// If the number of weights is not that of earlier steps.
    pub fn swap_averages(&mut self, key: ParameterKey, weights: &mut [f32]) -> Result<bool, OptimError> {
        self.settle_all(key, weights)?;
        let Some(averages) = self.memories.get_mut(&key).and_then(|memory| memory.averages.as_mut()) else {
            return Ok(false);
        };
        key.check_length("averages", averages.len(), weights)?;
        averages.swap_with_slice(weights);
        Ok(true)
    }
}

/// `penalty` * weights + gradient: the gradient of all weights with the L2 norm's.
fn penalized(gradient: Option<Gradient>, penalty: f32, weights: &[f32]) -> Vec<f32> {
    let mut sums: Vec<f32> = weights.iter().map(|weight| penalty * weight).collect();
    let add = |sums: &mut [f32], values: &[f32]| {
        sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
    };
    match gradient {
        Some(Gradient::All(values)) => add(&mut sums, &values),
        Some(Gradient::Rows(gradient)) => {
            let [_, width] = gradient.shape;
            for (row, values) in gradient.iter() {
                add(&mut sums[row as usize * width..][..width], values);
            }
        }
        None => {}
    }
    sums
}

impl Memory {
    fn new(n_weights: usize) -> Memory {
        Memory { n_updates: 0, n_weights, moments: None, averages: None, debt: None }
    }

    /// The memory at the next step.
    fn next(self) -> Memory {
        Memory { n_updates: self.n_updates + 1, ..self }
    }

    /// The weights with their first moments, second moments and averages, which begin at zero and are empty if none are
    /// kept; and what rows owe.
    pub(crate) fn numbers<'a>(
        &'a mut self,
        weights: &'a mut [f32],
        keeps_moments: bool,
        keeps_averages: bool,
    ) -> (Numbers<'a>, Option<&'a mut Debt>) {
        let Memory { n_weights, moments, averages, debt, .. } = self;
        if keeps_moments {
            moments.get_or_insert_with(|| Moments::zeros(*n_weights));
        }
        if keeps_averages {
            averages.get_or_insert_with(|| vec![0.0; *n_weights]);
        }
        let (first, second) = match moments.as_mut().filter(|_| keeps_moments) {
            Some(Moments { first, second }) => (first.as_mut_slice(), second.as_mut_slice()),
            None => Default::default(),
        };
        let averages = averages.as_deref_mut().filter(|_| keeps_averages).unwrap_or_default();
        (Numbers { weights, first, second, averages }, debt.as_mut())
    }

    fn settle_all(&mut self, weights: &mut [f32]) {
        if let (numbers, Some(debt)) = self.kept(weights) {
            debt.settle_all(numbers);
        }
    }

    /// The numbers of all that was kept in earlier steps.
    fn kept<'a>(&'a mut self, weights: &'a mut [f32]) -> (Numbers<'a>, Option<&'a mut Debt>) {
        let (keeps_moments, keeps_averages) = (self.moments.is_some(), self.averages.is_some());
        self.numbers(weights, keeps_moments, keeps_averages)
    }
}
