use std::borrow::Cow;
use std::path::Path;

use serde_json::Value;

use super::json_parts::Parts;
use super::json_prefix::closed;

/// How JSON values lie in a file.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// A value a line.
    Lines,
    /// A list, or an object, or objects one after the other over several lines.
    Whole,
}

/// The beginning of a file, by which formats recognise their own.
pub(crate) struct Sample<'a> {
    /// The file, for its suffix and for the files beside it.
    pub(crate) file: &'a Path,
    /// The first bytes.
    pub(crate) bytes: &'a [u8],
    /// The first bytes as text, up to a byte that is not UTF-8 or a line that is cut; empty for binary files.
    pub(crate) text: &'a str,
    /// The first JSON value of the file, and how its values are laid out; of a list that is the file, or that stands in
    /// an object around it, the first element. `None` for a file that is not JSON.
    pub(crate) json: Option<(Layout, Value)>,
}

impl<'a> Sample<'a> {
    /// Looks at the first bytes of a file; `is_all`: at all of them.
    pub(crate) fn of(file: &'a Path, bytes: &'a [u8], is_all: bool) -> Sample<'a> {
        let text = match str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => str::from_utf8(&bytes[..error.valid_up_to()]).expect("valid up to there"),
        };
        let is_binary = bytes.iter().take(1 << 12).any(|&byte| byte == 0);
        let text = if is_binary { "" } else { text };
        let end = if is_all { text.len() } else { text.rfind('\n').map_or(text.len(), |end| end + 1) };
        // JSON goes on in the line that is cut, which may be all there is.
        Sample { file, bytes, text: &text[..end], json: first_value(text, is_all) }
    }

    /// The suffix of the file in small letters, without that of a packing: `conll` of `a.CoNLL.gz`.
    pub(crate) fn suffix(&self) -> String {
        suffix(self.file)
    }

    /// Whether a text stands in the first bytes, be it in a line that is cut.
    pub(crate) fn holds(&self, part: &str) -> bool {
        self.bytes.windows(part.len()).any(|window| window == part.as_bytes())
    }

    /// The lines of the sample that are not blank.
    pub(crate) fn lines(&self) -> impl Iterator<Item = &'a str> {
        self.text.lines().filter(|line| !line.trim().is_empty())
    }
}

/// The suffix of a file in small letters, without that of a packing.
pub fn suffix(file: &Path) -> String {
    let of = |file: &Path| file.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    match of(file).as_str() {
        "gz" | "zst" => of(Path::new(file.file_stem().unwrap_or_default())),
        suffix => suffix.to_owned(),
    }
}

fn first_value(text: &str, is_all: bool) -> Option<(Layout, Value)> {
    let text = text.trim_start();
    if !text.starts_with(['{', '[']) {
        return None;
    }
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    // A value of its own on the first line, and more behind it.
    if !rest.trim().is_empty()
        && let Ok(value) = serde_json::from_str(first)
    {
        return Some((Layout::Lines, value));
    }
    let text = if is_all { Cow::Borrowed(text) } else { Cow::Owned(closed(text)) };
    let items = Parts::of(&text).items;
    let first = items.into_iter().find(|item| item.starts_with(['{', '[']))?;
    serde_json::from_str(first).ok().map(|first| (Layout::Whole, first))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(Layout, Value)>) {
        assert_eq!(Sample::of(Path::new("a.json"), text.as_bytes(), true).json, expected, "{text}");
    }

    #[test]
    fn the_layout_is_seen_in_the_first_lines() {
        check("{\"a\": 1}\n{\"a\": 2}", Some((Layout::Lines, json!({"a": 1}))));
        check("{\"a\": 1}\noops", Some((Layout::Lines, json!({"a": 1}))));
        check("\n{\"a\": 1}\n", Some((Layout::Whole, json!({"a": 1}))));
        check("[\"text\", {\"a\": 1}]\n", Some((Layout::Whole, json!(["text", {"a": 1}]))));
        check("[{\"a\": 1}, {\"a\": 2}]", Some((Layout::Whole, json!({"a": 1}))));
        check("[{\"a\": 1},\n{\"a\": 2}]", Some((Layout::Whole, json!({"a": 1}))));
        check("{\n\"a\": 1\n}", Some((Layout::Whole, json!({"a": 1}))));
        check("-DOCSTART- O\n", None);
        check("[1]: a note\n", None);
    }

    #[test]
    fn the_suffix_is_that_before_the_packing() {
        let check = |name, expected| assert_eq!(suffix(Path::new(name)), expected);
        check("a.CoNLL.gz", "conll");
        check("a.b.json.zst", "json");
        check("a", "");
    }
}
