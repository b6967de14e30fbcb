use ner_config::{Builder, ConfigError};
use ner_transitions::{LabelSmoothing, Objective};
use schemars::JsonSchema;
use serde::Deserialize;

/// Right actions, and a little of all that are valid.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LabelSmoothingConfig {
    /// What the valid actions share alike of the target: at least 0, which is the usual loss, and less than 1.
    #[serde(default = "twentieth")]
    share: f32,
}

fn twentieth() -> f32 {
    0.05
}

pub(crate) fn label_smoothing(
    config: LabelSmoothingConfig,
    builder: &Builder,
) -> Result<Box<dyn Objective>, ConfigError> {
    let share = config.share;
    if !(0.0..1.0).contains(&share) {
        return Err(builder.invalid("share", format!("found {share}, expected at least 0 and less than 1")));
    }
    Ok(Box::new(LabelSmoothing { share }))
}
