use serde_json::Value;

use super::values::{Object, first_of, index, unexpected};
use crate::record::RecordError;

/// The keys under which a record, or the file around it, lists the labels that numbers stand for.
const NAME_KEYS: [&str; 4] = ["label_names", "names", "label_list", "id2label"];

/// The labels that numbers stand for, if a record says so. It is asked when a number is met, which is seldom.
#[derive(Default)]
pub(in crate::formats) struct LabelNames<'a>(Option<&'a Object>);

const NUMBER_FORM: &str = "a name, or a number with the list of names beside it (\"label_names\"); export with names instead of ids";

impl<'a> LabelNames<'a> {
    pub(in crate::formats) fn of(object: &'a Object) -> LabelNames<'a> {
        LabelNames(Some(object))
    }

    /// A label that is written as a name or as a number.
    pub(in crate::formats) fn label(&self, key: &str, value: &Value) -> Result<String, RecordError> {
        let name = match value {
            Value::String(name) => Some(name.as_str()),
            Value::Number(number) => match self.0.and_then(|object| first_of(object, &NAME_KEYS)) {
                Some(Value::Array(names)) => index(value).and_then(|number| names.get(number)?.as_str()),
                Some(Value::Object(names)) => names.get(&number.to_string()).and_then(Value::as_str),
                _ => None,
            },
            _ => None,
        };
        name.map(str::to_owned).ok_or_else(|| unexpected(key, value, NUMBER_FORM))
    }
}
