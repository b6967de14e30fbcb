/// Pieces of a vocabulary by their bytes, to find those that a text begins with.
#[derive(Clone, Debug, Default)]
pub(crate) struct PrefixTable(
    /// Sorted by bytes: pieces with a common beginning stand together. A tree of the 250,000 pieces of XLM-R would be faster
    /// to walk and ten times as large; words that come again are remembered anyway.
    Vec<(Box<[u8]>, u32)>,
);

impl PrefixTable {
    /// Of pieces with their ids. Of equal ones the first counts, and empty ones never.
    pub(crate) fn new<'a>(pieces: impl IntoIterator<Item = (&'a str, u32)>) -> PrefixTable {
        let pieces = pieces.into_iter().filter(|(piece, _)| !piece.is_empty());
        let mut pieces: Vec<_> = pieces.map(|(piece, id)| (piece.as_bytes().into(), id)).collect();
        // The sort is stable, so that the first of equals stays the first.
        pieces.sort_by(|(left, _): &(Box<[u8]>, u32), (right, _)| left.cmp(right));
        pieces.dedup_by(|(left, _), (right, _)| left == right);
        PrefixTable(pieces)
    }

    pub(crate) fn get(&self, piece: &str) -> Option<u32> {
        let place = self.0.binary_search_by(|(known, _)| known.as_ref().cmp(piece.as_bytes()));
        place.ok().map(|place| self.0[place].1)
    }

    /// The pieces that a text begins with, from the shortest to the longest: length in bytes and id.
    pub(crate) fn beginnings<'a>(&'a self, text: &'a [u8]) -> impl Iterator<Item = (usize, u32)> + 'a {
        let mut candidates = self.0.as_slice();
        text.iter()
            .enumerate()
            .map_while(move |(index, byte)| {
                // All candidates share the bytes before this one; those that end here come first, and have been told.
                let start = candidates.partition_point(|(piece, _)| piece.get(index) < Some(byte));
                let length = candidates[start..].partition_point(|(piece, _)| piece.get(index) <= Some(byte));
                candidates = &candidates[start..start + length];
                let (piece, id) = candidates.first()?;
                Some((piece.len() == index + 1).then_some((index + 1, *id)))
            })
            .flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beginnings_are_found_from_short_to_long() {
        let table =
            PrefixTable::new([("abc", 0), ("a", 1), ("ab", 2), ("b", 3), ("a", 4), ("", 5), ("abd", 6)]);
        let found = |text: &str| table.beginnings(text.as_bytes()).collect::<Vec<_>>();
        assert_eq!(found("abcd"), [(1, 1), (2, 2), (3, 0)]);
        assert_eq!(found("abe"), [(1, 1), (2, 2)]);
        assert_eq!(found("ba"), [(1, 3)]);
        assert_eq!(found("c"), []);
        assert_eq!((table.get("ab"), table.get("c"), table.get("")), (Some(2), None, None));
    }
}
