//! The grammar that the corpus is drawn from: rules read from the text files of `corpus/grammar`.
//!
//! A file holds rules; a rule is a line `== name` and one alternative a line below it. In an alternative
//! `{name}` stands for a rule, `(a|b|)` for one of the variants, `[LABEL text]` for an entity, `^` makes the next
//! letter a capital, `{a}` is the article `a` or `an`, and a backslash takes away a sign's meaning. `3* ` before
//! an alternative gives it three times the weight. Below `== name | dealt` every alternative belongs
//! to one split alone, so that what the test set says was never seen in training.

use std::collections::HashMap;

use anyhow::{Context, Result, bail, ensure};

use super::split::Split;

/// All rules by name.
#[derive(Debug, Default)]
pub(crate) struct Grammar {
    rules: HashMap<String, Vec<Alternative>>,
}

/// One of the wordings of a rule.
#[derive(Debug)]
pub(crate) struct Alternative {
    pub(crate) weight: usize,
    /// The only split that may use it, or all of them.
    pub(crate) split: Option<Split>,
    pub(crate) pieces: Vec<Piece>,
}

/// A part of an alternative.
#[derive(Debug, PartialEq)]
pub(crate) enum Piece {
    Text(String),
    Rule(String),
    Variants(Vec<Vec<Piece>>),
    Entity(Label, Vec<Piece>),
    Capital,
    Article,
}

/// The name of a kind of entity.
pub(crate) type Label = &'static str;

/// Every kind of entity in the corpus.
pub(crate) const LABELS: [Label; 6] = ["PERSON", "GPE", "ORG", "DRUG", "DOSE", "SYMPTOM"];

impl Grammar {
    /// Adds the rules of one file; `file` names it in messages.
    pub(crate) fn read(&mut self, file: &str, text: &str) -> Result<()> {
        let mut section: Option<Section> = None;
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let place = || format!("{file}:{}: {line}", index + 1);
            if let Some(heading) = line.strip_prefix("== ") {
                section = Some(self.open(heading).with_context(place)?);
            } else {
                let section =
                    section.as_mut().context("an alternative stands before any rule").with_context(place)?;
                let alternative = section.alternative(line).with_context(place)?;
                let alternatives = self.rules.entry(section.name.clone()).or_default();
                // Most likely a slip; a greater weight is written as `2* `.
                let twice = alternatives.iter().any(|earlier| earlier.pieces == alternative.pieces);
                ensure!(!twice, "{}: stands twice in the rule {}", place(), section.name);
                alternatives.push(alternative);
            }
        }
        Ok(())
    }

    /// The alternatives of a rule that a split may use.
    pub(crate) fn alternatives(&self, name: &str, split: Split) -> impl Iterator<Item = &Alternative> {
        let all = self.rules.get(name).map_or(&[][..], Vec::as_slice);
        all.iter().filter(move |alternative| alternative.split.is_none_or(|only| only == split))
    }

    /// Fails unless every rule that is named has something to say in every split, and every rule is named.
    pub(crate) fn validate(&self, roots: &[&str]) -> Result<()> {
        let named = self.named(roots);
        for name in &named {
            for split in Split::ALL {
                ensure!(
                    self.alternatives(name, split).next().is_some(),
                    "rule {name} says nothing in {split}"
                );
            }
        }
        let unused: Vec<_> = self.rules.keys().filter(|name| !named.contains(&name.as_str())).collect();
        ensure!(unused.is_empty(), "rules that nothing names: {unused:?}");
        Ok(())
    }

    /// The names that the roots reach, themselves included.
    fn named<'a>(&'a self, roots: &[&'a str]) -> Vec<&'a str> {
        let mut found = Vec::new();
        let mut waiting = roots.to_vec();
        while let Some(name) = waiting.pop() {
            if !found.contains(&name) {
                found.push(name);
                let alternatives = self.rules.get(name).map_or(&[][..], Vec::as_slice);
                alternatives.iter().for_each(|alternative| names_in(&alternative.pieces, &mut waiting));
            }
        }
        found
    }

    fn open(&self, heading: &str) -> Result<Section> {
        let (name, dealt) = match heading.split_once('|') {
            None => (heading, false),
            Some((name, kind)) if kind.trim() == "dealt" => (name, true),
            Some((_, kind)) => bail!("found {kind:?} after a rule's name, expected \"dealt\" or nothing"),
        };
        let name = name.trim().to_owned();
        ensure!(!self.rules.contains_key(&name), "the rule {name} exists already");
        Ok(Section { name, dealt, n_read: 0 })
    }
}

fn names_in<'a>(pieces: &'a [Piece], names: &mut Vec<&'a str>) {
    for piece in pieces {
        match piece {
            Piece::Rule(name) => names.push(name),
            Piece::Variants(variants) => variants.iter().for_each(|variant| names_in(variant, names)),
            Piece::Entity(_, inner) => names_in(inner, names),
            Piece::Text(_) | Piece::Capital | Piece::Article => {}
        }
    }
}

/// The rule that is being read.
struct Section {
    name: String,
    dealt: bool,
    n_read: usize,
}

impl Section {
    fn alternative(&mut self, line: &str) -> Result<Alternative> {
        let split = self.dealt.then(|| Split::of_item(self.n_read));
        self.n_read += 1;
        // A star that no number precedes is part of the text.
        let weighted = line.split_once("* ").and_then(|(weight, rest)| Some((weight.parse().ok()?, rest)));
        let (weight, text) = weighted.unwrap_or((1, line));
        Ok(Alternative { weight, split, pieces: parse(text)? })
    }
}

/// Reads the pieces of one alternative.
fn parse(text: &str) -> Result<Vec<Piece>> {
    let mut parser = Parser { signs: text.chars().peekable() };
    let pieces = parser.pieces(false)?;
    match parser.signs.next() {
        None => Ok(pieces),
        Some(sign) => bail!("found {sign:?} where nothing was opened"),
    }
}

struct Parser<'a> {
    signs: std::iter::Peekable<std::str::Chars<'a>>,
}

impl Parser<'_> {
    /// Reads up to the end or a sign that closes; `|` closes only within variants.
    fn pieces(&mut self, within_variants: bool) -> Result<Vec<Piece>> {
        let mut pieces = Vec::new();
        while let Some(&sign) = self.signs.peek() {
            if matches!(sign, ']' | ')' | '}') || (sign == '|' && within_variants) {
                break;
            }
            self.signs.next();
            match sign {
                '{' => pieces.push(self.rule()?),
                '(' => pieces.push(self.variants()?),
                '[' => pieces.push(self.entity()?),
                '^' => pieces.push(Piece::Capital),
                '\\' => append(&mut pieces, self.escaped()?),
                plain => append(&mut pieces, plain),
            }
        }
        Ok(pieces)
    }

    fn rule(&mut self) -> Result<Piece> {
        let name: String = self.signs.by_ref().take_while(|&sign| sign != '}').collect();
        Ok(if name == "a" { Piece::Article } else { Piece::Rule(name) })
    }

    fn variants(&mut self) -> Result<Piece> {
        let mut variants = vec![self.pieces(true)?];
        loop {
            match self.signs.next() {
                Some('|') => variants.push(self.pieces(true)?),
                Some(')') if variants.len() > 1 => return Ok(Piece::Variants(variants)),
                Some(')') => {
                    bail!("found one variant only; a parenthesis in the text is written \\( and \\)")
                }
                found => bail!("found {found:?} in variants, expected '|' or ')'"),
            }
        }
    }

    fn entity(&mut self) -> Result<Piece> {
        let name: String = self.signs.by_ref().take_while(|&sign| sign != ' ').collect();
        let label = LABELS.into_iter().find(|label| *label == name);
        let label = label.with_context(|| format!("found the label {name:?}, expected one of {LABELS:?}"))?;
        let inner = self.pieces(false)?;
        ensure!(self.signs.next() == Some(']'), "an entity {label} is not closed");
        Ok(Piece::Entity(label, inner))
    }

    fn escaped(&mut self) -> Result<char> {
        match self.signs.next().context("found nothing after a backslash")? {
            't' => Ok('\t'),
            'n' => Ok('\n'),
            sign => Ok(sign),
        }
    }
}

fn append(pieces: &mut Vec<Piece>, sign: char) {
    match pieces.last_mut() {
        Some(Piece::Text(text)) => text.push(sign),
        _ => pieces.push(Piece::Text(sign.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_entities_variants_and_rules() {
        let pieces = parse(r"^[DRUG {stem}ol](|,) \(b").unwrap();
        let stem = Piece::Rule("stem".into());
        assert_eq!(
            pieces,
            [
                Piece::Capital,
                Piece::Entity("DRUG", vec![stem, Piece::Text("ol".into())]),
                Piece::Variants(vec![vec![], vec![Piece::Text(",".into())]]),
                Piece::Text(" (b".into()),
            ]
        );
    }

    #[test]
    fn says_where_a_file_is_wrong() {
        let message = |text| format!("{:#}", Grammar::default().read("names.txt", text).unwrap_err());
        assert_eq!(message("Ann"), "names.txt:1: Ann: an alternative stands before any rule");
        assert!(
            message("== a\n[TOWN Bath]").starts_with("names.txt:2: [TOWN Bath]: found the label \"TOWN\"")
        );
        assert_eq!(message("== a\nx\nx"), "names.txt:3: x: stands twice in the rule a");
        assert_eq!(message("== a\nx\n== a"), "names.txt:3: == a: the rule a exists already");
    }

    #[test]
    fn deals_every_alternative_to_one_split() {
        let mut grammar = Grammar::default();
        let lines: Vec<String> = (0..12).map(|n| n.to_string()).collect();
        grammar.read("n.txt", &format!("== n | dealt\n{}", lines.join("\n"))).unwrap();
        let counts = Split::ALL.map(|split| grammar.alternatives("n", split).count());
        assert_eq!(counts, [8, 2, 2]);
    }
}
