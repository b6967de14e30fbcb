use serde::Deserialize;

use super::input::Paragraph;
use super::paragraph::ParagraphReader;
use crate::FormatError;
use crate::convert::job::Job;

#[derive(Deserialize)]
struct TrainingDocument {
    paragraphs: Vec<Paragraph>,
}

/// Converts spaCy's training JSON, a paragraph to a document. Entities are those of the tokens.
pub(crate) fn convert(job: &mut Job<'_>) -> Result<(), FormatError> {
    // spaCy: a model is loaded although the file has sentences of its own (training/converters/json_to_docs.py).
    job.refuse_model()?;
    let mut n_docs = 0;
    for object in objects(job.source.text()) {
        let document: TrainingDocument =
            serde_json::from_str(object).map_err(|error| not_training_json(job, object, &error))?;
        for paragraph in document.paragraphs {
            n_docs += 1;
            let doc = ParagraphReader { job, object, number: n_docs }.read(&paragraph)?;
            job.keep(doc)?;
        }
    }
    if n_docs == 0 {
        // spaCy: a value other than a list of objects holds no documents, which is not an error.
        tracing::warn!(file = %job.source.file().display(), "No documents found, expected a JSON list of objects.");
    }
    Ok(())
}

fn not_training_json(job: &Job<'_>, object: &str, error: &serde_json::Error) -> FormatError {
    let place = job.source.place(object);
    let line = place.line.map_or(1, |line| line.get() as usize) + error.line().saturating_sub(1);
    // The place that the error itself names is one within the object.
    let message = error.to_string();
    let cause = message.rsplit_once(" at line ").map_or(message.as_str(), |(cause, _)| cause);
    FormatError::Malformed {
        place: place.line(line).column(error.column()),
        message: format!("not spaCy's training JSON: {cause}"),
        code: None,
    }
}

/// The objects of a list, each as a text of its own.
// Found by counting brackets instead of parsing the list, so that only one document at a time is held as JSON.
fn objects(text: &str) -> impl Iterator<Item = &str> {
    let (mut squares, mut curlies, mut start) = (0_i64, 0_i64, 0);
    let (mut in_string, mut is_escaped) = (false, false);
    text.bytes().enumerate().filter_map(move |(index, byte)| {
        if std::mem::take(&mut is_escaped) {
            return None;
        }
        match byte {
            b'\\' => is_escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'[' => squares += 1,
            b']' => squares -= 1,
            b'{' => {
                if (squares, curlies) == (1, 0) {
                    start = index;
                }
                curlies += 1;
            }
            b'}' => {
                curlies -= 1;
                return ((squares, curlies) == (1, 0)).then(|| &text[start..=index]);
            }
            _ => {}
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_found_in_a_list_only() {
        let check = |text, expected: &[&str]| assert_eq!(objects(text).collect::<Vec<_>>(), expected);
        check(r#"[{"a": [{}]}, {"b": "]}\""}]"#, &[r#"{"a": [{}]}"#, r#"{"b": "]}\""}"#]);
        check(r#"{"a": 1}"#, &[]);
        check(r#"[{"a": 1"#, &[]);
        check("]}[{", &[]);
    }
}
