use ner_cpython::CharClass;

/// Texts from this length on, in code points, have the shape `LONG`.
const LONG: usize = 100;

/// Longest run of one shape character that is kept.
const MAX_RUN: usize = 4;

/// The word's shape: `X`, `x` and `d` for capitals, other letters and digits, all else as it stands, with at most
/// four of a kind in a row: `Xxxxx`, `dd.dd`.
pub(crate) fn shape(text: &str) -> String {
    if text.chars().nth(LONG - 1).is_some() {
        return "LONG".to_owned();
    }
    let mut shape = String::with_capacity(text.len());
    let (mut last, mut run) = (None, 0);
    for kind in text.chars().map(kind) {
        run = if last == Some(kind) { run + 1 } else { 1 };
        last = Some(kind);
        if run <= MAX_RUN {
            shape.push(kind);
        }
    }
    shape
}

fn kind(c: char) -> char {
    if !CharClass::ALPHA.has(c) {
        if CharClass::DIGIT.has(c) { 'd' } else { c }
    // As `str.isupper` has it: a digraph in title case, such as ǅ, is no capital.
    } else if CharClass::UPPER.has(c) {
        'X'
    } else {
        'x'
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_cut_and_long_words_have_one_shape() {
        let pairs = [("aaaaaaa", "xxxx"), ("a1b2", "xdxd"), ("ǅ²½", "xd½"), ("London", "Xxxxx"), ("", "")];
        assert!(pairs.iter().all(|(text, expected)| shape(text) == *expected));
        assert_eq!(shape(&"X".repeat(99)), "XXXX");
        assert_eq!(shape(&"X".repeat(100)), "LONG");
    }
}
