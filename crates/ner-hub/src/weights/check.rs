use std::collections::HashMap;

use crate::{EncoderConfig, EncoderNames, HubError, Weight};

/// How many faults are told in full.
const MAX_TOLD: usize = 5;

/// Makes sure that an encoder's weights are there and have the shapes that its settings ask for, and gives those that are
/// there, in PyTorch's order. The pooler may be missing; what is not part of the encoder is passed over.
///
/// # Errors
/// All that is wrong, in one error.
pub fn check_weights(
    config: &EncoderConfig,
    found: &HashMap<String, Vec<usize>>,
) -> Result<Vec<Weight>, HubError> {
    let weights = EncoderNames::hugging_face(config).weights(config);
    let faults: Vec<_> = weights.iter().filter_map(|weight| fault(weight, found)).collect();
    if !faults.is_empty() {
        let count = faults.len();
        return Err(HubError::Weights { count, first: faults.into_iter().take(MAX_TOLD).collect() });
    }
    Ok(weights.into_iter().filter(|weight| found.contains_key(&weight.name)).collect())
}

fn fault(weight: &Weight, found: &HashMap<String, Vec<usize>>) -> Option<String> {
    match found.get(&weight.name) {
        Some(shape) if *shape == weight.shape => None,
        Some(shape) => Some(format!("{} has shape {shape:?}, expected {:?}", weight.name, weight.shape)),
        None if weight.is_pooler => None,
        None => Some(format!("{} is missing, expected shape {:?}", weight.name, weight.shape)),
    }
}
