use ner_vocab::{StringId, StringStore};

/// The analysis without any feature.
const EMPTY: &str = "_";

/// Makes sure that every feature is of the form `Name=Value`; an error is the first that is not.
pub(crate) fn check_analysis(features: &str) -> Result<(), &str> {
    if features.is_empty() || features == EMPTY {
        return Ok(());
    }
    match features.split('|').find(|feature| feature.matches('=').count() != 1) {
        Some(feature) => Err(feature),
        None => Ok(()),
    }
}

/// Keeps a morphological analysis with its features and their values in order; an error names the wrong feature.
pub(crate) fn add_analysis<'a>(features: &'a str, strings: &StringStore) -> Result<StringId, &'a str> {
    check_analysis(features)?;
    let mut fields: Vec<(&str, String)> = Vec::new();
    for (field, values) in fields_of(features) {
        let mut values: Vec<&str> = values.split(',').collect();
        values.sort_unstable();
        // Of a field that is named twice the last one holds, as in a Python dictionary.
        fields.retain(|(other, _)| *other != field);
        fields.push((field, format!("{field}={}", values.join(","))));
    }
    let analysis = joined(fields.into_iter().map(|(_, feature)| feature));
    Ok(strings.add(if analysis.is_empty() { EMPTY } else { &analysis }))
}

/// The union of analyses, in order.
pub(crate) fn merge_analyses<'a>(analyses: impl Iterator<Item = &'a str>) -> String {
    let mut fields: Vec<(&str, Vec<&str>)> = Vec::new();
    for (field, values) in analyses.flat_map(fields_of) {
        let place = fields.iter().position(|(other, _)| *other == field).unwrap_or(fields.len());
        if place == fields.len() {
            fields.push((field, Vec::new()));
        }
        fields[place].1.extend(values.split(','));
    }
    joined(fields.into_iter().map(|(field, mut values)| {
        values.sort_unstable();
        values.dedup();
        format!("{field}={}", values.join(","))
    }))
}

/// Names and values of well-formed features.
fn fields_of(features: &str) -> impl Iterator<Item = (&str, &str)> {
    features.split('|').filter_map(|feature| feature.split_once('='))
}

fn joined(features: impl Iterator<Item = String>) -> String {
    let mut features: Vec<String> = features.collect();
    features.sort_unstable();
    features.join("|")
}

/// Whether a string is empty or one of the universal parts of speech.
pub(crate) fn is_part_of_speech(id: StringId) -> bool {
    // Among the reserved strings these ids are the parts of speech, from ADJ to SPACE (spaCy's symbols.pyx).
    id.is_empty() || (84..=103).contains(&id.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn analyses_are_put_in_order() {
        let strings = StringStore::default();
        let check = |features, expected: Result<&str, &str>| {
            let found = add_analysis(features, &strings).map(|id| strings.get(id).unwrap().to_string());
            assert_eq!(found, expected.map(str::to_owned));
        };
        check("", Ok("_"));
        check("C=d,b|A=b", Ok("A=b|C=b,d"));
        check("A=b|A=c", Ok("A=c"));
        check("A=b,", Ok("A=,b"));
        check("A=b|foo", Err("foo"));
        check("A=b=c", Err("A=b=c"));
        assert_eq!(merge_analyses(["B=x", "", "A=y|B=w,x"].into_iter()), "A=y|B=w,x");
    }
}
