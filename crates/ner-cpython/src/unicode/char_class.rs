use std::ops::BitOr;
use std::sync::LazyLock;

/// A set of classes of characters, as CPython 3.11 knows them (Unicode 14.0), whatever version the compiler's own
/// tables have.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct CharClass(u16);

// The order of the bits is that of the tests in xtask/src/unicode/classes.py, which writes the table.
impl CharClass {
    /// Letters: the characters that `str.isalpha` accepts.
    pub const ALPHA: CharClass = CharClass(1);
    /// Capitals (`str.isupper`).
    pub const UPPER: CharClass = CharClass(1 << 1);
    /// Small letters (`str.islower`).
    pub const LOWER: CharClass = CharClass(1 << 2);
    /// Ligatures of a capital and a small letter (category Lt).
    pub const TITLE: CharClass = CharClass(1 << 3);
    /// Digits, superscripts among them (`str.isdigit`).
    pub const DIGIT: CharClass = CharClass(1 << 4);
    /// Decimal digits (`str.isdecimal`), which `\d` matches.
    pub const DECIMAL: CharClass = CharClass(1 << 5);
    /// Characters with a numeric value, such as fractions (`str.isnumeric`).
    pub const NUMERIC: CharClass = CharClass(1 << 6);
    /// Punctuation (categories P*).
    pub const PUNCT: CharClass = CharClass(1 << 7);
    /// Currency signs (category Sc).
    pub const CURRENCY: CharClass = CharClass(1 << 8);
    /// Characters that Unicode 14.0 has (all categories but Cn).
    pub const ASSIGNED: CharClass = CharClass(1 << 9);
    /// White space (`str.isspace`), which `\s` matches; [`is_space`](crate::is_space) is faster for one character.
    pub const SPACE: CharClass = CharClass(1 << 10);
    /// Marks that take no room of their own, accents among them (category Mn).
    pub const NONSPACING: CharClass = CharClass(1 << 11);

    /// Whether the character belongs to any of these classes.
    pub fn has(self, c: char) -> bool {
        self.meets(class_of(c))
    }

    /// Whether there are characters and all belong to any of these classes.
    pub fn all(self, text: &str) -> bool {
        !text.is_empty() && text.chars().all(|c| self.has(c))
    }

    /// The code points of these classes as ranges in ascending order; both ends belong.
    pub fn ranges(self) -> impl Iterator<Item = (u32, u32)> {
        let ends = RUNS.iter().skip(1).map(|&(start, _)| start).chain([u32::from(char::MAX) + 1]);
        let runs = RUNS.iter().zip(ends).filter(move |((_, class), _)| self.meets(*class));
        runs.map(|(&(start, _), end)| (start, end - 1))
    }

    fn meets(self, other: CharClass) -> bool {
        self.0 & other.0 != 0
    }
}

impl BitOr for CharClass {
    type Output = CharClass;

    fn bitor(self, other: CharClass) -> CharClass {
        CharClass(self.0 | other.0)
    }
}

/// `unicode_14.txt` as pairs: from this code point on, these classes.
static RUNS: LazyLock<Vec<(u32, CharClass)>> = LazyLock::new(|| {
    let number = |text| u32::from_str_radix(text, 16).expect("the table is written in hexadecimal");
    let pairs = include_str!("unicode_14.txt").lines().filter_map(|line| line.split_once(' '));
    pairs.map(|(start, class)| (number(start), CharClass(number(class) as u16))).collect()
});

// Most text is ASCII, and a look-up there is an index where elsewhere it is a binary search over 3,800 runs.
static ASCII: LazyLock<[CharClass; 128]> = LazyLock::new(|| std::array::from_fn(|code| search(code as u32)));

fn class_of(c: char) -> CharClass {
    ASCII.get(c as usize).copied().unwrap_or_else(|| search(c as u32))
}

fn search(code: u32) -> CharClass {
    // The first run starts at 0, so that there is always one before.
    RUNS[RUNS.partition_point(|&(start, _)| start <= code) - 1].1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::is_space;

    #[test]
    fn white_space_is_the_same_in_the_table_and_in_the_function() {
        let in_table = |c: &char| CharClass::SPACE.has(*c);
        // CPython 3.11 counts 29 characters as space.
        assert_eq!(('\0'..=char::MAX).filter(in_table).count(), 29);
        assert!(('\0'..=char::MAX).all(|c| is_space(c) == CharClass::SPACE.has(c)));
    }

    #[test]
    fn ranges_hold_the_members_and_no_others() {
        let decimals: Vec<_> = CharClass::DECIMAL.ranges().collect();
        assert_eq!((decimals[0], decimals[1]), ((0x30, 0x39), (0x660, 0x669)));
        let n_members: u32 = decimals.iter().map(|(first, last)| last - first + 1).sum();
        assert_eq!(n_members as usize, ('\0'..=char::MAX).filter(|&c| CharClass::DECIMAL.has(c)).count());
    }
}
