use std::ops::Range;

use ner_doc::Doc;

use crate::PiecesError;

/// The stretches of a document that an encoder reads one by one, in tokens.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SpanGetter {
    /// Windows of so many tokens, each so many after the one before: `strided_spans.v1`.
    Strided {
        /// Tokens in a window.
        window: usize,
        /// Tokens from the start of one to that of the next.
        stride: usize,
    },
    /// The whole document: `doc_spans.v1`.
    Doc,
    /// The sentences: `sent_spans.v1`.
    Sent,
}

impl SpanGetter {
    /// Windows of `window` tokens, each `stride` after the one before.
    ///
    /// # Errors
    /// If a stride is 0 or longer than the window. spaCy takes longer ones, and its recogniser then reads vectors of other
    /// tokens: those between windows have none.
    pub fn strided(window: usize, stride: usize) -> Result<SpanGetter, PiecesError> {
        if (1..=window).contains(&stride) {
            return Ok(SpanGetter::Strided { window, stride });
        }
        let mend = match window {
            0 => "set window to a number of tokens, such as 128".to_owned(),
            _ => format!("set stride to {window} or less, and at least 1"),
        };
        Err(PiecesError::Windows { stride, window, expected: "1 <= stride <= window", mend })
    }

    /// The spans of a document; `doc_index` is its place in the batch.
    ///
    /// # Errors
    /// If they are to be sentences, and the document has none.
    pub fn spans(self, doc: &Doc, doc_index: usize) -> Result<Vec<Range<usize>>, PiecesError> {
        let n_tokens = doc.len();
        match self {
            SpanGetter::Strided { window, stride } => Ok(strided_spans(n_tokens, window, stride)),
            // spaCy: an empty document beside others is an IndexError (E1002, tokens/span.pyx); without a span it is
            // what it is when it stands alone.
            SpanGetter::Doc => Ok((n_tokens > 0).then_some(0..n_tokens).into_iter().collect()),
            SpanGetter::Sent if doc.has_sentence_annotation() => Ok(doc.sentences()),
            SpanGetter::Sent => Err(PiecesError::NoSentences { doc: doc_index, n_tokens }),
        }
    }
}

fn strided_spans(n_tokens: usize, window: usize, stride: usize) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    let mut start = 0;
    for _ in 0..n_tokens / stride {
        spans.push(start..(start + window).min(n_tokens));
        if start + window >= n_tokens {
            return spans;
        }
        start += stride;
    }
    if start < n_tokens {
        spans.push(start..n_tokens);
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_follow_each_other_and_reach_the_end() {
        assert!(strided_spans(0, 4, 3).is_empty());
        assert_eq!(strided_spans(2, 4, 3), vec![0..2; 1]);
        assert_eq!(strided_spans(8, 4, 3), [0..4, 3..7, 6..8]);
        assert_eq!(strided_spans(7, 4, 3), [0..4, 3..7]);
        for n_tokens in 0..60 {
            for window in 1..12 {
                for stride in 1..=window {
                    let spans = strided_spans(n_tokens, window, stride);
                    let mut covered = 0;
                    for span in &spans {
                        assert!(span.start <= covered && span.len() <= window && span.end > covered);
                        covered = span.end;
                    }
                    assert_eq!(covered, n_tokens);
                }
            }
        }
    }

    #[test]
    fn strides_that_leave_out_tokens_are_refused() {
        for (window, stride, mend) in
            [(4, 5, "set stride to"), (4, 0, "set stride to"), (0, 0, "set window to")]
        {
            let message = SpanGetter::strided(window, stride).unwrap_err().to_string();
            assert!(message.contains(mend), "{message}");
        }
    }
}
