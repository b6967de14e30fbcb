use std::fmt;

use indexmap::IndexMap;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// The items of a JSON text: of a list its elements, of an object around a list those of the list, and of several values
/// one after the other these.
pub(super) struct Parts<'a> {
    /// The items, all of them or those before the error.
    pub(super) items: Vec<&'a str>,
    pub(super) is_list: bool,
    pub(super) error: Option<serde_json::Error>,
}

/// Lists or objects around records that are taken off. Each is parsed anew, which without a bound would take time with
/// the square of the depth.
const MAX_WRAPS: usize = 4;

/// Keys of an object that is a record itself, whatever lists are in it.
const RECORD_KEYS: [&str; 6] = ["text", "tokens", "words", "content", "sentence", "paragraphs"];

impl<'a> Parts<'a> {
    pub(super) fn of(text: &'a str) -> Parts<'a> {
        let mut items = Vec::new();
        let mut json = serde_json::Deserializer::from_str(text);
        let is_list = text.trim_start().starts_with('[');
        let parsed = if is_list {
            (&mut json).deserialize_seq(Elements(&mut items)).and_then(|()| json.end())
        } else {
            json.into_iter::<&RawValue>().try_for_each(|value| value.map(|value| items.push(value.get())))
        };
        if let Err(error) = parsed {
            return Parts { items, is_list, error: Some(error) };
        }
        match items.as_slice() {
            // A single pair of a text and its annotation.
            [first, second] if is_list && first.starts_with('"') && second.starts_with(['{', '[', 'n']) => {
                items = vec![text.trim()];
            }
            [object] if object.starts_with('{') => items = unwrapped(object, MAX_WRAPS).unwrap_or(items),
            _ => {}
        }
        let mut flat = Vec::with_capacity(items.len());
        items.into_iter().for_each(|item| flatten(item, MAX_WRAPS, &mut flat));
        Parts { items: flat, is_list, error: None }
    }
}

/// The elements of the list that an object is wrapped around: `{"documents": [..]}`, ner-annotator's `annotations`, Rasa's
/// `{"rasa_nlu_data": {"common_examples": [..]}}`.
fn unwrapped(object: &str, depth: usize) -> Option<Vec<&str>> {
    let Members(members) = serde_json::from_str(object).ok()?;
    if let Some(inner) = members.get("rasa_nlu_data").or(members.get("common_examples")) {
        return elements(inner.get()).or_else(|| unwrapped(inner.get(), depth.checked_sub(1)?));
    }
    // Label Studio's `data` is the text of a task, not a list of records.
    let is_task = members.get("data").is_some_and(|data| !data.get().starts_with('['));
    // UIMA's documents are whole objects, of several lists.
    let is_uima = members.keys().any(|key| key.starts_with('%'));
    if is_task || is_uima {
        return None;
    }
    let mut lists = members.values().filter_map(|value| elements(value.get())).filter(|list| {
        let is_record = |item: &&str| item.starts_with(['{', '[']);
        list.iter().any(is_record) && list.iter().all(|item| is_record(item) || *item == "null")
    });
    lists.next().filter(|_| lists.next().is_none())
}

/// Adds an item; of a list of records, such as people make who join files by hand, its elements.
fn flatten<'a>(item: &'a str, depth: usize, flat: &mut Vec<&'a str>) {
    let is_nested = item.strip_prefix('[').is_some_and(|inside| inside.trim_start().starts_with(['{', '[']));
    match depth.checked_sub(1).filter(|_| is_nested).and_then(|depth| Some((depth, elements(item)?))) {
        Some((depth, elements)) => elements.into_iter().for_each(|element| flatten(element, depth, flat)),
        None => flat.push(item),
    }
}

/// The elements of a list that is JSON.
fn elements(list: &str) -> Option<Vec<&str>> {
    let mut elements = Vec::new();
    let mut json = serde_json::Deserializer::from_str(list);
    list.starts_with('[').then(|| (&mut json).deserialize_seq(Elements(&mut elements)).ok()).flatten()?;
    Some(elements)
}

/// The members of an object that is no record itself.
struct Members<'a>(IndexMap<String, &'a RawValue>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Members<'a>, D::Error> {
        deserializer.deserialize_map(Members(IndexMap::new()))
    }
}

impl<'de: 'a, 'a> Visitor<'de> for Members<'a> {
    type Value = Members<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object around records")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut object: A) -> Result<Members<'a>, A::Error> {
        while let Some(key) = object.next_key::<String>()? {
            // Before its value, which is most of a file of one document.
            if RECORD_KEYS.contains(&key.as_str()) {
                return Err(A::Error::custom("a record"));
            }
            self.0.insert(key, object.next_value()?);
        }
        Ok(self)
    }
}

/// Collects the elements of a list, and keeps those that came before an error.
struct Elements<'a, 'de>(&'a mut Vec<&'de str>);

impl<'de> Visitor<'de> for Elements<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(element) = list.next_element_seed(Element)? {
            self.0.push(element);
        }
        Ok(())
    }
}

struct Element;

impl<'de> DeserializeSeed<'de> for Element {
    type Value = &'de str;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<&'de str, D::Error> {
        <&RawValue>::deserialize(deserializer).map(RawValue::get)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let parts = Parts::of(text);
        assert!(parts.error.is_none(), "{:?}", parts.error);
        assert_eq!(parts.items, expected);
    }

    #[test]
    fn records_are_found_however_they_are_wrapped() {
        check(r#"{"docs": [{"a": 1}, {"b": 2}]}"#, &[r#"{"a": 1}"#, r#"{"b": 2}"#]);
        check(r#"[[{"a": 1}], [{"b": 2}, {"c": 3}]]"#, &[r#"{"a": 1}"#, r#"{"b": 2}"#, r#"{"c": 3}"#]);
        check(r#"{"classes": ["A"], "annotations": [["t", {}], null]}"#, &[r#"["t", {}]"#, "null"]);
        // Two lists, or a text beside the list: nobody can tell which one holds the records.
        check(r#"{"a": [{}], "b": [{}]}"#, &[r#"{"a": [{}], "b": [{}]}"#]);
        check(r#"{"text": "t", "spans": [{}]}"#, &[r#"{"text": "t", "spans": [{}]}"#]);
    }

    #[test]
    fn what_lies_deeper_than_files_do_stays_in_its_wraps() {
        let deep = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
        assert_eq!(Parts::of(&deep).items.len(), 1);
        let objects = format!("{}1{}", r#"{"rasa_nlu_data":"#.repeat(20_000), "}".repeat(20_000));
        assert_eq!(Parts::of(&objects).items.len(), 1);
    }

    #[test]
    fn a_pair_is_one_item() {
        check(r#"["t", {"entities": []}]"#, &[r#"["t", {"entities": []}]"#]);
        check(r#"[["t", {}], ["u", {}]]"#, &[r#"["t", {}]"#, r#"["u", {}]"#]);
    }
}
