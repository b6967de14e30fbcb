//! Drawing a text from the grammar.

use anyhow::{Result, ensure};
use ner_cpython::PythonRandom;

use super::grammar::{Alternative, Grammar, Label, Piece};
use super::split::Split;
use super::text::Text;

/// Rules within rules deeper than this mean a grammar that never comes to an end.
const MAX_DEPTH: usize = 60;

/// Draws one text that rule `root` stands for, with the names that belong to `split`.
pub(crate) fn expand(grammar: &Grammar, split: Split, root: &str, random: &mut PythonRandom) -> Result<Text> {
    let mut expansion = Expansion { grammar, split, random, text: Text::default(), used: Vec::new() };
    expansion.rule(root, None, 0)?;
    Ok(expansion.text)
}

struct Expansion<'a> {
    grammar: &'a Grammar,
    split: Split,
    random: &'a mut PythonRandom,
    text: Text,
    used: Vec<&'a Alternative>,
}

impl<'a> Expansion<'a> {
    fn rule(&mut self, name: &str, label: Option<Label>, depth: usize) -> Result<()> {
        ensure!(depth < MAX_DEPTH, "rule {name} stands {MAX_DEPTH} rules deep");
        let alternative = self.choose(name);
        self.pieces(&alternative.pieces, label, depth + 1)
    }

    /// Draws an alternative, and once more if this text has had it already: people seldom repeat themselves.
    fn choose(&mut self, name: &str) -> &'a Alternative {
        let mut chosen = self.draw(name);
        if self.used.iter().any(|used| std::ptr::eq(*used, chosen)) {
            chosen = self.draw(name);
        }
        self.used.push(chosen);
        chosen
    }

    fn draw(&mut self, name: &str) -> &'a Alternative {
        let (grammar, split) = (self.grammar, self.split);
        let total: usize = grammar.alternatives(name, split).map(|alternative| alternative.weight).sum();
        let mut ticket = self.random.randbelow(total as u64) as usize;
        let chosen = grammar.alternatives(name, split).find(|alternative| {
            let is_chosen = ticket < alternative.weight;
            // Wraps only behind the chosen one, where nothing asks any more.
            ticket = ticket.wrapping_sub(alternative.weight);
            is_chosen
        });
        chosen.expect("a validated rule has alternatives, and the ticket is below the sum of their weights")
    }

    fn pieces(&mut self, pieces: &'a [Piece], label: Option<Label>, depth: usize) -> Result<()> {
        pieces.iter().try_for_each(|piece| self.piece(piece, label, depth))
    }

    fn piece(&mut self, piece: &'a Piece, label: Option<Label>, depth: usize) -> Result<()> {
        match piece {
            Piece::Text(text) => self.text.push(label, text),
            Piece::Capital => self.text.capital(),
            Piece::Article => self.text.article(),
            Piece::Rule(name) => self.rule(name, label, depth)?,
            Piece::Variants(variants) => {
                let variant = self.random.randbelow(variants.len() as u64) as usize;
                self.pieces(&variants[variant], label, depth)?;
            }
            Piece::Entity(inner_label, inner) => {
                ensure!(label.is_none(), "an entity {inner_label} stands within another");
                self.text.open();
                self.pieces(inner, Some(inner_label), depth)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(rules: &str, expected: &str) {
        let mut grammar = Grammar::default();
        grammar.read("test.txt", rules).unwrap();
        let text = expand(&grammar, Split::Train, "root", &mut PythonRandom::new(0));
        let found = text.map_or_else(|error| error.to_string(), |text| text.to_json());
        assert_eq!(found, expected);
    }

    #[test]
    fn entities_stand_where_the_grammar_says() {
        check(
            "== root\n^{name} took [DRUG {drug}].\n== name\n[PERSON ann] [PERSON lee]\n== drug\ncodeine",
            r#"{"text":"Ann lee took codeine.","entities":[[0,3,"PERSON"],[4,7,"PERSON"],[13,20,"DRUG"]]}"#,
        );
    }

    #[test]
    fn refuses_what_cannot_be_written() {
        check("== root\n[ORG {town} Bank]\n== town\n[GPE Bath]", "an entity GPE stands within another");
        check("== root\n{root}", "rule root stands 60 rules deep");
    }
}
