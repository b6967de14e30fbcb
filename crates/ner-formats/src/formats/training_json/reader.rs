use serde::Deserialize;

use super::input::Paragraph;
use super::paragraph::ParagraphReader;
use crate::FormatError;
use crate::formats::job::Job;
use crate::source::items_of;

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct TrainingDocument {
    paragraphs: Vec<Paragraph>,
}

/// Converts spaCy's training JSON, a paragraph to a document. Entities are those of the tokens.
pub(crate) fn convert(job: &mut Job<'_>) -> Result<(), FormatError> {
    // spaCy: a model is loaded although the file has sentences of its own (training/converters/json_to_docs.py).
    job.refuse_model()?;
    let (mut n_docs, mut n_disagreeing) = (0, 0);
    for object in items_of(job.source)? {
        let document: TrainingDocument =
            serde_json::from_str(object).map_err(|error| not_training_json(job, object, &error))?;
        for paragraph in document.paragraphs {
            n_docs += 1;
            let (doc, n_spans) = ParagraphReader { job, object, number: n_docs }.read(&paragraph)?;
            n_disagreeing += usize::from(paragraph.disagrees(&doc));
            job.keep(doc, 1, n_spans)?;
        }
    }
    if n_disagreeing > 0 {
        job.account.findings.push(format!(
            "the `entities` of {n_disagreeing} of {n_docs} paragraphs differ from the tags `ner` of their tokens; the tags hold"
        ));
    }
    Ok(())
}

fn not_training_json(job: &Job<'_>, object: &str, error: &serde_json::Error) -> FormatError {
    let place = job.source.place(object);
    let line = place.line.map_or(1, |line| line.get() as usize) + error.line().saturating_sub(1);
    // The place that the error itself names is one within the object.
    let message = error.to_string();
    let cause = message.rsplit_once(" at line ").map_or(message.as_str(), |(cause, _)| cause);
    let before = if error.line() == 1 { job.source.column(object) - 1 } else { 0 };
    FormatError::Malformed {
        place: place.line(line).column(before + error.column()),
        message: format!(
            "not spaCy's training JSON: {cause}; expected {{\"paragraphs\": [{{\"sentences\": [{{\"tokens\": [..]}}]}}]}}, or \
             records with \"text\" and \"entities\""
        ),
        code: None,
    }
}
