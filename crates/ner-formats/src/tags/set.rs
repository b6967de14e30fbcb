use ner_doc::Doc;

use super::entities::{set_entities, to_biluo};
use super::{Scheme, SchemeError, Survey};
use crate::record::RecordError;

/// Sets the entities of a document from a tag for each token, and returns how many there are. Records come one by one,
/// so each shows its scheme for itself.
pub(crate) fn set_tags(doc: &mut Doc, tags: &[String], given: Option<Scheme>) -> Result<usize, RecordError> {
    let mut survey = Survey::new(given);
    let parsed = tags.iter().map(|tag| survey.add(tag)).collect::<Result<Vec<_>, _>>();
    let parsed = parsed.and_then(|parsed| survey.scheme().map(|_| parsed)).map_err(|error| {
        let (SchemeError::NoTag(tag, _) | SchemeError::Mixed(_, tag)) = error;
        // By its text: the survey knows tags, not tokens, and the first with this text is as wrong.
        let token = tags.iter().position(|other| other == tag).unwrap_or_default();
        RecordError::Tag { token, word: doc.tokens[token].text().to_owned(), tag: tag.to_owned() }
    })?;
    let biluo = to_biluo(&parsed, doc.vocab().strings());
    Ok(set_entities(doc, &biluo)?)
}
