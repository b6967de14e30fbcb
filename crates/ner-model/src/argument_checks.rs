//! Checks of the arguments of architectures, before memory is taken for weights.

use ner_config::{Builder, ConfigError};

/// The most weights that one layer may have, 4 GiB: more is a mistake in a config, or an attack.
const MAX_WEIGHTS: usize = 1 << 30;

/// Fails, naming the argument, if one of some numbers is 0.
pub(crate) fn check_at_least_one(
    builder: &Builder<'_>,
    arguments: &[(&str, usize)],
) -> Result<(), ConfigError> {
    match arguments.iter().find(|(_, value)| *value == 0) {
        Some((key, _)) => Err(builder.invalid(key, "expected at least 1, found 0")),
        None => Ok(()),
    }
}

/// Fails, naming the argument `key`, if a layer of this shape has no weights or more than [`MAX_WEIGHTS`].
pub(crate) fn check_weights(builder: &Builder<'_>, key: &str, shape: &[usize]) -> Result<(), ConfigError> {
    match shape.iter().try_fold(1, |product: usize, &length| product.checked_mul(length)) {
        Some(0) => Err(builder.invalid(key, "expected at least 1, found 0")),
        Some(count) if count <= MAX_WEIGHTS => Ok(()),
        // A product that no `usize` holds ends here too.
        _ => {
            let shape: Vec<String> = shape.iter().map(usize::to_string).collect();
            let shape = shape.join(" x ");
            Err(builder
                .invalid(key, format!("expected a layer of at most {MAX_WEIGHTS} weights, found {shape}")))
        }
    }
}
