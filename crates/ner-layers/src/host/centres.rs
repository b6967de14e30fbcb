use std::ops::Range;

/// Rows that something is made of, ascending, in runs of rows that follow each other. The rows of two runs may follow
/// each other too: what is made of a run does not depend on the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Centres {
    rows: Vec<u32>,
    /// How many rows there are up to the end of each run.
    ends: Vec<usize>,
}

impl Centres {
    /// The rows of all runs, which are ascending and do not overlap.
    pub fn new(runs: impl IntoIterator<Item = Range<usize>>) -> Centres {
        let mut centres = Centres { rows: Vec::new(), ends: Vec::new() };
        for run in runs {
            centres.rows.extend(run.map(|row| row as u32));
            centres.ends.push(centres.rows.len());
        }
        centres
    }

    /// All rows, ascending.
    pub fn rows(&self) -> &[u32] {
        &self.rows
    }

    /// The runs, as places among the rows.
    pub(crate) fn runs(&self) -> impl Iterator<Item = Range<usize>> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| start..end)
    }
}
