use std::ops::Range;
use std::sync::Arc;

/// Rows that one thread takes through a layer together: so many that tiles of rows are seldom filled up and weights are
/// read from the cache often enough, so few that the widest rows of a layer stay in the second cache (0.9 MB at width 384).
/// In a layer of that width, 96, 144 and 256 gave 3911, 4195 and 4211 pieces/s, and 1217, 1246 and 1163 in training.
const GROUP_ROWS: usize = 144;

/// Sequences of rows that see each other, one after the other: nothing is padded.
#[derive(Clone, Debug)]
pub(crate) struct Windows {
    lengths: Arc<[usize]>,
    /// Windows that are worked on together, and their rows.
    groups: Arc<[Group]>,
}

/// Some windows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) windows: Range<usize>,
    pub(crate) rows: Range<usize>,
}

impl Windows {
    /// Windows of these lengths.
    pub(crate) fn new(lengths: &[usize]) -> Windows {
        let mut groups: Vec<Group> = Vec::new();
        let mut row = 0;
        for (window, length) in lengths.iter().enumerate() {
            match groups.last_mut() {
                Some(group) if group.rows.len() + length <= GROUP_ROWS => {
                    group.windows.end += 1;
                    group.rows.end += length;
                }
                _ => groups.push(Group { windows: window..window + 1, rows: row..row + length }),
            }
            row += length;
        }
        Windows { lengths: lengths.into(), groups: groups.into() }
    }

    pub(crate) fn n_rows(&self) -> usize {
        self.groups.last().map_or(0, |group| group.rows.end)
    }

    pub(crate) fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The rows of each window of a group, counted from the group's first.
    pub(crate) fn rows_of(&self, group: &Group) -> impl Iterator<Item = Range<usize>> {
        let mut next = 0;
        self.lengths[group.windows.clone()].iter().map(move |length| {
            next += length;
            next - length..next
        })
    }

    /// The part of each group in numbers of which each row has `width`.
    pub(crate) fn parts<'a>(&self, mut numbers: &'a mut [f32], width: usize) -> Vec<&'a mut [f32]> {
        let parts = self.groups.iter().map(|group| {
            let (part, rest) = std::mem::take(&mut numbers).split_at_mut(group.rows.len() * width);
            numbers = rest;
            part
        });
        parts.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_hold_whole_windows_and_all_rows() {
        let windows = Windows::new(&[40, 90, 17, 200, 1, 143]);
        let rows: Vec<_> = windows.groups().iter().map(|group| group.rows.clone()).collect();
        assert_eq!(rows, [0..130, 130..147, 147..347, 347..491]);
        assert_eq!(windows.n_rows(), 491);
        let first: Vec<_> = windows.rows_of(&windows.groups()[0]).collect();
        assert_eq!(first, [0..40, 40..130]);
        let mut numbers = vec![0.0; 2 * 491];
        assert_eq!(windows.parts(&mut numbers, 2).iter().map(|part| part.len()).sum::<usize>(), 2 * 491);
    }
}
