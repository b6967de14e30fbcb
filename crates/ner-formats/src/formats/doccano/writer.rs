use ner_doc::{Doc, DocError};
use serde_json::json;

use crate::account::{OutputAccount, Unsaid};
use crate::formats::markup::Markup;

/// A document as a line; without `label` if nothing is known of it.
pub(crate) fn to_line(doc: &Doc, account: &mut OutputAccount) -> Result<String, DocError> {
    let markup = Markup::of(doc)?;
    account.leave_out(doc, &[Unsaid::Rejected, Unsaid::Links, Unsaid::Ids]);
    account.leave_out(doc, &Unsaid::BESIDE_ENTITIES);
    let mut record = json!({"text": doc.text()});
    // An empty `label` would say that there is no entity.
    if doc.has_entity_annotation() {
        account.leave_out(doc, &[Unsaid::Unknown]);
        let spans = markup.entities.iter().map(|entity| {
            let (start, end) = markup.bounds(entity.start..entity.end);
            json!([start, end, &*markup.text(entity.label)])
        });
        record["label"] = spans.collect();
    }
    Ok(format!("{record}\n"))
}
