use std::ops::Range;
use std::sync::Arc;

use crate::host::centres::Centres;

/// Which rows the outputs of a layer over windows are made from. A window is centred on one row, and rows beyond the ends
/// of the input are zeros.
#[derive(Clone, Debug)]
pub(crate) struct WindowRows {
    /// Neighbours on either side that an output sees.
    pub(crate) window: usize,
    /// Whether the centre of a window is added to its output.
    pub(crate) is_residual: bool,
    /// The rows that are centres; `None` for all. The others are only seen as neighbours.
    pub(crate) centres: Option<Arc<Centres>>,
}

impl WindowRows {
    /// Length of an input row, if a window of them has `inputs` numbers.
    pub(crate) fn width(&self, inputs: usize) -> usize {
        inputs / (2 * self.window + 1)
    }

    /// How many of `n_rows` input rows are centres: the number of output rows.
    pub(crate) fn n_centres(&self, n_rows: usize) -> usize {
        self.centres.as_ref().map_or(n_rows, |centres| centres.rows().len())
    }

    /// The input row at the centre of an output's window.
    #[inline(always)]
    pub(crate) fn centre(&self, output: usize) -> usize {
        self.centres.as_ref().map_or(output, |centres| centres.rows()[output] as usize)
    }

    /// How many outputs have a centre before input row `row`. Where all rows are centres, `row` may lie beyond the end and
    /// is returned as it is.
    pub(crate) fn n_centres_before(&self, row: usize) -> usize {
        self.centres
            .as_ref()
            .map_or(row, |centres| centres.rows().partition_point(|&centre| (centre as usize) < row))
    }

    /// The outputs of each run of centres that follow each other.
    pub(crate) fn runs(&self, n_rows: usize) -> Vec<Range<usize>> {
        match &self.centres {
            Some(centres) => centres.runs().collect(),
            None => std::iter::once(0..n_rows).collect(),
        }
    }
}
