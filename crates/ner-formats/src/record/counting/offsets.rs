use std::fmt;
use std::str::FromStr;

use super::OffsetUnit;
use super::text_index::TextIndex;

/// How the spans of a file count: the unit, and the departures from it that are met.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Offsets {
    /// The unit.
    pub unit: OffsetUnit,
    /// The end is the last unit of the span, not the one after it.
    pub is_end_inclusive: bool,
    /// Added to start and end before they are used.
    pub shift: isize,
    /// Each line end counts twice: the text had `\r\n` when it was annotated.
    pub has_crlf: bool,
}

/// The offsets that a reader is to use.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum OffsetChoice {
    /// These.
    Given(Offsets),
    /// Those under which all spans of the file fit, the simplest of them.
    Auto,
}

impl Default for OffsetChoice {
    fn default() -> OffsetChoice {
        OffsetChoice::Given(Offsets::default())
    }
}

impl Offsets {
    /// The characters of a span; `None` if its bounds are no places of the text.
    pub(in crate::record) fn to_chars(
        self,
        index: &TextIndex,
        start: usize,
        end: usize,
    ) -> Option<(usize, usize)> {
        let end = end + usize::from(self.is_end_inclusive);
        let find = |offset: usize| {
            let offset = offset.checked_add_signed(self.shift)?;
            if self.has_crlf { index.char_at_crlf(offset) } else { index.char_at(self.unit, offset) }
        };
        Some((find(start)?, find(end)?)).filter(|(start, end)| start < end)
    }

    /// In how many ways it departs from characters.
    pub(in crate::record) fn n_departures(self) -> usize {
        let departures =
            [self.unit != OffsetUnit::Chars, self.is_end_inclusive, self.shift != 0, self.has_crlf];
        departures.into_iter().filter(|departs| *departs).count()
    }

    /// How to say it in words, after "if".
    pub(in crate::record) fn explanation(self) -> String {
        let mut parts = Vec::new();
        match self.unit {
            OffsetUnit::Chars => {}
            OffsetUnit::Bytes => parts.push("offsets count bytes of UTF-8".to_owned()),
            OffsetUnit::Utf16 => {
                parts.push("offsets count UTF-16 units, as in JavaScript and Java".to_owned())
            }
        }
        if self.is_end_inclusive {
            parts.push("the end is the last character of the span".to_owned());
        }
        if self.shift != 0 {
            parts.push(format!("{:+} is added to both bounds", self.shift));
        }
        if self.has_crlf {
            parts.push("each line end counts as two characters".to_owned());
        }
        // Reached where characters explain a file that was read with another unit.
        if parts.is_empty() {
            parts.push("offsets count characters".to_owned());
        }
        parts.join(" and ")
    }
}

impl fmt::Display for Offsets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.unit.name())?;
        if self.is_end_inclusive {
            f.write_str(",inclusive")?;
        }
        if self.shift != 0 {
            write!(f, ",{:+}", self.shift)?;
        }
        if self.has_crlf {
            f.write_str(",crlf")?;
        }
        Ok(())
    }
}

impl FromStr for OffsetChoice {
    type Err = String;

    /// `auto`, or a unit and departures from it: `utf16`, `chars,inclusive`, `bytes,-1`, `chars,crlf`.
    fn from_str(text: &str) -> Result<OffsetChoice, String> {
        if text == "auto" {
            return Ok(OffsetChoice::Auto);
        }
        let mut offsets = Offsets::default();
        for (index, part) in text.split(',').enumerate() {
            match (index, part) {
                (_, "inclusive") => offsets.is_end_inclusive = true,
                (_, "crlf") => offsets.has_crlf = true,
                (0, unit) if OffsetUnit::from_name(unit).is_some() => {
                    offsets.unit = OffsetUnit::from_name(unit).unwrap_or_default();
                }
                (_, shift) if shift.starts_with(['+', '-']) && shift.parse::<isize>().is_ok() => {
                    offsets.shift = shift.parse().unwrap_or_default();
                }
                _ => {
                    return Err(format!(
                        "{part:?} says nothing of offsets; expected auto, or chars, bytes or utf16, and after it as \
                         needed inclusive, a shift such as +1, and crlf, separated by commas"
                    ));
                }
            }
        }
        if offsets.has_crlf && offsets.unit != OffsetUnit::Chars {
            return Err("crlf goes with chars alone".to_owned());
        }
        Ok(OffsetChoice::Given(offsets))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_written_as_it_is_read() {
        for text in ["chars", "bytes", "utf16,inclusive", "chars,-1", "chars,inclusive,+2,crlf"] {
            let Ok(OffsetChoice::Given(offsets)) = text.parse() else { panic!("{text}") };
            assert_eq!(offsets.to_string(), text);
        }
        assert_eq!("auto".parse(), Ok(OffsetChoice::Auto));
        for wrong in ["", "utf8", "inclusive,chars", "chars,1", "bytes,crlf"] {
            assert!(wrong.parse::<OffsetChoice>().is_err(), "{wrong}");
        }
    }
}
