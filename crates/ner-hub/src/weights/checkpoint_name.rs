/// Prefixes of a base model inside of a model with heads.
const PREFIXES: [&str; 5] = ["bert.", "roberta.", "distilbert.", "electra.", "albert."];

/// What a checkpoint's weight is called in the base model: without the prefix that models with heads put before it, and with
/// the modern names of a normalisation's weights, which old checkpoints call `gamma` and `beta`.
pub fn base_name(name: &str) -> String {
    let name = PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name);
    match name.rsplit_once('.') {
        Some((layer, "gamma")) => format!("{layer}.weight"),
        Some((layer, "beta")) => format!("{layer}.bias"),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_base_model() {
        for (name, expected) in [
            ("bert.embeddings.LayerNorm.gamma", "embeddings.LayerNorm.weight"),
            ("embeddings.LayerNorm.beta", "embeddings.LayerNorm.bias"),
            ("roberta.encoder.layer.0.output.dense.weight", "encoder.layer.0.output.dense.weight"),
            ("pooler.weight", "pooler.weight"),
            ("gamma", "gamma"),
        ] {
            assert_eq!(base_name(name), expected);
        }
    }
}
