use ner_doc::{Annotation, Doc, EntityAnnotation, Example, Syntax};
use ner_tokenizer::Tokenizer;
use ner_vocab::StringId;

use super::annotation::{annotation, example, text};
use crate::AugmentError;

/// Inserts a token of white space before the token at `position`. Leaves examples with span groups, with links to a
/// knowledge base or with some tokens parsed and others not as they are.
pub(super) fn whitespace_variant(
    original: Example,
    whitespace: &str,
    position: usize,
    tokenizer: &Tokenizer,
) -> Result<Example, AugmentError> {
    let doc = &original.reference;
    let mut annotation = annotation(doc)?;
    let is_parsed = has(doc, |syntax| syntax.dep);
    let is_partly_parsed = is_parsed && doc.syntax.iter().any(|syntax| syntax.dep.is_empty());
    if doc.is_empty() || !annotation.links.is_empty() || !doc.spans.is_empty() || is_partly_parsed {
        return Ok(original);
    }
    insert_entity_tag(&mut annotation, doc, position);
    insert(&mut annotation.words, position, whitespace.to_owned());
    insert(&mut annotation.spaces, position, false);
    insert_or_drop(&mut annotation.tags, has(doc, |syntax| syntax.tag), position, "_SP");
    insert_or_drop(&mut annotation.lemmas, has(doc, |syntax| syntax.lemma), position, whitespace);
    insert_or_drop(&mut annotation.pos, has(doc, |syntax| syntax.pos), position, "SPACE");
    insert_or_drop(&mut annotation.morphs, has(doc, |syntax| syntax.morph), position, "");
    if is_parsed {
        insert_head(&mut annotation, position);
    } else {
        (annotation.heads, annotation.deps) = (None, None);
    }
    if doc.has_sentence_annotation() {
        insert(&mut annotation.sent_starts, position, -1);
    } else {
        annotation.sent_starts = None;
    }
    example(&text(&annotation), &annotation, tokenizer)
}

fn has(doc: &Doc, field: fn(&Syntax) -> StringId) -> bool {
    doc.syntax.iter().any(|syntax| !field(syntax).is_empty())
}

fn insert<T>(values: &mut Option<Vec<T>>, position: usize, value: T) {
    if let Some(values) = values {
        values.insert(position, value);
    }
}

fn insert_or_drop(values: &mut Option<Vec<String>>, is_annotated: bool, position: usize, value: &str) {
    if is_annotated {
        insert(values, position, value.to_owned());
    } else {
        *values = None;
    }
}

/// Inside an entity the token belongs to it, elsewhere it is outside. Where there is no entity at all, all tokens become
/// unknown.
fn insert_entity_tag(annotation: &mut Annotation, doc: &Doc, position: usize) {
    let Some(EntityAnnotation::Tags(tags)) = &mut annotation.entities else { return };
    if doc.tokens.iter().all(|token| token.ent_type.is_empty()) {
        // spaCy: augment.py asks for labels, so that a text whose tokens are all outside loses that.
        annotation.entities = None;
        return;
    }
    // spaCy: behind the first token it is outside, even if the entity continues there (training/augment.py).
    let inside =
        (position > 1).then(|| tags[position - 1].as_deref().zip(tags[position].as_deref())).flatten();
    let label = inside.and_then(|(before, after)| {
        let label = before.strip_prefix("B-").or_else(|| before.strip_prefix("I-"))?;
        (after.strip_prefix("I-").or_else(|| after.strip_prefix("L-"))? == label).then_some(label)
    });
    let tag = label.map_or_else(|| "O".to_owned(), |label| format!("I-{label}"));
    tags.insert(position, Some(tag));
}

/// The head of the token is the one before it, or the one after it if it is the first.
fn insert_head(annotation: &mut Annotation, position: usize) {
    let before = position.saturating_sub(1) as i64;
    insert(&mut annotation.heads, position, Some(before));
    for head in annotation.heads.iter_mut().flatten().flatten() {
        // The new token's own head lies before the position, or is the position itself at the start of the text, and moves
        // on with the others then.
        *head += i64::from(*head >= position as i64);
    }
    insert(&mut annotation.deps, position, Some("dep".to_owned()));
}
