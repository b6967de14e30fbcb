use std::iter::Peekable;
use std::str::Chars;

/// A literal of Python as JSON: lists, tuples, strings and numbers, and the arrays of NumPy, which have no commas. Other
/// text becomes some text that is no JSON.
pub(super) fn to_json(literal: &str) -> String {
    let mut json = String::with_capacity(literal.len());
    let mut chars = literal.chars().peekable();
    // A comma is due between two values; it is written when the second one comes, so that none is left before a bracket.
    let mut is_comma_due = false;
    while let Some(c) = chars.next() {
        match c {
            ',' => {}
            ':' => {
                json.push(':');
                is_comma_due = false;
            }
            ')' | ']' | '}' => {
                json.push(if c == '}' { '}' } else { ']' });
                is_comma_due = true;
            }
            c if c.is_whitespace() => {}
            c => {
                if std::mem::replace(&mut is_comma_due, !matches!(c, '(' | '[' | '{')) {
                    json.push(',');
                }
                match c {
                    '(' | '[' => json.push('['),
                    '{' => json.push('{'),
                    '\'' | '"' => push_string(&mut json, &mut chars, c),
                    c => push_word(&mut json, &mut chars, c),
                }
            }
        }
    }
    json
}

fn push_string(json: &mut String, chars: &mut Peekable<Chars<'_>>, quote: char) {
    let mut text = String::new();
    while let Some(c) = chars.next().filter(|&c| c != quote) {
        match (c, chars.peek()) {
            ('\\', Some(&escaped)) => {
                chars.next();
                text.push(match escaped {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    other => other,
                });
            }
            _ => text.push(c),
        }
    }
    json.push_str(&serde_json::Value::from(text).to_string());
}

/// A number or a name.
fn push_word(json: &mut String, chars: &mut Peekable<Chars<'_>>, first: char) {
    let mut word = String::from(first);
    while let Some(c) = chars.next_if(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '+' | '_')) {
        word.push(c);
    }
    json.push_str(match word.as_str() {
        "None" => "null",
        "True" => "true",
        "False" => "false",
        other => other,
    });
}

#[cfg(test)]
mod tests {
    use super::to_json;

    #[track_caller]
    fn check(literal: &str, json: &str) {
        assert_eq!(to_json(literal), json);
    }

    #[test]
    fn literals_of_python_become_json() {
        check("[(0, 4, 'PER'), (5, 9, \"it's\"),]", r#"[[0,4,"PER"],[5,9,"it's"]]"#);
        check("['O' 'B-PER'\n 'I-PER']", r#"["O","B-PER","I-PER"]"#);
        check("{'start': 0, 'label': None}", r#"{"start":0,"label":null}"#);
        check(r"['a\'b\\', '\n']", r#"["a'b\\","\n"]"#);
        check("[('a',)", r#"[["a"]"#);
        check("", "");
    }
}
