use std::ops::Range;

use ner_doc::BiluoTag;

use super::line::ConlluLine;
use super::word::Word;
use crate::FormatError;
use crate::formats::morphology::merge_analyses;
use crate::source::Source;

/// Merges the words of each range that the lines name into one word: its form is that of the range, tags and lemmas are
/// joined, and the rest is that of its syntactic head.
pub(super) fn merge_ranges(
    source: &Source,
    lines: &[ConlluLine<'_>],
    words: Vec<Word>,
) -> Result<Vec<Word>, FormatError> {
    let mut ranges = Vec::new();
    for line in lines {
        if let Some(range) = line.range() {
            ranges.push(read_range(source, line, range, &words, &ranges)?);
        }
    }
    // A file may name ranges in any order; below they are taken from left to right.
    ranges.sort_by_key(|range: &Range<usize>| range.start);
    let new_index = new_indices(words.len(), &ranges);
    let mut merged = Vec::with_capacity(words.len());
    let mut index = 0;
    let mut ranges = ranges.into_iter().peekable();
    while index < words.len() {
        let range = ranges.next_if(|range| range.start == index).unwrap_or(index..index);
        let mut word = words[index].clone();
        if !range.is_empty() {
            word = merge(&words, range.clone());
        }
        word.head = new_index[word.head];
        merged.push(word);
        index = range.end.max(index + 1);
    }
    begin_entities(&mut merged);
    Ok(merged)
}

fn read_range(
    source: &Source,
    line: &ConlluLine<'_>,
    (first, last): (&str, &str),
    words: &[Word],
    others: &[Range<usize>],
) -> Result<Range<usize>, FormatError> {
    let range = match (first.parse::<usize>(), last.parse::<usize>()) {
        (Ok(first), Ok(last)) if 1 <= first && first <= last && last <= words.len() => first - 1..last,
        _ => {
            let message = format!(
                "range {:?} does not lie in the sentence, whose last word is {}",
                line.id,
                words.len()
            );
            return Err(source.error(line.id, None, message));
        }
    };
    if others.iter().any(|other| other.start < range.end && range.start < other.end) {
        return Err(source.error(
            line.id,
            Some("E102"),
            format!("range {:?} overlaps the one before", line.id),
        ));
    }
    Ok(range)
}

/// The index of each word once ranges are merged; all words of a range get the same.
fn new_indices(n_words: usize, ranges: &[Range<usize>]) -> Vec<usize> {
    let mut new_index = Vec::with_capacity(n_words);
    let mut next = 0;
    for index in 0..n_words {
        let continues = ranges.iter().any(|range| range.start < index && index < range.end);
        next += usize::from(index > 0 && !continues);
        new_index.push(next);
    }
    new_index
}

fn merge(words: &[Word], range: Range<usize>) -> Word {
    let parts = &words[range.clone()];
    let root = &words[root(words, range.clone())];
    let joined =
        |text: fn(&Word) -> &str, separator: &str| parts.iter().map(text).collect::<Vec<_>>().join(separator);
    Word {
        form: parts[0].form.clone(),
        lemma: joined(|word| &word.lemma, " "),
        tag: joined(|word| &word.tag, "_"),
        morph: merge_analyses(parts.iter().map(|word| word.morph.as_str())),
        space_after: parts[parts.len() - 1].space_after,
        entity: merged_entity(words, range, root.entity),
        ..root.clone()
    }
}

/// An entity's tag before it is known where the entity ends: `Begin` or `In`.
fn merged_entity(words: &[Word], range: Range<usize>, root: Option<BiluoTag>) -> Option<BiluoTag> {
    let Some(label) = root.and_then(BiluoTag::label) else { return root };
    let label_at = |index: usize| words[index].entity.and_then(BiluoTag::label);
    let starts_inside = matches!(words[range.start].entity, Some(BiluoTag::In(_) | BiluoTag::Last(_)));
    let continues = starts_inside
        && range.start > 0
        && label_at(range.start) == Some(label)
        && label_at(range.start - 1) == Some(label);
    // Where the entity ends shows only when the words after it are merged; `begin_entities` sets that.
    Some(if continues { BiluoTag::In(label) } else { BiluoTag::Begin(label) })
}

/// Makes the tags of merged words a proper sequence again.
fn begin_entities(words: &mut [Word]) {
    let is_inside = |word: &Word| matches!(word.entity, Some(BiluoTag::In(_) | BiluoTag::Last(_)));
    let continues: Vec<bool> = (0..words.len())
        .map(|index| {
            let before =
                index.checked_sub(1).and_then(|before| words[before].entity).and_then(BiluoTag::label);
            is_inside(&words[index])
                && before.is_some()
                && before == words[index].entity.and_then(BiluoTag::label)
        })
        .collect();
    for (index, word) in words.iter_mut().enumerate() {
        let Some(label) = word.entity.and_then(BiluoTag::label) else { continue };
        let continues_after = continues.get(index + 1).copied().unwrap_or(false);
        word.entity = Some(match (continues[index], continues_after) {
            (false, false) => BiluoTag::Unit(label),
            (false, true) => BiluoTag::Begin(label),
            (true, true) => BiluoTag::In(label),
            (true, false) => BiluoTag::Last(label),
        });
    }
}

/// The syntactic head of a range: a root of the sentence, or the word nearest to one by its heads.
fn root(words: &[Word], range: Range<usize>) -> usize {
    if let Some(root) = range.clone().find(|&index| words[index].head == index) {
        return root;
    }
    let heads_out = |&index: &usize| !range.contains(&words[index].head);
    range.clone().filter(heads_out).min_by_key(|&index| distance_to_root(words, index)).unwrap_or(range.start)
}

fn distance_to_root(words: &[Word], mut index: usize) -> usize {
    let mut distance = 0;
    // In a circle of heads there is no root: any distance will do.
    while words[index].head != index && distance < words.len() {
        index = words[index].head;
        distance += 1;
    }
    distance
}
