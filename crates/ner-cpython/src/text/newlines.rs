/// The text with `\n` for every line end, be it `\n`, `\r\n` or `\r`, as Python reads a text file.
pub fn universal_newlines(text: String) -> String {
    // Nearly all files have `\n` alone, and need no copy.
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_of_all_kinds_become_one() {
        assert_eq!(universal_newlines("a\r\nb\rc\n\r\r\nd".to_owned()), "a\nb\nc\n\n\nd");
    }
}
