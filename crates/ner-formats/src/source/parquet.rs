use std::io::{self, Cursor, ErrorKind, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use bytes::Bytes;
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::reader::RowIter;
use serde_json::Value;

/// The rows of a Parquet file as lines of JSON, an object each, so that whatever reads records reads them. The number of a
/// line is that of a row.
pub(super) struct JsonRows {
    rows: RowIter<'static>,
    /// What Hugging Face's `datasets` tell of the columns; null in files of others.
    features: Value,
    line: Cursor<Vec<u8>>,
}

impl JsonRows {
    /// The rows of a whole file: its table of contents is at the end.
    pub(super) fn of(bytes: Vec<u8>) -> io::Result<JsonRows> {
        let file = guarded(|| SerializedFileReader::new(Bytes::from(bytes)))?;
        let features = features(&file);
        let rows = RowIter::from_file_into(Box::new(file));
        Ok(JsonRows { rows, features, line: Cursor::default() })
    }
}

impl Read for JsonRows {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.line.position() == self.line.get_ref().len() as u64 {
            // Not only the reading: a time that is out of bounds is noticed when it is written as text.
            let row = guarded(|| Ok(self.rows.next().transpose()?.map(|row| row.to_json_value())))?;
            let Some(mut row) = row else { return Ok(0) };
            name_classes(&mut row, &self.features);
            let mut line = row.to_string().into_bytes();
            line.push(b'\n');
            self.line = Cursor::new(line);
        }
        self.line.read(buffer)
    }
}

/// Calls the library, which panics on columns of rare types and on some damaged files.
fn guarded<T>(call: impl FnOnce() -> Result<T, ParquetError>) -> io::Result<T> {
    let problem = match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(value)) => return Ok(value),
        Ok(Err(ParquetError::NYI(problem) | ParquetError::General(problem))) => problem,
        Ok(Err(error)) => error.to_string(),
        Err(_) => "damaged, or a column of a type that is not read".to_owned(),
    };
    let message = format!(
        "the Parquet file cannot be read: {problem}; fetch it again, or write it with \
         compression=\"snappy\", or as JSON Lines: dataset.to_json(\"x.jsonl\")"
    );
    Err(io::Error::new(ErrorKind::InvalidData, message))
}

/// The features in the metadata that Hugging Face's `datasets` write.
fn features(file: &dyn FileReader) -> Value {
    let metadata = file.metadata().file_metadata().key_value_metadata();
    let own = metadata.into_iter().flatten().find(|entry| entry.key == "huggingface");
    let own = own.and_then(|entry| serde_json::from_str::<Value>(entry.value.as_deref()?).ok());
    own.and_then(|mut own| Some(own.pointer_mut("/info/features")?.take())).unwrap_or_default()
}

/// Puts the names of classes, of which columns hold the numbers, in place of these. A number without a name stays, for
/// the reader of records to tell.
fn name_classes(value: &mut Value, feature: &Value) {
    match value {
        Value::Number(number) => {
            let index = number.as_u64().and_then(|index| usize::try_from(index).ok());
            if let Some(name @ Value::String(_)) = index.and_then(|index| feature.get("names")?.get(index)) {
                *value = name.clone();
            }
        }
        // Lists are described as `{"feature": ..}`, or as `[..]` of one element; that of a structure's list stands for
        // the lists of its fields.
        Value::Array(items) => {
            let feature = feature.get("feature").or_else(|| feature.get(0)).unwrap_or(feature);
            items.iter_mut().for_each(|item| name_classes(item, feature));
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                // A list of structures is stored as a structure of lists.
                let own = feature.get(name);
                if let Some(feature) = own.or_else(|| feature.pointer("/feature")?.get(name)) {
                    name_classes(field, feature);
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(mut value: Value, feature: Value, expected: Value) {
        name_classes(&mut value, &feature);
        assert_eq!(value, expected);
    }

    #[test]
    fn classes_are_named_at_any_depth() {
        let class = json!({"names": ["O", "B-PER"], "_type": "ClassLabel"});
        let (plain, numbers) = (json!({"dtype": "int64", "_type": "Value"}), json!({"a": [1, 0, 2, -1]}));
        let named = json!({"a": ["B-PER", "O", 2, -1]});
        check(numbers.clone(), json!({"a": {"feature": class, "_type": "Sequence"}}), named.clone());
        check(numbers.clone(), json!({"a": [class]}), named);
        check(numbers.clone(), json!({"a": {"feature": plain, "_type": "List"}}), numbers.clone());
        check(numbers.clone(), Value::Null, numbers);
        let sequence = json!({"spans": {"feature": {"label": class, "start": plain}, "_type": "Sequence"}});
        check(
            json!({"spans": {"label": [1], "start": [1]}}),
            sequence,
            json!({"spans": {"label": ["B-PER"], "start": [1]}}),
        );
        let list = json!({"spans": {"feature": {"label": class}, "_type": "List"}});
        check(json!({"spans": [{"label": 1}]}), list, json!({"spans": [{"label": "B-PER"}]}));
    }
}
