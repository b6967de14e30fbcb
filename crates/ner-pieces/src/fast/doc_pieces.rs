use std::ops::Range;

use ner_doc::Doc;
use rayon::prelude::*;

use super::FastTokenizer;
use super::alignment::Owners;
use crate::{Pieces, PiecesError, RaggedRows, SpanGetter};

/// The longest part of a text that a message quotes, in characters.
const MAX_QUOTED: usize = 60;

/// A span of a document as pieces.
struct Window {
    ids: Vec<u32>,
    /// Pieces with a token of the batch that they belong to, ascending by piece.
    owned: Vec<(u32, u32)>,
}

/// A span and its place in the batch.
struct Job<'a> {
    doc: &'a Doc,
    doc_index: usize,
    /// The number of tokens in the documents before.
    n_before: usize,
    span: Range<usize>,
}

impl FastTokenizer {
    /// The pieces of documents, each span in a window of its own, cut to what the encoder reads. A token in two spans has
    /// the pieces of both.
    ///
    /// # Errors
    /// If spans are to be sentences, and a document has none, or if the tokenizer fails on a text.
    pub fn pieces(&self, docs: &[&Doc], get_spans: SpanGetter) -> Result<Pieces, PiecesError> {
        let mut jobs = Vec::new();
        let mut n_tokens = 0;
        for (doc_index, &doc) in docs.iter().enumerate() {
            let spans = get_spans.spans(doc, doc_index)?;
            jobs.extend(spans.into_iter().map(|span| Job { doc, doc_index, n_before: n_tokens, span }));
            n_tokens += doc.len();
        }
        // Collected before the first error is looked for: it is the same one on any number of threads.
        let windows: Vec<_> = jobs.par_iter().map(|job| self.window(job)).collect();
        let windows = windows.into_iter().collect::<Result<Vec<Window>, PiecesError>>()?;
        Ok(Pieces {
            ids: windows.iter().flat_map(|window| &window.ids).copied().collect(),
            lengths: windows.iter().map(|window| window.ids.len()).collect(),
            joined: None,
            tokens: rows_by_token(&windows, n_tokens),
        })
    }

    fn window(&self, job: &Job<'_>) -> Result<Window, PiecesError> {
        let text = job.doc.span_text(job.span.clone());
        let encoded = self.encode(&text).map_err(|reason| PiecesError::Encode {
            doc: job.doc_index,
            tokens: job.span.clone(),
            text: text.chars().take(MAX_QUOTED).collect(),
            reason,
        })?;
        let mut ids = encoded.ids;
        // spaCy: the final special piece is cut off with the others (spacy_transformers/truncate.py).
        ids.truncate(self.max_length().unwrap_or(usize::MAX));
        let owners = Owners::of_span(&job.doc.tokens[job.span.clone()]);
        let first = job.n_before + job.span.start;
        let pieces = encoded.offsets.into_iter().take(ids.len()).zip(0..);
        let owned = pieces.flat_map(|(chars, piece)| {
            owners.of_piece(chars).map(move |token| (piece, (first + token) as u32))
        });
        Ok(Window { owned: owned.collect(), ids })
    }
}

/// For each token the rows of its pieces. Windows ascend, and pieces within them, so rows do within a token.
fn rows_by_token(windows: &[Window], n_tokens: usize) -> RaggedRows {
    let mut starts = vec![0u32; n_tokens + 1];
    for (_, token) in windows.iter().flat_map(|window| &window.owned) {
        starts[*token as usize + 1] += 1;
    }
    for token in 0..n_tokens {
        starts[token + 1] += starts[token];
    }
    let mut next = starts.clone();
    let mut rows = vec![0; starts[n_tokens] as usize];
    let mut first_row = 0;
    for window in windows {
        for (piece, token) in &window.owned {
            let place = &mut next[*token as usize];
            rows[*place as usize] = first_row + piece;
            *place += 1;
        }
        first_row += window.ids.len() as u32;
    }
    RaggedRows { starts, rows }
}
