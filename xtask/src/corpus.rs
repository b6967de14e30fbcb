//! `cargo xtask corpus`: draws the corpus from its grammar, always the same from the same seed.

mod expand;
mod grammar;
mod noise;
mod split;
mod summary;
mod text;

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use ner_cpython::PythonRandom;

use expand::expand;
use grammar::Grammar;
use noise::{Habits, roughen};
use split::Split;
use summary::summary;
use text::Text;

const SEED: u64 = 2024;

/// Texts of more characters than this are drawn again.
const MAX_CHARS: usize = 360;

/// Arguments of `cargo xtask corpus`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Write nothing; fail unless the files are what the grammar gives.
    #[arg(long)]
    check: bool,
}

/// A kind of text: the rule that it is drawn from, its share of the corpus in percent, and its writers' habits.
struct Register {
    rule: &'static str,
    share: u64,
    habits: Habits,
}

const REGISTERS: [Register; 8] = [
    register("clinical", 20, Habits { lower: 10, upper: 3, open_end: 12, slip: 4 }),
    register("discharge", 12, Habits { lower: 0, upper: 0, open_end: 1, slip: 1 }),
    register("news", 16, Habits { lower: 0, upper: 2, open_end: 1, slip: 0 }),
    register("email", 13, Habits { lower: 8, upper: 0, open_end: 10, slip: 5 }),
    register("forum", 12, Habits { lower: 30, upper: 2, open_end: 30, slip: 12 }),
    register("minutes", 9, Habits { lower: 0, upper: 0, open_end: 8, slip: 1 }),
    register("letter", 9, Habits { lower: 0, upper: 0, open_end: 1, slip: 1 }),
    register("chat", 9, Habits { lower: 50, upper: 2, open_end: 70, slip: 12 }),
];

const fn register(rule: &'static str, share: u64, habits: Habits) -> Register {
    Register { rule, share, habits }
}

/// Writes the corpus below the workspace's root, or checks it; prints the table of its README.
pub(crate) fn run(args: &Args) -> Result<()> {
    let folder = crate::workspace::root().join("corpus");
    let corpus = generate(&read_grammar(&folder.join("grammar"))?)?;
    for (split, texts) in Split::ALL.into_iter().zip(&corpus) {
        let path = folder.join(format!("{split}.jsonl"));
        if args.check {
            check(&path, &lines(texts))?;
        } else {
            fs::write(&path, lines(texts)).with_context(|| format!("cannot write {}", path.display()))?;
        }
    }
    report(&summary(&corpus), &folder.join("README.md"))
}

/// Prints the table, and fails if the README shows another.
#[expect(clippy::print_stdout, reason = "the table is what the task is asked for")]
fn report(table: &str, readme: &Path) -> Result<()> {
    print!("{table}");
    let found = fs::read_to_string(readme).with_context(|| format!("cannot read {}", readme.display()))?;
    ensure!(found.contains(table), "{}: does not hold the table above", readme.display());
    Ok(())
}

/// Reads every file of a folder, in the order of their names.
fn read_grammar(folder: &Path) -> Result<Grammar> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .with_context(|| format!("cannot read {}", folder.display()))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    paths.sort();
    let mut grammar = Grammar::default();
    for path in paths {
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        grammar.read(&path.file_name().unwrap_or_default().to_string_lossy(), &text)?;
    }
    grammar.validate(&REGISTERS.map(|register| register.rule))?;
    Ok(grammar)
}

/// The texts of train, dev and test, none of which occurs twice.
fn generate(grammar: &Grammar) -> Result<[Vec<Text>; 3]> {
    let mut random = PythonRandom::new(SEED);
    // For all splits together: a text of the training set in the test set would measure memory.
    let mut seen = HashSet::new();
    let mut corpus = [const { Vec::new() }; 3];
    for (split, texts) in Split::ALL.into_iter().zip(&mut corpus) {
        for _ in 0..split.n_texts() {
            texts.push(draw_new(grammar, split, &mut seen, &mut random)?);
        }
    }
    Ok(corpus)
}

/// The characters of a corpus file.
fn lines(texts: &[Text]) -> String {
    texts.iter().map(|text| text.to_json() + "\n").collect()
}

fn draw_new(
    grammar: &Grammar,
    split: Split,
    seen: &mut HashSet<String>,
    random: &mut PythonRandom,
) -> Result<Text> {
    loop {
        let register = draw_register(random);
        let mut text = expand(grammar, split, register.rule, random)?;
        roughen(&mut text, register.habits, random);
        // In small letters, since texts that differ in case alone would be as good as equal.
        if text.text().chars().count() <= MAX_CHARS && seen.insert(text.text().to_lowercase()) {
            return Ok(text);
        }
    }
}

fn draw_register(random: &mut PythonRandom) -> &'static Register {
    let mut ticket = random.randbelow(REGISTERS.iter().map(|register| register.share).sum());
    let chosen = REGISTERS.iter().find(|register| {
        let chosen = ticket < register.share;
        // Wraps only behind the chosen one, where nothing asks any more.
        ticket = ticket.wrapping_sub(register.share);
        chosen
    });
    chosen.expect("the ticket is below the sum of the shares")
}

fn check(path: &Path, lines: &str) -> Result<()> {
    let found = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let different = found.lines().zip(lines.lines()).position(|(found, expected)| found != expected);
    // Where one is the beginning of the other, they differ behind the end of the shorter one.
    let line = different.unwrap_or(found.lines().count().min(lines.lines().count())) + 1;
    let path = path.display();
    ensure!(found == lines, "{path}:{line}: not what corpus/grammar gives; run cargo xtask corpus");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn corpus_folder() -> PathBuf {
        crate::workspace::root().join("corpus")
    }

    fn grammar() -> Grammar {
        read_grammar(&corpus_folder().join("grammar")).unwrap()
    }

    #[test]
    fn committed_files_are_what_the_grammar_gives() {
        run(&Args { check: true }).unwrap();
    }

    #[test]
    fn the_same_seed_gives_the_same_corpus() {
        let grammar = grammar();
        let [first, second] = [(); 2].map(|()| generate(&grammar).unwrap().map(|texts| lines(&texts)));
        assert!(first == second);
    }

    #[test]
    fn entities_lie_within_their_text_apart_and_trimmed() {
        for text in generate(&grammar()).unwrap().iter().flatten() {
            let characters: Vec<char> = text.text().chars().collect();
            let mut free = 0;
            for (start, end, _) in text.entities() {
                assert!(free <= start && start < end && end <= characters.len(), "{}", text.to_json());
                let entity = &characters[start..end];
                assert!(!entity[0].is_whitespace() && !entity[entity.len() - 1].is_whitespace());
                free = end;
            }
        }
    }

    #[test]
    fn names_dealt_to_dev_and_test_are_not_in_train() {
        let grammar = grammar();
        let [train, ..] = generate(&grammar).unwrap();
        let names: HashSet<String> = train.iter().flat_map(Text::names).collect();
        for rule in ["surname.dealt", "town.dealt", "country.dealt", "brand", "symptom.dealt"] {
            for split in [Split::Dev, Split::Test] {
                for name in grammar.alternatives(rule, split).filter_map(|name| name.pieces.first()) {
                    let grammar::Piece::Text(name) = name else { continue };
                    assert!(!names.contains(&name.to_lowercase()), "{name} of {rule} is in train");
                }
            }
        }
    }
}
