use std::ops::Range;

use ner_doc::{Doc, DocError, EntIob, EntityUpdate};
use ner_vocab::StringId;

/// The sentences of a document as ranges of tokens.
pub(super) fn sentences(doc: &Doc) -> Vec<Range<usize>> {
    let starts = (1..doc.len()).filter(|&index| doc.tokens[index].sent_start == 1);
    let bounds: Vec<usize> = [0].into_iter().chain(starts).chain([doc.len()]).collect();
    bounds.array_windows().filter(|[start, end]| start < end).map(|&[start, end]| start..end).collect()
}

/// The tokens of a range as a document of their own, with their annotation. An entity that the range cuts
/// becomes missing; span groups and categories stay behind, as in spaCy.
pub(super) fn as_doc(doc: &Doc, tokens: Range<usize>) -> Result<Doc, DocError> {
    let mut part = Doc::new(doc.vocab().clone());
    part.tokens = doc.tokens[tokens.clone()].to_vec();
    if let Some(first) = part.tokens.first_mut()
        && first.ent_iob == EntIob::In
    {
        first.ent_iob = EntIob::Begin;
    }
    if !doc.syntax.is_empty() {
        part.syntax = doc.syntax[tokens.clone()].to_vec();
        keep_heads_inside(&mut part);
    }
    forget_cut_entities(doc, &mut part, tokens.start)?;
    Ok(part)
}

fn forget_cut_entities(doc: &Doc, part: &mut Doc, offset: usize) -> Result<(), DocError> {
    let (whole, parts) = (doc.entities()?, part.entities()?);
    // Only the first and the last entity of the part can have been cut.
    let missing: Vec<_> = [parts.first(), parts.last()]
        .into_iter()
        .flatten()
        .filter(|part| !whole.iter().any(|it| it.start == part.start + offset && it.end == part.end + offset))
        .map(|part| (part.start, part.end))
        .collect();
    for span in missing {
        part.update_entities(&EntityUpdate { missing: &[span], ..EntityUpdate::default() })?;
    }
    Ok(())
}

/// Hangs tokens whose head was left behind under the first of them, which becomes a root.
fn keep_heads_inside(part: &mut Doc) {
    let mut new_root = None;
    for index in 0..part.syntax.len() {
        let head = index.checked_add_signed(part.syntax[index].head as isize);
        if head.is_none_or(|head| head >= part.syntax.len()) {
            let root = *new_root.get_or_insert(index);
            part.syntax[index].head = root as i32 - index as i32;
            part.syntax[index].dep = StringId::of("dep");
        }
    }
    if part.syntax.iter().any(|syntax| !syntax.dep.is_empty()) {
        part.start_sentences_at_roots();
    }
}
