use std::ops::Range;

/// The rows of a sequence that get an output, ascending, in runs of rows that follow each other.
///
/// The border of a run means something even where the next run follows at once: outputs within a run may share products,
/// those of two runs never do. With one run a document, a document's numbers do not depend on its neighbours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Centres {
    rows: Vec<u32>,
    /// How many rows there are up to the end of each run.
    ends: Vec<usize>,
}

impl Centres {
    /// Outputs that may share products, and with them rounding errors: groups of so many are counted from the first of a run.
    /// A run that is cut between two groups gives the same numbers, but for a last group that is not full.
    pub const GROUP: usize = 4;

    /// The rows of all runs, which must be ascending and must not overlap.
    pub fn new(runs: impl IntoIterator<Item = Range<usize>>) -> Centres {
        let mut centres = Centres { rows: Vec::new(), ends: Vec::new() };
        for run in runs {
            debug_assert!(
                centres.rows.last().is_none_or(|&last| run.is_empty() || (last as usize) < run.start),
                "backward passes search the rows by bisection"
            );
            centres.rows.extend(run.map(|row| row as u32));
            centres.ends.push(centres.rows.len());
        }
        centres
    }

    /// All rows, ascending.
    pub fn rows(&self) -> &[u32] {
        &self.rows
    }

    /// The runs, as ranges of indices into [`rows`](Centres::rows), that is, of output rows.
    pub(crate) fn runs(&self) -> impl Iterator<Item = Range<usize>> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| start..end)
    }
}
