use ner_doc::{BiluoTag, Doc, DocError, EntIob, iob_to_biluo, tags_to_entities};

use crate::record::RecordError;

/// Sets the entities of a document from a tag for each token, and returns how many there are.
pub(crate) fn set_tags(doc: &mut Doc, tags: &[String]) -> Result<usize, RecordError> {
    let strings = doc.vocab().clone();
    let wrong = |error: DocError| match &error {
        DocError::UnknownTag { tag } => {
            let token = tags.iter().position(|other| other == tag).unwrap_or_default();
            let word = doc.tokens[token].text().to_owned();
            RecordError::Tag { token, word, tag: tag.clone() }
        }
        _ => error.into(),
    };
    let biluo = iob_to_biluo(tags).map_err(wrong)?;
    let parse = |tag: &String| BiluoTag::parse(tag, strings.strings());
    let biluo: Vec<_> = biluo.iter().map(parse).collect::<Result<_, _>>().map_err(wrong)?;
    let entities = tags_to_entities(&biluo)?;
    doc.set_entities(&entities, EntIob::Out)?;
    Ok(entities.len())
}
