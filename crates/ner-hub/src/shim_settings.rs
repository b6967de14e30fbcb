use ner_thinc::ShimSettings;
use serde_json::Value;

use crate::HubError;

/// The settings of an encoder out of the shim that spacy-transformers keeps it in. Keys that are numbers there, those of
/// labels, are texts as in `config.json`.
///
/// # Errors
/// If the shim has none, as before initialisation, or if they are no settings.
pub fn settings_of_shim(shim: &ShimSettings) -> Result<Value, HubError> {
    let mend = "initialise the pipeline, or load one that was trained";
    let config =
        shim.config().ok_or_else(|| HubError::content("no config", "the settings of an encoder", mend))?;
    serde_json::to_value(config).map_err(|error| {
        let mend = "the model file is damaged; get it again";
        HubError::content(error.to_string(), "the settings of an encoder", mend)
    })
}

/// The content of a `config.json` as the value `config` of a shim.
pub fn settings_for_shim(settings: &Value) -> rmpv::Value {
    rmpv::ext::to_value(settings).expect("all that JSON has, MessagePack has as well")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn settings_pass_through_a_shim() {
        let settings = json!({"model_type": "bert", "layer_norm_eps": 1e-12, "id2label": {"0": "A"}, "big": 1_u64 << 40, "no": null});
        let mut shim = ShimSettings::default();
        shim.values.insert("config".to_owned(), settings_for_shim(&settings));
        assert_eq!(settings_of_shim(&shim).unwrap(), settings);
        let labels = rmpv::Value::Map(vec![(0.into(), "A".into())]);
        shim.values.insert("config".to_owned(), rmpv::Value::Map(vec![("id2label".into(), labels)]));
        assert_eq!(settings_of_shim(&shim).unwrap(), json!({"id2label": {"0": "A"}}));
        shim.values.insert("config".to_owned(), rmpv::Value::Map(vec![]));
        assert!(settings_of_shim(&shim).unwrap_err().to_string().starts_with("found no config"));
        let nonsense = rmpv::Value::Map(vec![(rmpv::Value::Nil, rmpv::Value::Binary(vec![1]))]);
        shim.values.insert("config".to_owned(), nonsense);
        assert!(settings_of_shim(&shim).is_err());
    }
}
