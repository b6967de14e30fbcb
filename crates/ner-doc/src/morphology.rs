use std::collections::BTreeMap;

use crate::DocError;

/// The written form of a morphological analysis: fields and their values in order, `_` for none at all.
pub(crate) fn normalize_features(token: usize, text: &str) -> Result<String, DocError> {
    // spaCy: the empty string stands for no analysis, so one without features is `_` (morphology.pyx).
    if matches!(text, "" | "_") {
        return Ok("_".to_owned());
    }
    let mut fields = BTreeMap::new();
    for feature in text.split('|') {
        let (field, values) = feature
            .split_once('=')
            .ok_or_else(|| DocError::UnknownFeature { token, feature: feature.to_owned() })?;
        let mut values: Vec<&str> = values.split(',').collect();
        values.sort_unstable();
        fields.insert(field, values.join(","));
    }
    // spaCy: features are sorted as written (morphology.pyx): A goes before A1, but `A1=` before `A=`.
    let mut features: Vec<String> =
        fields.iter().map(|(field, values)| format!("{field}={values}")).collect();
    features.sort_unstable();
    Ok(features.join("|"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_values_are_sorted() {
        assert_eq!(normalize_features(0, "Number=Sing|Case=Nom,Acc").unwrap(), "Case=Acc,Nom|Number=Sing");
        assert_eq!(normalize_features(0, "").unwrap(), "_");
        assert!(normalize_features(0, "Sing").is_err());
    }
}
