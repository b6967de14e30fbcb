use std::sync::Arc;

/// The factors that dropout multiplies the numbers of a matrix by: zero, or `1 / (1 - rate)`, so that the expected value
/// stays the same.
#[derive(Clone, Debug)]
pub struct Mask {
    /// `[rows drawn, width]`
    factors: Arc<Vec<f32>>,
    width: usize,
    /// Which of the rows drawn belong to the rows of the matrix; `None` if all do, in order.
    rows: Option<Arc<[u32]>>,
}

impl Mask {
    /// A mask of `factors` `[rows, width]`.
    pub(crate) fn new(factors: Vec<f32>, width: usize) -> Mask {
        debug_assert!(factors.len().is_multiple_of(width), "a mask has whole rows");
        Mask { factors: Arc::new(factors), width, rows: None }
    }

    /// The mask of a matrix that has only the given rows of this one's.
    pub fn of_rows(self, rows: Arc<[u32]>) -> Mask {
        // The factors of the other rows stay where they are: a list of rows is cheaper than a copy of the rest.
        Mask { rows: Some(rows), ..self }
    }

    /// The factors of one row, `[width]`.
    #[inline(always)]
    pub(crate) fn row(&self, row: usize) -> &[f32] {
        let row = self.rows.as_ref().map_or(row, |rows| rows[row] as usize);
        &self.factors[row * self.width..][..self.width]
    }

    /// Length of a row.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// The factors of all rows, `[rows, width]`.
    pub(crate) fn into_factors(self) -> Vec<f32> {
        match &self.rows {
            Some(rows) => (0..rows.len()).flat_map(|row| self.row(row)).copied().collect(),
            None => Arc::unwrap_or_clone(self.factors),
        }
    }
}
