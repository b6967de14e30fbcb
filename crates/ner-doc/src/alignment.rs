use std::iter::Peekable;
use std::ops::Range;
use std::str::Chars;

use ner_cpython::is_space;

use crate::DocError;

/// For each token of one tokenisation, the tokens of another that share characters with it, in ascending order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenLinks {
    /// Token `i` has `indices[offsets[i]..offsets[i + 1]]`.
    offsets: Vec<u32>,
    indices: Vec<u32>,
}

impl TokenLinks {
    /// The tokens aligned to a token.
    pub fn get(&self, token: usize) -> &[u32] {
        self.range(token..token + 1)
    }

    /// The tokens aligned to consecutive tokens; one that is aligned to two of them appears twice.
    pub fn range(&self, tokens: Range<usize>) -> &[u32] {
        &self.indices[self.offsets[tokens.start] as usize..self.offsets[tokens.end] as usize]
    }

    /// The number of tokens that have an entry.
    pub fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Whether there is no token.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn identity(n_tokens: usize) -> TokenLinks {
        TokenLinks { offsets: (0..=n_tokens as u32).collect(), indices: (0..n_tokens as u32).collect() }
    }

    fn with_capacity(n_tokens: usize) -> TokenLinks {
        let mut offsets = Vec::with_capacity(n_tokens + 1);
        offsets.push(0);
        TokenLinks { offsets, indices: Vec::with_capacity(n_tokens) }
    }

    /// Links `token` to `other`. Both may only grow from call to call.
    fn link(&mut self, token: usize, other: usize) {
        self.close_before(token);
        let start = self.offsets[token] as usize;
        // Two tokens mostly share several characters in a row, and are linked once.
        if self.indices[start..].last() != Some(&(other as u32)) {
            self.indices.push(other as u32);
        }
    }

    /// Gives every token before `token` its entry.
    fn close_before(&mut self, token: usize) {
        self.offsets.resize(token + 1, self.indices.len() as u32);
    }
}

/// Which tokens of two tokenisations of one text share characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alignment {
    /// For each token of the first tokenisation, those of the second.
    pub x2y: TokenLinks,
    /// For each token of the second tokenisation, those of the first.
    pub y2x: TokenLinks,
}

impl Alignment {
    /// Aligns the tokens of two texts, which may differ in white space and case alone, by walking over both at once. It
    /// takes time linear in their length.
    pub fn from_strings<S: AsRef<str>, T: AsRef<str>>(x: &[S], y: &[T]) -> Result<Alignment, DocError> {
        if x.len() == y.len() && x.iter().zip(y).all(|(x, y)| x.as_ref() == y.as_ref()) {
            return Ok(Alignment { x2y: TokenLinks::identity(x.len()), y2x: TokenLinks::identity(y.len()) });
        }
        let (x_text, y_text) = (lower(x), lower(y));
        let (mut a, mut b) = (Walk::new(x, &x_text), Walk::new(y, &y_text));
        let mut x2y = TokenLinks::with_capacity(x.len());
        let mut y2x = TokenLinks::with_capacity(y.len());
        let mut n_same = 0;
        loop {
            match (a.peek(), b.peek()) {
                (None, None) => break,
                (Some(found), Some(expected)) if found == expected => {
                    x2y.link(a.token, b.token);
                    y2x.link(b.token, a.token);
                    n_same += usize::from(!is_space(found));
                    a.advance();
                    b.advance();
                }
                // A character of white space on one side alone links no tokens.
                // spaCy: of two different characters of white space the one of x is passed over
                // (training/align.pyx), which decides what is linked behind it.
                (Some(space), _) if is_space(space) => a.advance(),
                (_, Some(space)) if is_space(space) => b.advance(),
                (found, expected) => return Err(DocError::TextsDiffer { offset: n_same, found, expected }),
            }
        }
        x2y.close_before(x.len());
        y2x.close_before(y.len());
        Ok(Alignment { x2y, y2x })
    }
}

/// The lower-cased text of all tokens together: a final sigma depends on what follows it.
fn lower<S: AsRef<str>>(tokens: &[S]) -> String {
    let text: String = tokens.iter().map(AsRef::as_ref).collect();
    ner_cpython::lower(&text).into_owned()
}

/// A walk over the characters of a lower-cased text that keeps the token each belongs to.
struct Walk<'a, S> {
    tokens: &'a [S],
    chars: Peekable<Chars<'a>>,
    token: usize,
    n_left: usize,
}

impl<'a, S: AsRef<str>> Walk<'a, S> {
    fn new(tokens: &'a [S], text: &'a str) -> Walk<'a, S> {
        let mut walk = Walk { tokens, chars: text.chars().peekable(), token: 0, n_left: 0 };
        walk.n_left = walk.lower_length();
        walk.skip_finished();
        walk
    }

    fn peek(&mut self) -> Option<char> {
        self.chars.peek().copied()
    }

    fn advance(&mut self) {
        self.chars.next();
        self.n_left -= 1;
        self.skip_finished();
    }

    fn skip_finished(&mut self) {
        while self.n_left == 0 && self.token < self.tokens.len() {
            self.token += 1;
            self.n_left = self.lower_length();
        }
    }

    /// Length of the current token when lower-cased, in code points.
    fn lower_length(&self) -> usize {
        // spaCy: lengths are those of tokens lower-cased one by one, the text is lower-cased as a whole
        // (training/align.pyx). They fit, since only a final sigma differs, and not in length.
        let token = self.tokens.get(self.token).map_or("", AsRef::as_ref);
        ner_cpython::lower(token).chars().count()
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(x: &[&str], y: &[&str], expected: Expect) {
        let alignment = Alignment::from_strings(x, y).unwrap();
        let lists =
            |links: &TokenLinks| (0..links.len()).map(|token| links.get(token).to_vec()).collect::<Vec<_>>();
        expected.assert_eq(&format!("{:?} {:?}", lists(&alignment.x2y), lists(&alignment.y2x)));
    }

    #[test]
    fn tokens_share_characters() {
        check(&["a", "b"], &["ab"], expect!["[[0], [0]] [[0, 1]]"]);
        check(&["ab", "c"], &["A", "bC"], expect!["[[0, 1], [1]] [[0], [0, 1]]"]);
        check(&["a", "\n", "b"], &["a", "b", " "], expect!["[[0], [], [1]] [[0], [2], []]"]);
        check(&["İ", "b"], &["İb"], expect!["[[0], [0]] [[0, 1]]"]);
        check(&["", "a"], &["a"], expect!["[[], [0]] [[1]]"]);
        check(&[], &[" "], expect!["[] [[]]"]);
    }

    #[test]
    fn other_texts_do_not_align() {
        let error = Alignment::from_strings(&["ab", "c"], &["a", "bd"]).unwrap_err();
        assert_eq!(error, DocError::TextsDiffer { offset: 2, found: Some('c'), expected: Some('d') });
        assert!(Alignment::from_strings(&["a"], &["a", "b"]).is_err());
    }

    /// Cuts a text after the characters whose bit is set.
    fn cut(text: &str, bits: u32) -> Vec<String> {
        let mut tokens = vec![String::new()];
        for (index, c) in text.chars().enumerate() {
            tokens.last_mut().unwrap().push(c);
            if bits >> (index % 32) & 1 == 1 {
                tokens.push(String::new());
            }
        }
        tokens.retain(|token| !token.is_empty());
        tokens
    }

    proptest! {
        #[test]
        fn links_go_both_ways(text in "[aBİς \n]{0,24}", x in any::<u32>(), y in any::<u32>()) {
            let (x, y) = (cut(&text, x), cut(&text, y));
            let alignment = Alignment::from_strings(&x, &y).unwrap();
            prop_assert_eq!((alignment.x2y.len(), alignment.y2x.len()), (x.len(), y.len()));
            for token in 0..x.len() {
                let links = alignment.x2y.get(token);
                prop_assert!(links.is_sorted() && !links.is_empty());
                prop_assert!(links.iter().all(|&other| alignment.y2x.get(other as usize).contains(&(token as u32))));
            }
        }
    }
}
