//! What becomes of files of tools that are cut, shuffled and overwritten: an error or documents, and a balance.

use std::fs;
use std::sync::LazyLock;

use ner_formats::{FormatError, ReadOptions, read_docs};
use ner_tokenizer::Tokenizer;
use proptest::prelude::*;

use super::super::support::tokenizer;
use super::{bioc, brat, csv, gate, pubtator, rasa, uima, webanno};

static TOKENIZER: LazyLock<Tokenizer> = LazyLock::new(tokenizer);

const FILES: [(&str, &str, &str); 12] = [
    ("brat", "a.ann", brat::FAULTLESS),
    ("webanno", "a.tsv", webanno::FAULTLESS),
    ("uima-xmi", "a.xmi", uima::XMI),
    ("uima-json", "a.json", uima::JSON),
    ("bioc", "a.xml", bioc::FAULTLESS),
    ("pubtator", "a.pubtator", pubtator::FAULTLESS),
    ("gate", "a.xml", gate::FAULTLESS),
    ("rasa", "a.yml", rasa::YAML),
    ("rasa", "a.md", rasa::MARKDOWN),
    ("csv", "a.csv", csv::TOKENS),
    ("csv", "a.csv", csv::TEXTS),
    ("brat", "a.txt", brat::TEXT),
];

#[derive(Clone, Debug)]
enum Mutation {
    Cut(usize),
    Swap(usize, usize),
    Repeat(usize),
    Replace(usize, Vec<u8>),
}

impl Mutation {
    fn apply(&self, bytes: &mut Vec<u8>) {
        let n_bytes = bytes.len().max(1);
        let mut lines: Vec<Vec<u8>> =
            bytes.split_inclusive(|&byte| byte == b'\n').map(<[u8]>::to_vec).collect();
        let n_lines = lines.len().max(1);
        match self {
            Mutation::Cut(end) => bytes.truncate(end % n_bytes),
            Mutation::Swap(a, b) if !lines.is_empty() => {
                lines.swap(a % n_lines, b % n_lines);
                *bytes = lines.concat();
            }
            Mutation::Repeat(line) if !lines.is_empty() => {
                let line = lines[line % n_lines].clone();
                bytes.extend(line);
            }
            Mutation::Replace(place, with) => {
                let start = place % n_bytes;
                let end = (start + with.len()).min(bytes.len());
                bytes.splice(start.min(end)..end, with.iter().copied());
            }
            Mutation::Swap(..) | Mutation::Repeat(_) => {}
        }
    }
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let text = prop::sample::select(vec![
        "\"", "\t", "\n", "[", "]", "9", "-", "_", "🙂", "<", "&", "|", "[1]", ";;",
    ]);
    prop_oneof![
        any::<usize>().prop_map(Mutation::Cut),
        any::<(usize, usize)>().prop_map(|(a, b)| Mutation::Swap(a, b)),
        any::<usize>().prop_map(Mutation::Repeat),
        (any::<usize>(), text).prop_map(|(place, with)| Mutation::Replace(place, with.as_bytes().to_vec())),
        (any::<usize>(), prop::collection::vec(any::<u8>(), 1..4))
            .prop_map(|(place, with)| Mutation::Replace(place, with)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn what_is_damaged_is_an_error_or_balances(
        file in prop::sample::select(FILES.to_vec()),
        mutations in prop::collection::vec(mutation(), 1..4),
        skip_bad in any::<bool>(),
    ) {
        let (format, name, text) = file;
        let folder = tempfile::tempdir().unwrap();
        let mut bytes = text.as_bytes().to_vec();
        mutations.iter().for_each(|mutation| mutation.apply(&mut bytes));
        for (other, text) in [("a.txt", brat::TEXT), ("a.ann", brat::FAULTLESS)] {
            fs::write(folder.path().join(other), text).unwrap();
        }
        fs::write(folder.path().join(name), bytes).unwrap();
        let options = ReadOptions { format: ner_formats::Format::named(format), skip_bad, ..ReadOptions::default() };
        if let Ok(mut reading) = read_docs(&folder.path().join(name), &TOKENIZER, &options) {
            // A file of which no span fits is an error at its end, whatever its records are.
            let n_failed = reading.by_ref().filter_map(Result::err).filter(|error| !matches!(error, FormatError::NothingFits { .. })).count();
            prop_assert!(reading.account().is_balanced(), "{:?}", reading.account());
            prop_assert!(n_failed == 0 || !skip_bad);
        }
    }
}
