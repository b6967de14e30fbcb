use std::iter::Peekable;
use std::ops::Range;
use std::str::Chars;

use crate::DocError;
use crate::unicode::{self, is_space};

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
    /// Aligns the tokens of two texts, which may differ in white space and case only. Takes time linear in their
    /// length.
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
    unicode::lower(&text).into_owned()
}

/// A walk over the characters of a lower-cased text that knows the token each belongs to.
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
        walk
    }

    fn peek(&mut self) -> Option<char> {
        self.chars.peek().copied()
    }

    fn advance(&mut self) {
        self.chars.next();
        self.n_left -= 1;
        while self.n_left == 0 && self.token < self.tokens.len() {
            self.token += 1;
            self.n_left = self.lower_length();
        }
    }

    /// Length of the current token when lower-cased, in code points.
    fn lower_length(&self) -> usize {
        let token = self.tokens.get(self.token).map_or("", AsRef::as_ref);
        unicode::lower(token).chars().count()
    }
}
