//! Rows of a data set as the viewer of Hugging Face gives them: `{"features": [..], "rows": [{"row": {..}}]}`.

use serde_json::Value;

use super::records::{TAG_KEYS, record, unexpected};
use crate::read::ReadOptions;
use crate::record::Record;
use crate::source::Sample;
use crate::{FormatError, Place};

pub(super) fn looks_like(sample: &Sample<'_>) -> bool {
    sample.json.as_ref().is_some_and(|(_, value)| {
        value.get("row").is_some_and(Value::is_object)
            || value.pointer("/rows/0/row").is_some_and(Value::is_object)
    })
}

pub(super) fn read(place: &Place, value: &Value, _: &ReadOptions) -> Result<Vec<Record>, FormatError> {
    let rows = match value.get("rows") {
        Some(Value::Array(rows)) => rows.as_slice(),
        _ => std::slice::from_ref(value),
    };
    let numbered = rows.iter().enumerate();
    numbered
        .map(|(index, row)| {
            // All rows may stand on one line, so a number says more than that does.
            let place = if rows.len() > 1 { place.clone().document(index + 1) } else { place.clone() };
            let row = row
                .get("row")
                .ok_or_else(|| unexpected("rows[..]", row, "an object with \"row\""))
                .and_then(|row| record(&place, &with_names(row, value.get("features"))));
            row.map_err(|problem| FormatError::Record { place, problem })
        })
        .collect()
}

/// A row with the names of its numbered tags, which stand in the features of the data set.
fn with_names(row: &Value, features: Option<&Value>) -> Value {
    let mut row = row.clone();
    let Value::Object(columns) = &mut row else { return row };
    let key = TAG_KEYS.into_iter().find(|key| columns.contains_key(*key));
    if let Some(names) = key.and_then(|key| names(features?, key)) {
        // Under the key that a record of numbered tags has itself, so that one reader knows both.
        columns.insert("label_names".to_owned(), names.clone());
    }
    row
}

fn names<'a>(features: &'a Value, column: &str) -> Option<&'a Value> {
    let feature = match features {
        Value::Array(features) => {
            features.iter().find(|feature| feature["name"] == column).and_then(|feature| feature.get("type"))
        }
        features => features.get(column),
    }?;
    feature.pointer("/feature/names").or_else(|| feature.pointer("/feature/feature/names"))
}
