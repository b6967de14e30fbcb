//! Files of other tools as people have tried them, and suffixes that say little.

use std::fmt::Write as _;
use std::fs;

use expect_test::expect;
use ner_formats::{Format, ReadOptions};

use super::super::support::read;
use super::{check, without};

#[test]
fn tokens_are_read_under_any_suffix() {
    for name in ["x.bio", "x.iob2", "x.txt", "x.CONLL", "x.conll03"] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(name);
        fs::write(&file, "Mira B-PER\nrows O\n").unwrap();
        let (_, _, account) = read(&file, &ReadOptions::default()).unwrap();
        assert_eq!((account.format.as_str(), account.entities), ("conll", 1), "{name}");
    }
}

#[test]
fn containers_are_refused_by_name() {
    check(
        &[("x.xlsx", "PK\x03\x04")],
        expect![[r#"
            x.xlsx: the file is a zip archive (as .xlsx and .docx are); unpack it, or export it as text, which may be packed with gzip or zstd
        "#]],
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.jsonl.gz");
    fs::write(&file, [0x1f, 0x8b, 8, 0, 0, 0, 0, 0]).unwrap();
    let error = read(&file, &ReadOptions::default()).unwrap_err().to_string();
    expect!["x.jsonl.gz: the packed data end too early: the file was cut short"]
        .assert_eq(&without(folder.path(), &error));
}

/// Files that take minutes where a reader looks at the rest of the file again for each of their parts.
#[test]
fn long_files_are_read_in_linear_time() {
    const N: usize = 1 << 14;
    let mut files: Vec<(&str, &str, String)> = Vec::new();
    for mark in ["[", "]", "[a]", "[a](", "[a]{", "[a][{"] {
        files.push(("rasa", "a.md", format!("## intent:a\n- {}\n", mark.repeat(N))));
        files.push((
            "rasa",
            "a.yml",
            format!("nlu:\n- intent: a\n  examples: |\n    - {}\n", mark.repeat(N)),
        ));
    }
    files.push(("rasa", "a.yml", format!("nlu:\n{}", "- ".repeat(N))));
    files.push(("rasa", "a.yml", format!("nlu: {}", "[".repeat(N))));
    files.push(("gate", "a.xml", "<a>".repeat(N)));
    files.push(("gate", "a.xml", format!("<a {}", "b='1' ".repeat(N))));
    let repeated = |write: &dyn Fn(usize) -> String| (0..N).map(write).collect::<String>();
    files.push(("brat", "a.ann", repeated(&|index| format!("T{index}\tA {0} {0};9 10\ta\n", index % 7))));
    let tokens = repeated(&|index| format!("1-1\t{0}-{1}\ta\tA[{index}]\n", index * 2, index * 2 + 1));
    files.push((
        "webanno",
        "a.tsv",
        format!("#FORMAT=WebAnno TSV 3.3\n#T_SP=a.NE|value\n#Text={}\n{tokens}", "a ".repeat(N)),
    ));
    files.push(("pubtator", "a.txt", repeated(&|index| format!("{index}|t|a b\n"))));
    let passages =
        repeated(&|index| format!("<passage><offset>{index}</offset><text>a\n</text></passage>\n"));
    files.push(("bioc", "a.xml", format!("<collection><document>{passages}</document></collection>")));
    files.push((
        "csv",
        "a.csv",
        format!("sentence,word,tag\n{}", repeated(&|index| format!("{index},a,B-A\n"))),
    ));
    let mut list = String::new();
    for index in 0..N {
        write!(list, "({}, {}, 'A'), ", index * 2, index * 2 + 1).unwrap();
    }
    files.push(("csv", "a.csv", format!("text\tentities\n{}\t[{list}]\n", "a ".repeat(N))));
    for (format, name, text) in files {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.txt"), "a b").unwrap();
        fs::write(folder.path().join(name), text).unwrap();
        let options = ReadOptions { format: Format::named(format), ..ReadOptions::default() };
        let _ = read(&folder.path().join(name), &options);
    }
}
