use ner_doc::{
    Annotation, BiluoTag, Doc, DocError, EntIob, EntityAnnotation, Example, LabelledSpan, Link,
    offsets_to_biluo_tags,
};
use ner_tokenizer::Tokenizer;
use ner_vocab::StringId;

use crate::AugmentError;

/// The annotation of a document, in a form that can be changed. Ids of entities are not part of it.
// spaCy: augment.py goes through Example.to_dict, which knows starts of sentences, but not that there is none.
pub(super) fn annotation(doc: &Doc) -> Result<Annotation, DocError> {
    let text = |id: StringId| doc.vocab().strings().get(id).unwrap_or_default().to_string();
    let syntax = |field: fn(&ner_doc::Syntax) -> StringId| -> Vec<String> {
        let syntax = |index| doc.syntax.get(index).map_or_else(String::new, |syntax| text(field(syntax)));
        (0..doc.len()).map(syntax).collect()
    };
    let is_start = |index: usize| i8::from(is_sentence_start(doc, index));
    Ok(Annotation {
        words: Some(doc.words().into_iter().map(str::to_owned).collect()),
        spaces: Some(doc.tokens.iter().map(|token| token.space_after).collect()),
        text: None,
        entities: Some(EntityAnnotation::Tags(tags(doc)?)),
        tags: Some(syntax(|syntax| syntax.tag)),
        pos: Some(syntax(|syntax| syntax.pos)),
        lemmas: Some(syntax(|syntax| syntax.lemma)),
        morphs: Some(syntax(|syntax| syntax.morph)),
        deps: Some(syntax(|syntax| syntax.dep).into_iter().map(Some).collect()),
        heads: Some((0..doc.len()).map(|index| Some(head(doc, index))).collect()),
        sent_starts: Some((0..doc.len()).map(is_start).collect()),
        cats: doc.cats.clone(),
        links: links(doc)?,
        spans: spans(doc),
    })
}

/// The example with this annotation, and with `text` split anew.
pub(super) fn example(
    text: &str,
    annotation: &Annotation,
    tokenizer: &Tokenizer,
) -> Result<Example, AugmentError> {
    let predicted = tokenizer.tokenize(text)?;
    let (reference, _) = annotation.to_doc(&predicted)?;
    Ok(Example::new(predicted, reference))
}

/// The words with the spaces after them.
pub(super) fn text(annotation: &Annotation) -> String {
    let words = annotation.words.iter().flatten();
    let spaces = annotation.spaces.iter().flatten();
    words.zip(spaces).flat_map(|(word, &space)| [word.as_str(), if space { " " } else { "" }]).collect()
}

fn is_sentence_start(doc: &Doc, index: usize) -> bool {
    match doc.tokens[index].sent_start {
        0 => index == 0,
        start => start > 0,
    }
}

/// A token without a relation is its own head.
fn head(doc: &Doc, index: usize) -> i64 {
    let offset =
        doc.syntax.get(index).filter(|syntax| !syntax.dep.is_empty()).map_or(0, |syntax| syntax.head);
    index as i64 + i64::from(offset)
}

/// Tags that distinguish missing tokens from those outside; blocked ones are missing too.
fn tags(doc: &Doc) -> Result<Vec<Option<String>>, DocError> {
    let tags = offsets_to_biluo_tags(doc, &doc.entity_offsets()?, None)?.tags;
    // `offsets_to_biluo_tags` gives all tokens without entity one tag, so that those known to be outside are set again.
    let known = doc.tokens.iter().zip(tags).map(|(token, tag)| match token.ent_iob {
        EntIob::Out => Some(BiluoTag::Out),
        _ => tag,
    });
    Ok(known.map(|tag| tag.map(|tag| tag.to_text(doc.vocab().strings()))).collect())
}

fn links(doc: &Doc) -> Result<Vec<Link>, DocError> {
    let (entities, offsets) = (doc.entities()?, doc.entity_offsets()?);
    let link = |(entity, span): (&ner_doc::Entity, ner_doc::CharSpan)| {
        let kb_id = doc.tokens[entity.start].ent_kb_id;
        let id = doc.vocab().strings().get(kb_id).filter(|_| !kb_id.is_empty())?;
        Some(Link { start: span.start, end: span.end, ids: vec![(id.to_string(), 1.0)] })
    };
    Ok(entities.iter().zip(offsets).filter_map(link).collect())
}

fn spans(doc: &Doc) -> Vec<(String, Vec<LabelledSpan>)> {
    let starts = doc.char_offsets();
    let text = |id: StringId| doc.vocab().strings().get(id).unwrap_or_default().to_string();
    let span = |span: &ner_doc::SpanRecord| {
        let last = span.end.saturating_sub(1);
        let end = starts.get(last).map_or(0, |start| start + doc.tokens[last].lexeme.length as usize);
        let start = starts.get(span.start).copied().unwrap_or(end);
        LabelledSpan { start, end, label: text(span.label), kb_id: text(span.kb_id) }
    };
    doc.spans.iter().map(|(key, group)| (key.clone(), group.spans.iter().map(span).collect())).collect()
}
