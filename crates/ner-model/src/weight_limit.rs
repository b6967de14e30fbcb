use ner_config::{Builder, ConfigError};

/// Weights that one layer may have. A config that asks for more is wrong, or not meant well.
const MAX_WEIGHTS: usize = 1 << 30;

/// Fails, naming the argument `key`, if a layer of this shape has no weight or more than memory should be taken for.
pub(crate) fn check_weights(builder: &Builder<'_>, key: &str, shape: &[usize]) -> Result<(), ConfigError> {
    match shape.iter().try_fold(1, |product: usize, &length| product.checked_mul(length)) {
        Some(0) => Err(builder.invalid(key, "expected at least 1, found 0")),
        Some(count) if count <= MAX_WEIGHTS => Ok(()),
        _ => {
            let shape: Vec<String> = shape.iter().map(usize::to_string).collect();
            let shape = shape.join(" x ");
            Err(builder
                .invalid(key, format!("expected a layer of at most {MAX_WEIGHTS} weights, found {shape}")))
        }
    }
}
