/// For each row of an output, some rows of an input, none among them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RaggedRows {
    /// Where the rows of each output begin in `rows`, and in the end the length of `rows`.
    pub starts: Vec<u32>,
    /// Rows of the input, ascending within each output.
    pub rows: Vec<u32>,
}

impl RaggedRows {
    /// Of no output.
    pub fn new() -> RaggedRows {
        RaggedRows { starts: vec![0], rows: Vec::new() }
    }

    /// The number of outputs.
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Whether there is no output.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds an output.
    pub fn push(&mut self, rows: impl IntoIterator<Item = u32>) {
        self.rows.extend(rows);
        self.starts.push(self.rows.len() as u32);
    }

    /// The rows of one output.
    pub fn get(&self, output: usize) -> &[u32] {
        &self.rows[self.starts[output] as usize..self.starts[output + 1] as usize]
    }
}

impl Default for RaggedRows {
    fn default() -> RaggedRows {
        RaggedRows::new()
    }
}

/// A sparse matrix: each row of the output is a sum of rows of the input, each times a weight.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WeightedRows {
    /// Which rows of the input belong to each output.
    pub rows: RaggedRows,
    /// One weight for each of them, in the same order.
    pub weights: Vec<f32>,
}

impl WeightedRows {
    /// The number of outputs.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no output.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Adds an output: rows, ascending, with their weights.
    pub fn push(&mut self, terms: &[(u32, f32)]) {
        self.rows.push(terms.iter().map(|(row, _)| *row));
        self.weights.extend(terms.iter().map(|(_, weight)| *weight));
    }

    /// The rows of one output with their weights.
    pub fn get(&self, output: usize) -> impl Iterator<Item = (u32, f32)> {
        let terms = self.rows.starts[output] as usize..self.rows.starts[output + 1] as usize;
        self.rows.rows[terms.clone()].iter().copied().zip(self.weights[terms].iter().copied())
    }
}
