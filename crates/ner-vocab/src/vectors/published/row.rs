/// Reads a line of a text: a word, and `width` numbers behind it with a space or a tab before each. Adds the numbers to
/// `data`, and returns the word.
///
/// # Errors
/// What was found and expected, and the mend. `data` may have some of the numbers then.
pub(super) fn read_row<'a>(line: &'a [u8], width: usize, data: &mut Vec<f32>) -> Result<&'a str, String> {
    if line.contains(&0) {
        return Err("a NUL byte; expected text: the file is damaged, or not UTF-8".to_owned());
    }
    let line = std::str::from_utf8(line)
        .map_err(|_| "not UTF-8: convert the file, as with `iconv -f latin1 -t utf8`".to_owned())?;
    let line = line.trim_ascii_end();
    if line.is_empty() {
        return Err(format!("an empty line; expected a word and {width} numbers: delete the line"));
    }
    // From the right, since a word may have spaces.
    let separators = line.bytes().enumerate().rev().filter(|&(_, byte)| is_separator(byte));
    let Some((end, _)) = separators.clone().nth(width - 1) else {
        let n_found = separators.count();
        return Err(format!(
            "a word and {n_found} numbers, expected {width}: the row was cut short, or is of another table; mend or \
             delete it"
        ));
    };
    let (word, numbers) = line.split_at(end);
    for (index, number) in numbers[1..].split([' ', '\t']).enumerate() {
        data.push(
            read_number(number)
                .map_err(|problem| format!("number {} of {word:?} is {problem}", index + 1))?,
        );
    }
    Ok(word)
}

/// Whether a word has numbers behind it, as that of a row with more numbers than expected does: `the 0.1`.
pub(super) fn n_numbers_behind(word: &str) -> usize {
    let mut parts = word.split([' ', '\t']);
    parts.next();
    let is_number = |part: &str| part.parse::<f64>().is_ok();
    let n_parts = parts.clone().count();
    if parts.all(is_number) { n_parts } else { 0 }
}

fn is_separator(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

fn read_number(text: &str) -> Result<f32, String> {
    // By way of 64 bits as NumPy does, which rounds twice.
    let number: f64 = text.parse().map_err(|_| format!("{text:?}, expected a number"))?;
    let number = number as f32;
    match number.is_finite() {
        true => Ok(number),
        false => Err(format!("{text}, expected a finite number of 32 bits: mend or delete the row")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: Result<(&str, [f32; 2]), &str>) {
        let mut data = Vec::new();
        match (read_row(line.as_bytes(), 2, &mut data), expected) {
            (Ok(word), Ok((expected, values))) => {
                assert_eq!((word, data.as_slice()), (expected, values.as_slice()))
            }
            (Err(found), Err(expected)) => assert!(found.contains(expected), "{found}"),
            (found, _) => panic!("{found:?}"),
        }
    }

    #[test]
    fn rows_are_read_from_the_right() {
        check("cat 0.5 -1e-3", Ok(("cat", [0.5, -0.001])));
        check("New York 1 +.5 \r", Ok(("New York", [1.0, 0.5])));
        check(" 1 2", Ok(("", [1.0, 2.0])));
        check("cat\t1 2", Ok(("cat", [1.0, 2.0])));
        // Rounded to 64 bits it lies halfway between two numbers of 32, and then goes to the even one.
        check("a 1.00000005960464477539062500001 2", Ok(("a", [1.0, 2.0])));
    }

    #[test]
    fn rows_that_cannot_be_read_say_why() {
        check("", Err("an empty line; expected a word and 2 numbers"));
        check("cat 1", Err("a word and 1 numbers, expected 2"));
        check("cat  1", Err("number 1 of \"cat\" is \"\", expected a number"));
        check("cat 1 x", Err("number 2 of \"cat\" is \"x\", expected a number"));
        check("cat nan 1", Err("number 1 of \"cat\" is nan, expected a finite number"));
        check("cat 1 1e39", Err("number 2 of \"cat\" is 1e39, expected a finite number"));
        check("c\0t 1 2", Err("a NUL byte"));
    }
}
