/// The beginning of a JSON text made whole: cut behind the last member or element that is complete, with all brackets
/// closed. So the first records of a file show although a single value is the file.
pub(super) fn closed(text: &str) -> String {
    let mut open: Vec<char> = Vec::new();
    let (mut end, mut open_at_end) = (0, String::new());
    let (mut is_in_string, mut is_escaped) = (false, false);
    for (offset, c) in text.char_indices() {
        if is_in_string {
            (is_in_string, is_escaped) = (is_escaped || c != '"', c == '\\' && !is_escaped);
            continue;
        }
        match c {
            '"' => is_in_string = true,
            '{' => open.push('}'),
            '[' => open.push(']'),
            '}' | ']' => drop(open.pop()),
            _ => {}
        }
        if matches!(c, '{' | '[' | '}' | ']' | ',') {
            // Before the comma, which has no place at the end of a list.
            end = if c == ',' { offset } else { offset + 1 };
            open_at_end = open.iter().rev().collect();
        }
    }
    format!("{}{open_at_end}", &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_is_closed() {
        let check = |text, expected| assert_eq!(closed(text), expected);
        check(r#"[{"a": 1}, {"b": [2, "x]"#, r#"[{"a": 1}, {"b": [2]}]"#);
        check(r#"{"a": "\"}", "b"#, r#"{"a": "\"}"}"#);
        check(r#"{"a": [1"#, r#"{"a": []}"#);
        check("", "");
    }
}
