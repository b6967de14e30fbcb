use super::RecordError;

/// Words found in a text. White space between them, beyond one space after a word, is a token too.
#[derive(Debug, PartialEq)]
pub(super) struct Layout<'a> {
    /// All tokens: the words, and white space between them.
    pub(super) tokens: Vec<&'a str>,
    pub(super) spaces: Vec<bool>,
    /// Where each word starts and ends in the text, in code points.
    pub(super) offsets: Vec<(usize, usize)>,
}

impl<'a> Layout<'a> {
    pub(super) fn find(text: &'a str, words: &[String]) -> Result<Layout<'a>, RecordError> {
        let mut layout = Layout { tokens: Vec::new(), spaces: Vec::new(), offsets: Vec::new() };
        let (mut rest, mut offset) = (text, 0);
        for (index, word) in words.iter().enumerate() {
            // Asked before white space is skipped, for a word may begin with white space, or be nothing else.
            if !rest.starts_with(word.as_str()) {
                let gap = &rest[..rest.len() - rest.trim_start().len()];
                layout.push(&mut rest, &mut offset, gap.len());
            }
            let start = offset;
            if !rest.starts_with(word.as_str()) {
                return Err(RecordError::TokensDiffer { token: index, word: word.clone(), offset });
            }
            layout.push(&mut rest, &mut offset, word.len());
            layout.offsets.push((start, start + word.chars().count()));
        }
        if !rest.trim_start().is_empty() {
            let gap = rest.chars().take_while(|c| c.is_whitespace()).count();
            let rest = rest.split_whitespace().next().unwrap_or_default().to_owned();
            return Err(RecordError::TextGoesOn { rest, offset: offset + gap });
        }
        let n_bytes = rest.len();
        layout.push(&mut rest, &mut offset, n_bytes);
        Ok(layout)
    }

    /// Takes a token of this many bytes, and one space after it.
    fn push(&mut self, rest: &mut &'a str, offset: &mut usize, n_bytes: usize) {
        let (token, after) = rest.split_at(n_bytes);
        if token.is_empty() {
            return;
        }
        let unspaced = after.strip_prefix(' ');
        self.tokens.push(token);
        self.spaces.push(unspaced.is_some());
        *offset += token.chars().count() + usize::from(unspaced.is_some());
        *rest = unspaced.unwrap_or(after);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, words: &[&str], expected: &str) {
        let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
        let found = match Layout::find(text, &words) {
            Ok(layout) => layout
                .tokens
                .iter()
                .zip(&layout.spaces)
                .map(|(token, space)| format!("{token:?}{}", if *space { "_" } else { "" }))
                .collect::<Vec<_>>()
                .join(" "),
            Err(problem) => problem.to_string(),
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn gaps_become_tokens_and_other_text_is_refused() {
        check("Ada  wrote.", &["Ada", "wrote", "."], r#""Ada"_ " " "wrote" ".""#);
        check("Ada  wrote.\n", &["Ada", " ", "wrote", "."], r#""Ada"_ " " "wrote" "." "\n""#);
        check(" é ", &["é"], r#"" " "é"_"#);
        check("", &[], "");
        check(
            "Ada wrote",
            &["Ada", "write"],
            "token 1 (\"write\") is not what the text has at character 4; only white space may differ",
        );
        check(
            "Ada wrote",
            &["Ada"],
            "the tokens end before the text does, which has \"wrote\" at character 4; only white space may be left",
        );
    }
}
