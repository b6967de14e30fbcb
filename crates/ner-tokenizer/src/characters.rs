use ner_cpython::is_space;

use crate::SplitText;

/// Makes each character a token of its own: spaCy's way to split Chinese, unless its config names another segmenter.
#[derive(Clone, Copy, Debug)]
pub struct Characters;

impl SplitText for Characters {
    // spaCy: one space after a character belongs to it, and all other white space up to the next one is a token
    // (get_words_and_spaces in util.py).
    fn split(&self, text: &str) -> Result<Vec<(String, bool)>, String> {
        let mut words: Vec<(String, bool)> = Vec::with_capacity(text.len() / 3);
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let end = if is_space(first) {
                rest.find(|c| !is_space(c)).unwrap_or(rest.len())
            } else {
                first.len_utf8()
            };
            let (word, after) = rest.split_at(end);
            let unspaced = after.strip_prefix(' ').filter(|_| !is_space(first));
            words.push((word.to_owned(), unspaced.is_some()));
            rest = unspaced.unwrap_or(after);
        }
        Ok(words)
    }

    fn files(&self) -> Vec<(&'static str, Vec<u8>)> {
        // As srsly writes it, which spaCy wants to read although the pipeline's config says the same.
        vec![("tokenizer/cfg", b"{\n  \"segmenter\":\"char\"\n}".to_vec())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_kept() {
        let split = |text: &str| -> Vec<String> {
            let words = Characters.split(text).expect("it never fails").into_iter();
            words.map(|(word, has_space)| if has_space { word + "_" } else { word }).collect()
        };
        assert_eq!(split("北京 3k"), ["北", "京_", "3", "k"]);
        assert_eq!(split(" 北  \n京\u{3000} "), [" ", "北_", " \n", "京", "\u{3000} "]);
        assert!(split("").is_empty());
    }
}
