use ner_doc::{Doc, DocError};
use serde_json::{Value, json};

use crate::account::{OutputAccount, Unsaid};
use crate::formats::markup::Markup;
use crate::formats::{DocWriter, Texts};

/// Tasks that are done, of documents of which something is known.
pub(crate) const ANNOTATIONS: fn() -> Box<dyn DocWriter> = || Texts::framed(to_annotated_task, FRAME);

/// Tasks with entities for an annotator to look at.
pub(crate) const PREDICTIONS: fn() -> Box<dyn DocWriter> = || Texts::framed(to_predicted_task, FRAME);

/// A list with a task a line.
const FRAME: [&str; 3] = ["[\n", ",\n", "\n]\n"];

fn to_annotated_task(doc: &Doc, account: &mut OutputAccount) -> Result<String, DocError> {
    let mut task = task(doc, account);
    if doc.has_entity_annotation() {
        account.leave_out(doc, &[Unsaid::Unknown]);
        task["annotations"] = json!([{"result": results(&Markup::of(doc)?)}]);
    }
    Ok(task.to_string())
}

fn to_predicted_task(doc: &Doc, account: &mut OutputAccount) -> Result<String, DocError> {
    let mut task = task(doc, account);
    task["predictions"] = json!([{"model_version": "ner", "result": results(&Markup::of(doc)?)}]);
    Ok(task.to_string())
}

fn task(doc: &Doc, account: &mut OutputAccount) -> Value {
    account.leave_out(doc, &[Unsaid::Rejected, Unsaid::Links, Unsaid::Ids]);
    account.leave_out(doc, &Unsaid::BESIDE_ENTITIES);
    json!({"data": {"text": doc.text()}})
}

/// The names `label` and `text` are those of Label Studio's template for named entities.
fn results(markup: &Markup<'_>) -> Value {
    let result = |(index, entity): (usize, &ner_doc::Entity)| {
        let (start, end) = markup.bounds(entity.start..entity.end);
        json!({
            "id": format!("entity-{}", index + 1),
            "from_name": "label",
            "to_name": "text",
            "type": "labels",
            "value": {
                "start": start,
                "end": end,
                "text": markup.entity_text(entity),
                "labels": [&*markup.text(entity.label)],
            },
        })
    };
    markup.entities.iter().enumerate().map(result).collect()
}
