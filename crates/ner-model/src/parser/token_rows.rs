/// Rows of numbers of those tokens of a batch that have been asked for, of which there are few.
#[derive(Debug)]
pub(super) struct TokenRows {
    width: usize,
    /// The place of each token's row among `rows`; [`TokenRows::NONE`] if it has none.
    places: Vec<u32>,
    /// The tokens that have a row, in the order of the rows.
    pub(super) tokens: Vec<u32>,
    /// `[rows, width]`
    pub(super) rows: Vec<f32>,
}

impl TokenRows {
    // Half the size of an `Option<u32>`, for an entry that every token has; no batch has that many rows.
    const NONE: u32 = u32::MAX;

    /// No rows yet.
    pub(super) fn new(n_tokens: usize, width: usize) -> TokenRows {
        TokenRows { width, places: vec![TokenRows::NONE; n_tokens], tokens: Vec::new(), rows: Vec::new() }
    }

    /// The row of a token that has one.
    #[inline(always)]
    pub(super) fn get(&self, token: usize) -> &[f32] {
        &self.rows[self.places[token] as usize * self.width..][..self.width]
    }

    /// The row of a token. A new row is zeros, which `fill` may change.
    pub(super) fn row(&mut self, token: usize, fill: impl FnOnce(&mut [f32])) -> &mut [f32] {
        let place = &mut self.places[token];
        let is_new = *place == TokenRows::NONE;
        if is_new {
            *place = self.tokens.len() as u32;
            self.tokens.push(token as u32);
            self.rows.resize(self.rows.len() + self.width, 0.0);
        }
        let row = &mut self.rows[*place as usize * self.width..][..self.width];
        if is_new {
            fill(row);
        }
        row
    }
}
