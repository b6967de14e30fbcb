/// A value of a cell: a label, and the number that joins the tokens of one annotation.
#[derive(Debug, PartialEq)]
pub(super) struct LabelValue {
    /// Empty: an annotation without a value.
    pub(super) label: String,
    pub(super) number: Option<u32>,
}

/// The values of a cell: none for `_`, several where annotations are stacked, as in `PER[1]|GPE[2]`.
pub(super) fn label_values(cell: &str) -> Vec<LabelValue> {
    if matches!(cell, "_" | "") {
        return Vec::new();
    }
    split_unescaped(cell).into_iter().map(label_value).collect()
}

fn label_value(value: &str) -> LabelValue {
    let numbered = value.strip_suffix(']').and_then(|value| {
        let (label, number) = value.rsplit_once('[')?;
        // The bracket of a label is escaped, that of a number never is.
        (!label.ends_with('\\')).then_some((label, number.parse().ok()?))
    });
    let (label, number) = numbered.map_or((value, None), |(label, number)| (label, Some(number)));
    let label = if label == "*" { String::new() } else { unescape(label) };
    LabelValue { label, number }
}

/// The parts between bars that no backslash stands before.
fn split_unescaped(cell: &str) -> Vec<&str> {
    let (mut parts, mut start, mut is_escaped) = (Vec::new(), 0, false);
    for (place, byte) in cell.bytes().enumerate() {
        if byte == b'|' && !is_escaped {
            parts.push(&cell[start..place]);
            start = place + 1;
        }
        is_escaped = byte == b'\\' && !is_escaped;
    }
    parts.push(&cell[start..]);
    parts
}

/// The text without the backslashes before reserved characters.
pub(super) fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, chars.clone().next()) {
            ('\\', Some(escaped)) => {
                chars.next();
                plain.push(match escaped {
                    't' => '\t',
                    'n' => '\n',
                    'r' => '\r',
                    other => other,
                });
            }
            _ => plain.push(c),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cell: &str, expected: &[(&str, Option<u32>)]) {
        let values = label_values(cell);
        let values: Vec<_> = values.iter().map(|value| (value.label.as_str(), value.number)).collect();
        assert_eq!(values, expected);
    }

    #[test]
    fn cells_have_values_with_numbers() {
        check("_", &[]);
        check("", &[]);
        check("PER", &[("PER", None)]);
        check("PER[1]", &[("PER", Some(1))]);
        check("*[2]", &[("", Some(2))]);
        check("*", &[("", None)]);
        check("PER[1]|GPE[12]", &[("PER", Some(1)), ("GPE", Some(12))]);
        check("a\\|b\\[3\\]", &[("a|b[3]", None)]);
        check("a\\_b[é]", &[("a_b[é]", None)]);
        check("\\", &[("\\", None)]);
    }
}
