use serde::de::IgnoredAny;

/// The beginning of a JSON text made whole: the string that is cut is closed, or else the text is cut behind the last
/// member or element that is complete, and all brackets are closed. So the first record of a file shows although it, or
/// the value that is the file, is longer.
pub(super) fn closed(text: &str) -> String {
    let mut open: Vec<char> = Vec::new();
    let mut end = 0;
    let (mut is_in_string, mut is_escaped, mut string_start) = (false, false, 0);
    for (offset, c) in text.char_indices() {
        if is_in_string {
            (is_in_string, is_escaped) = (is_escaped || c != '"', c == '\\' && !is_escaped);
            continue;
        }
        match c {
            '"' => (is_in_string, string_start) = (true, offset),
            '{' => open.push('}'),
            '[' => open.push(']'),
            '}' | ']' => drop(open.pop()),
            _ => {}
        }
        if matches!(c, '{' | '[' | '}' | ']' | ',') {
            // Before the comma, which has no place at the end of a list.
            end = if c == ',' { offset } else { offset + 1 };
        }
    }
    // Each bracket moves the end, so that those which are open at the end are still open here.
    let brackets: String = open.iter().rev().collect();
    let with_string = format!("{}\"{brackets}", without_cut_escape(text, string_start));
    if is_in_string && serde_json::from_str::<IgnoredAny>(&with_string).is_ok() {
        return with_string;
    }
    format!("{}{brackets}", &text[..end])
}

/// The text without an escape at the end of its last string, of which a part may be missing; the longest is a pair of
/// surrogates.
fn without_cut_escape(text: &str, string_start: usize) -> &str {
    const LONGEST: usize = "\\ud83d\\ude00".len();
    let near_end = text.floor_char_boundary(text.len().saturating_sub(LONGEST)).max(string_start);
    text[near_end..].find('\\').map_or(text, |escape| &text[..near_end + escape])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_is_closed() {
        let check = |text, expected| assert_eq!(closed(text), expected);
        check(r#"[{"a": 1}, {"b": [2, "x]"#, r#"[{"a": 1}, {"b": [2, "x]"]}]"#);
        check(r#"{"a": "\"}", "b"#, r#"{"a": "\"}"}"#);
        check(r#"{"text": "Mira ro"#, r#"{"text": "Mira ro"}"#);
        check(r#"[{"text": "Mira \ud83d\ud"#, r#"[{"text": "Mira "}]"#);
        check(r#"{"a": [1"#, r#"{"a": []}"#);
        check("", "");
    }
}
