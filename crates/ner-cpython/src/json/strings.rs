use super::srsly_json;

/// A string as `json.dumps` writes it: in double quotes, and in printable ASCII alone.
pub fn json_string(text: &str) -> String {
    // Here alone the two differ in strings: srsly writes the character DEL as it is.
    srsly_json(text).replace('\u{7f}', "\\u007f")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_escaped_as_by_json_and_by_srsly() {
        let text = "a\"\\\n\u{1}/é\u{2028}😀b";
        let escaped = r#""a\"\\\n\u0001/\u00e9\u2028\ud83d\ude00b""#;
        assert_eq!((json_string(text).as_str(), srsly_json(text).as_str()), (escaped, escaped));
        assert_eq!(json_string("\u{7f}~"), r#""\u007f~""#);
        assert_eq!(srsly_json("\u{7f}"), "\"\u{7f}\"");
    }
}
