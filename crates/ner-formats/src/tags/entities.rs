use ner_doc::{BiluoTag, Doc, DocError, EntIob, Entity, EntityUpdate, tags_to_entities};
use ner_vocab::StringStore;

use super::Tag;

/// The tags of tokens over which entities may run, in the BILUO scheme whatever theirs is.
// spaCy: an entity goes on while the label is the same, even behind a tag that ends it, and whatever else has a label
// begins one (training/iob_utils.py).
pub(crate) fn to_biluo(tags: &[Tag<'_>], strings: &StringStore) -> Vec<Option<BiluoTag>> {
    let mut biluo = Vec::with_capacity(tags.len());
    while let Some(&first) = tags.get(biluo.len()) {
        let Some(label) = first.label() else {
            biluo.push((first == Tag::Out).then_some(BiluoTag::Out));
            continue;
        };
        let goes_on = |tag: &&Tag<'_>| tag.continues() && tag.label() == Some(label);
        let n_inner = tags[biluo.len() + 1..].iter().take_while(goes_on).count();
        let label = strings.add(label);
        if n_inner == 0 {
            biluo.push(Some(BiluoTag::Unit(label)));
            continue;
        }
        biluo.push(Some(BiluoTag::Begin(label)));
        biluo.extend(std::iter::repeat_n(Some(BiluoTag::In(label)), n_inner - 1));
        biluo.push(Some(BiluoTag::Last(label)));
    }
    biluo
}

/// Sets the entities of a document from a tag for each token, and returns how many there are.
pub(crate) fn set_entities(doc: &mut Doc, tags: &[Option<BiluoTag>]) -> Result<usize, DocError> {
    // A missing tag comes as an entity without a label.
    let (missing, entities): (Vec<Entity>, Vec<Entity>) =
        tags_to_entities(tags)?.into_iter().partition(|entity| entity.label.is_empty());
    let missing: Vec<_> = missing.iter().map(|entity| (entity.start, entity.end)).collect();
    doc.update_entities(&EntityUpdate {
        entities: &entities,
        missing: &missing,
        default: Some(EntIob::Out),
        ..EntityUpdate::default()
    })?;
    Ok(entities.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(tags: &str, expected: &str) {
        let strings = StringStore::default();
        let tags: Vec<_> = tags.split(' ').map(|tag| Tag::parse(tag).unwrap()).collect();
        let text = |tag: Option<BiluoTag>| tag.map_or_else(|| "-".to_owned(), |tag| tag.to_text(&strings));
        let found: Vec<_> = to_biluo(&tags, &strings).into_iter().map(text).collect();
        assert_eq!(found.join(" "), expected);
    }

    #[test]
    fn tags_of_all_schemes_become_biluo() {
        check("O B-A I-A I-A B-A - I-A", "O B-A I-A L-A U-A - U-A");
        check("I-A B-A I-A I-B", "U-A B-A L-A U-B");
        check("U-A B-A L-A", "U-A B-A L-A");
        check("S-A B-A I-A E-A S-B", "U-A B-A I-A L-A U-B");
        check("B-A M-A E-A", "B-A I-A L-A");
    }

    #[test]
    fn an_entity_goes_on_while_the_label_is_the_same() {
        check("U-A I-A L-A I-A", "B-A I-A I-A L-A");
        check("B-A I-B", "U-A U-B");
    }
}
