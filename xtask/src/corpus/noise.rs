//! How people really type: lower case, missing full stops, slips of the fingers, double spaces, curly apostrophes.

use ner_cpython::PythonRandom;

use super::text::{Segment, Text};

/// How often, of a hundred texts, the writers of one register do what.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Habits {
    /// Write everything in small letters.
    pub(crate) lower: u64,
    /// Write everything in capitals.
    pub(crate) upper: u64,
    /// Leave out the last full stop.
    pub(crate) open_end: u64,
    /// Change over two letters of a word that is not a name.
    pub(crate) slip: u64,
}

/// Of a hundred texts in any register: those with a second space or a tab, and those with curly apostrophes.
const WIDE_GAP: u64 = 4;
const CURLY: u64 = 20;

/// Rewrites a text as its writer would have typed it. Entities keep their characters, except for case and apostrophes.
pub(crate) fn roughen(text: &mut Text, habits: Habits, random: &mut PythonRandom) {
    let mut happens = |percent| random.randbelow(100) < percent;
    if happens(habits.lower) {
        rewrite(text, str::to_lowercase);
    // Beyond ASCII capitals change more than the case: ß becomes two letters, µ a Greek one.
    } else if happens(habits.upper) && text.text().is_ascii() {
        rewrite(text, str::to_ascii_uppercase);
    }
    if happens(CURLY) {
        rewrite(text, |text| text.replace('\'', "’"));
    }
    if happens(habits.open_end) {
        drop_full_stop(text);
    }
    if happens(habits.slip) {
        slip(text, random);
    }
    if random.randbelow(100) < WIDE_GAP {
        widen_gap(text, random);
    }
}

fn rewrite(text: &mut Text, change: impl Fn(&str) -> String) {
    text.segments.iter_mut().for_each(|segment| segment.text = change(&segment.text));
}

fn drop_full_stop(text: &mut Text) {
    if let Some(Segment { text, label: None }) = text.segments.last_mut()
        && text.ends_with('.')
    {
        text.pop();
    }
}

/// Changes over two letters within a word outside of entities.
fn slip(text: &mut Text, random: &mut PythonRandom) {
    // Equal letters would leave the word as it was; its first and its last one stay.
    let within_word = |window: &[char]| window.iter().all(char::is_ascii_lowercase) && window[1] != window[2];
    let Some((segment, at)) = place(text, 4, within_word, random) else { return };
    let mut signs: Vec<char> = segment.chars().collect();
    signs.swap(at + 1, at + 2);
    *segment = signs.into_iter().collect();
}

/// Makes one space outside of entities two, or a tab.
fn widen_gap(text: &mut Text, random: &mut PythonRandom) {
    let gap = if random.randbelow(3) == 0 { "\t" } else { "  " };
    let Some((segment, at)) = place(text, 1, |window| window == [' '], random) else { return };
    *segment = segment.chars().enumerate().fold(String::new(), |mut changed, (index, sign)| {
        if index == at {
            changed.push_str(gap)
        } else {
            changed.push(sign)
        }
        changed
    });
}

/// One of the places outside of entities where a window of `width` characters fits.
fn place<'a>(
    text: &'a mut Text,
    width: usize,
    fits: impl Fn(&[char]) -> bool,
    random: &mut PythonRandom,
) -> Option<(&'a mut String, usize)> {
    let mut places = Vec::new();
    for (index, segment) in text.segments.iter().enumerate().filter(|(_, segment)| segment.label.is_none()) {
        let signs: Vec<char> = segment.text.chars().collect();
        let fitting = signs.windows(width).enumerate().filter(|(_, window)| fits(window));
        places.extend(fitting.map(|(at, _)| (index, at)));
    }
    let &(index, at) = random.choice(&places)?;
    Some((&mut text.segments[index].text, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roughened(habits: Habits, seed: u64) -> Text {
        let mut text = Text::default();
        text.push(None, "Yesterday ");
        text.push(Some("PERSON"), "Ann O'Neill");
        text.push(None, " called again.");
        roughen(&mut text, habits, &mut PythonRandom::new(seed));
        text
    }

    #[test]
    fn entities_keep_their_letters() {
        let habits = Habits { lower: 0, upper: 0, open_end: 100, slip: 100 };
        for seed in 0..200 {
            let text = roughened(habits, seed);
            let (start, end, _) = text.entities()[0];
            let name: String = text.text().chars().skip(start).take(end - start).collect();
            assert_eq!(name.replace('’', "'"), "Ann O'Neill");
            assert!(!text.text().ends_with('.'));
        }
    }

    #[test]
    fn small_letters_reach_entities_too() {
        let habits = Habits { lower: 100, upper: 0, open_end: 0, slip: 0 };
        assert!(!roughened(habits, 0).text().chars().any(char::is_uppercase));
    }
}
