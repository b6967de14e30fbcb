//! Weights of an encoder under the names of a state.

use indexmap::IndexMap;
use ner_hub::EncoderNames;
use ner_thinc::{Array, ThincError};
use ner_transformer::{Encoder, Weight, WeightMut};

use crate::Parameter;

/// Weights by their names.
pub(super) type Arrays = IndexMap<String, Array>;

/// A weight as a parameter.
pub(super) fn parameter<'a>(weight: Weight<'a>) -> &'a dyn Parameter {
    match weight {
        Weight::Table(table) => table,
        Weight::Vector(vector) => vector,
        Weight::Matrix(matrix) => matrix,
    }
}

fn parameter_mut<'a>(weight: WeightMut<'a>) -> &'a mut dyn Parameter {
    match weight {
        WeightMut::Table(table) => table,
        WeightMut::Vector(vector) => vector,
        WeightMut::Matrix(matrix) => matrix,
    }
}

/// All weights of an encoder.
pub(super) fn parameters_mut(encoder: &mut Encoder) -> Vec<&mut dyn Parameter> {
    encoder.weights_mut().into_iter().map(parameter_mut).collect()
}

/// Moves weights into an encoder. They have been checked: all are there, and have the right shape.
pub(super) fn put(encoder: &mut Encoder, names: &EncoderNames, mut arrays: Arrays) {
    let named: Vec<String> = encoder.weights(names).into_iter().map(|(name, _)| name).collect();
    for (name, parameter) in named.iter().zip(parameters_mut(encoder)) {
        let array = arrays.swap_remove(name).expect("the weights were checked");
        // The numbers move, so that none of them is copied.
        let mut taken = parameter.take();
        (_, taken.weights) = array.into_parts();
        parameter.put(taken);
    }
}

/// Fails if a weight has a number that is infinite or none at all.
pub(super) fn check_finite(arrays: &Arrays) -> Result<(), ThincError> {
    arrays.iter().try_for_each(|(name, array)| array.check_finite(name))
}
