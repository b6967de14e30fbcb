//! Errors in single words. Each function changes a word wherever it can, and gives `None` where it cannot.

use ner_cpython::PythonRandom;

/// The letters beside each letter on a keyboard of the layout QWERTY.
const NEIGHBOURS: [(char, &str); 26] = [
    ('a', "qwsz"),
    ('b', "vghn"),
    ('c', "xdfv"),
    ('d', "serfcx"),
    ('e', "wsdr"),
    ('f', "drtgvc"),
    ('g', "ftyhbv"),
    ('h', "gyujnb"),
    ('i', "ujko"),
    ('j', "huikmn"),
    ('k', "jiolm"),
    ('l', "kop"),
    ('m', "njk"),
    ('n', "bhjm"),
    ('o', "iklp"),
    ('p', "ol"),
    ('q', "wa"),
    ('r', "edft"),
    ('s', "awedxz"),
    ('t', "rfgy"),
    ('u', "yhji"),
    ('v', "cfgb"),
    ('w', "qase"),
    ('x', "zsdc"),
    ('y', "tghu"),
    ('z', "asx"),
];

/// Letters that scanners take for each other, in both directions.
const CONFUSIONS: [(&str, &str); 15] = [
    ("rn", "m"),
    ("cl", "d"),
    ("vv", "w"),
    ("ii", "u"),
    ("li", "h"),
    ("l", "1"),
    ("l", "I"),
    ("i", "l"),
    ("O", "0"),
    ("o", "0"),
    ("S", "5"),
    ("B", "8"),
    ("Z", "2"),
    ("e", "c"),
    ("g", "q"),
];

/// A slip of the hand.
#[derive(Clone, Copy, Debug)]
enum Slip {
    Double,
    Drop,
    Swap,
    HitBeside,
}

impl Slip {
    const ALL: [Slip; 4] = [Slip::Double, Slip::Drop, Slip::Swap, Slip::HitBeside];

    /// Whether it changes the word if it happens at a letter.
    fn is_possible(self, word: &[char], at: usize) -> bool {
        word[at].is_alphabetic()
            && match self {
                Slip::Double => true,
                Slip::Drop => word.len() > 1,
                Slip::Swap => word.get(at + 1).is_some_and(|next| next.is_alphabetic() && *next != word[at]),
                Slip::HitBeside => neighbours(word[at]).is_some(),
            }
    }

    fn apply(self, word: &mut Vec<char>, at: usize, random: &mut PythonRandom) {
        match self {
            Slip::Double => word.insert(at, word[at]),
            Slip::Drop => {
                word.remove(at);
            }
            Slip::Swap => word.swap(at, at + 1),
            Slip::HitBeside => {
                let letters: Vec<char> = neighbours(word[at]).unwrap_or_default().chars().collect();
                let is_upper = word[at].is_uppercase();
                if let Some(letter) = random.choice(&letters) {
                    word[at] = if is_upper { letter.to_ascii_uppercase() } else { *letter };
                }
            }
        }
    }
}

fn neighbours(letter: char) -> Option<&'static str> {
    let letter = letter.to_ascii_lowercase();
    NEIGHBOURS.iter().find_map(|(key, letters)| (*key == letter).then_some(*letters))
}

/// The word with one slip: the kind is drawn first, of those that the word allows, then the place, then the key.
pub(super) fn typo(word: &str, random: &mut PythonRandom) -> Option<String> {
    let mut word: Vec<char> = word.chars().collect();
    let places = |slip: Slip| (0..word.len()).filter(|&at| slip.is_possible(&word, at)).collect::<Vec<_>>();
    let possible: Vec<_> = Slip::ALL.into_iter().map(|slip| (slip, places(slip))).collect();
    let possible: Vec<_> = possible.into_iter().filter(|(_, places)| !places.is_empty()).collect();
    let (slip, places) = random.choice(&possible)?;
    slip.apply(&mut word, *random.choice(places)?, random);
    Some(word.into_iter().collect())
}

/// The word in lower case, in upper case, or with its first letter alone in upper case.
pub(super) fn other_case(word: &str, random: &mut PythonRandom) -> Option<String> {
    let mut letters = word.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    let title = first.chain(letters.flat_map(char::to_lowercase)).collect();
    let mut cases = vec![word.to_lowercase(), word.to_uppercase(), title];
    cases.retain(|case| case != word);
    random.choice(&cases).cloned()
}

/// The word with one stretch taken for another.
pub(super) fn with_confusion(word: &str, random: &mut PythonRandom) -> Option<String> {
    let both = CONFUSIONS.into_iter().flat_map(|(one, other)| [(one, other), (other, one)]);
    let places =
        both.flat_map(|(seen, taken)| word.match_indices(seen).map(move |(at, _)| (at, seen, taken)));
    let places: Vec<_> = places.collect();
    let &(at, seen, taken) = random.choice(&places)?;
    Some([&word[..at], taken, &word[at + seen.len()..]].concat())
}
