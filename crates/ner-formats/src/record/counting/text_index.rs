use super::OffsetUnit;

/// A text in which offsets of other units find their characters.
pub(in crate::record) struct TextIndex {
    /// For each character, and for the end of the text, the bytes and the UTF-16 units before it; `None` for a text of
    /// ASCII, in which all units are the same.
    offsets: Option<[Vec<usize>; 2]>,
    /// Line ends before each character and the end, for texts that had `\r\n` where they now have `\n`; empty if there
    /// is none.
    line_ends: Vec<usize>,
    n_chars: usize,
}

impl TextIndex {
    pub(in crate::record) fn of(text: &str) -> TextIndex {
        let is_ascii = text.is_ascii();
        let n_chars = if is_ascii { text.len() } else { text.chars().count() };
        let offsets = (!is_ascii).then(|| {
            let mut offsets = [Vec::with_capacity(n_chars + 1), Vec::with_capacity(n_chars + 1)];
            let (mut bytes, mut units) = (0, 0);
            for c in text.chars() {
                offsets[0].push(bytes);
                offsets[1].push(units);
                (bytes, units) = (bytes + c.len_utf8(), units + c.len_utf16());
            }
            offsets[0].push(bytes);
            offsets[1].push(units);
            offsets
        });
        let mut line_ends = Vec::new();
        if text.contains('\n') {
            let mut n_ends = 0;
            for c in text.chars() {
                line_ends.push(n_ends);
                n_ends += usize::from(c == '\n');
            }
            line_ends.push(n_ends);
        }
        TextIndex { offsets, line_ends, n_chars }
    }

    /// The character at an offset; `None` if it lies inside of one or behind the end.
    pub(in crate::record) fn char_at(&self, unit: OffsetUnit, offset: usize) -> Option<usize> {
        let offsets = match (&self.offsets, unit) {
            (None, _) | (_, OffsetUnit::Chars) => return (offset <= self.n_chars).then_some(offset),
            (Some(offsets), OffsetUnit::Bytes) => &offsets[0],
            (Some(offsets), OffsetUnit::Utf16) => &offsets[1],
        };
        offsets.binary_search(&offset).ok()
    }

    /// The character at an offset in characters that counts each line end twice.
    pub(in crate::record) fn char_at_crlf(&self, offset: usize) -> Option<usize> {
        if self.line_ends.is_empty() {
            return (offset <= self.n_chars).then_some(offset);
        }
        // Both terms grow with the index, so that their sum can be searched.
        let (mut low, mut high) = (0, self.n_chars);
        while low < high {
            let middle = (low + high) / 2;
            if middle + self.line_ends[middle] < offset { low = middle + 1 } else { high = middle }
        }
        (low + self.line_ends[low] == offset).then_some(low)
    }

    /// The characters `start..end` of the text, as far as there are any.
    pub(in crate::record) fn slice<'t>(&self, text: &'t str, start: usize, end: usize) -> &'t str {
        let byte = |place: usize| match &self.offsets {
            None => place.min(text.len()),
            Some([bytes, _]) => bytes[place.min(self.n_chars)],
        };
        &text[byte(start)..byte(end.max(start))]
    }

    /// The length in UTF-16 units.
    pub(in crate::record) fn n_units(&self) -> usize {
        self.offsets.as_ref().map_or(self.n_chars, |[_, units]| units[self.n_chars])
    }

    pub(in crate::record) fn n_chars(&self) -> usize {
        self.n_chars
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_of_each_unit_find_their_characters() {
        let index = TextIndex::of("a🙂é\nb");
        let find = |unit| (0..12).map(move |offset| (unit, offset));
        let found = |unit| find(unit).filter_map(|(unit, offset)| index.char_at(unit, offset)).count();
        // Six places, the end among them.
        assert_eq!([found(OffsetUnit::Chars), found(OffsetUnit::Bytes), found(OffsetUnit::Utf16)], [6, 6, 6]);
        assert_eq!(index.char_at(OffsetUnit::Bytes, 5), Some(2));
        assert_eq!(index.char_at(OffsetUnit::Bytes, 6), None);
        assert_eq!(index.char_at(OffsetUnit::Utf16, 3), Some(2));
        assert_eq!(index.char_at_crlf(5), Some(4));
        assert_eq!(index.char_at_crlf(4), None);
        assert_eq!(index.char_at_crlf(3), Some(3));
    }
}
