use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ner_formats::FormatError;
use ner_formats::account::{Account, Message};
use ner_formats::convert::{ConvertOptions, Output, convert_path};
use ner_formats::docbin::DocBin;
use ner_vocab::Vocab;
use serde_json::Value;

use super::doc_json::doc_json;
use super::golden_dirs;

/// A run of `spacy convert`.
struct Run {
    input: String,
    options: Vec<String>,
    expected: Value,
}

/// Inputs, or runs of them, of which spaCy makes documents without saying that it has lost or mistaken a part, and which
/// are read otherwise or refused here, on purpose (docs/deviations.md).
const READ_OTHERWISE: &[(&str, &str)] = &[
    ("object.json", "spaCy finds no documents in a single object; here it is one"),
    ("entities_field.json", "spaCy drops the entities of tokens without tags; here they are read"),
    ("data.txt", "spaCy goes by the suffix alone; here the content shows tokens with tags"),
    ("docstart_variants.conll", "spaCy knows one spelling of document marks; others become words"),
    ("undetectable.iob -c ner", "spaCy reads any word as a tag; here the column holds none"),
    ("dash_tag.conll", "spaCy refuses `-`; here it says that nothing is known of a token"),
    ("ragged.conll", "spaCy reads another column as the tag; here the line is refused for its columns"),
    ("blank_lines.iob -n 2", "spaCy counts blank lines as sentences"),
    ("many_blanks.conll -n 2", "the same"),
    ("many_blanks.conll -s -n 3", "the same"),
];

/// Inputs with tokens of which nothing is known, which is `-` in training JSON here. spaCy writes `O`, which says that
/// they are no entity.
const WITH_UNKNOWN: &[&str] = &["heads.json", "plain.json"];

#[test]
fn runs_write_and_say_what_spacy_does() {
    for dir in golden_dirs("convert") {
        let runs = runs(&dir);
        assert!(!runs.is_empty(), "{} holds no run", dir.display());
        for run in runs {
            let place = format!("{} {}", run.input, run.options.join(" "));
            if let Some((_, reason)) = READ_OTHERWISE.iter().find(|(input, _)| place.starts_with(input)) {
                println!("{place}: {reason}");
                continue;
            }
            let workplace = tempfile::tempdir().unwrap();
            let input = lay_out_input(&dir, &run.input, workplace.path());
            let output = workplace.path().join("out");
            let mut messages = Vec::new();
            let result = options(&run.options, &dir).and_then(|options| {
                convert_path(&input, Output::Directory(&output), &options, &mut |message| {
                    messages.push(message)
                })
            });
            // Of tags that do not follow the one before them spaCy says nothing.
            let ours = format!("{}", workplace.path().display());
            messages.retain(|message: &Message| !message.text.starts_with(&ours));
            if is_empty(&run) && has_sentence_lines(&run) {
                // spaCy makes no document of sentence lines with `-n 0`; here all of them are one.
                continue;
            }
            if is_empty(&run) {
                // spaCy writes a file without documents; here nothing is read in silence.
                assert!(result.is_err(), "{place}");
                continue;
            }
            check_messages(&run, &messages, &output, &place);
            match result {
                Ok(accounts) => {
                    assert_eq!(run.expected["exit"], 0, "{place}: spaCy fails: {}", run.expected["err"]);
                    assert!(accounts.iter().all(Account::is_balanced), "{place}: {accounts:?}");
                    check_files(&run, &output, &place);
                }
                Err(error) => {
                    check_error(&run, &error, &place);
                    assert!(!output.exists(), "{place}: nothing is written when something is wrong");
                }
            }
        }
    }
}

/// Whether spaCy wrote files, and no document.
fn is_empty(run: &Run) -> bool {
    let files = run.expected["files"].as_object().unwrap();
    let is_empty = |file: &Value| match file.as_array().map(Vec::as_slice) {
        Some([document]) => document["paragraphs"].as_array().is_some_and(Vec::is_empty),
        Some(documents) => documents.is_empty(),
        None => false,
    };
    run.expected["exit"] == 0 && !files.is_empty() && files.values().all(is_empty)
}

fn runs(dir: &Path) -> Vec<Run> {
    let mut lines = String::new();
    let file = fs::File::open(dir.join("runs.jsonl.gz")).unwrap();
    flate2::read::GzDecoder::new(file).read_to_string(&mut lines).unwrap();
    let run = |line: &str| {
        let expected: Value = serde_json::from_str(line).unwrap();
        let texts = |value: &Value| {
            value.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
        };
        Run {
            input: expected["input"].as_str().unwrap().to_owned(),
            options: texts(&expected["options"]),
            expected,
        }
    };
    // JSON Lines are refused by spaCy and read here.
    let mut runs: Vec<Run> = lines.lines().map(run).filter(|run| !run.input.ends_with(".jsonl")).collect();
    // Nor are the empty documents made that spaCy makes of blank lines in files of sentence lines.
    runs.iter_mut().filter(|run| has_sentence_lines(run)).for_each(drop_empty_documents);
    runs
}

fn has_sentence_lines(run: &Run) -> bool {
    run.expected["out"].as_str().unwrap().contains("Auto-detected sentence-per-line NER format")
}

fn drop_empty_documents(run: &mut Run) {
    let is_empty = |doc: &Value| doc["text"] == "";
    let mut out = run.expected["out"].as_str().unwrap().to_owned();
    for file in run.expected["files"].as_object_mut().unwrap().values_mut() {
        let docs = file.as_array_mut().unwrap();
        let before = format!("({} documents)", docs.len());
        docs.retain(|doc| !is_empty(doc));
        out = out.replace(&before, &format!("({} documents)", docs.len()));
        for doc in docs.iter_mut().filter_map(|doc| doc.get_mut("paragraphs")?.as_array_mut()) {
            doc.retain(|paragraph| paragraph["sentences"] != Value::Array(Vec::new()));
        }
    }
    run.expected["out"] = Value::from(out);
}

/// Copies the input to where it is read, for three directories stand for files that are put together here.
fn lay_out_input(dir: &Path, name: &str, workplace: &Path) -> PathBuf {
    let input = workplace.join(name);
    let files: &[&str] = match name {
        "DIR_SAME" => &["two_cols.conll", "three_cols.conll"],
        "DIR_MIXED" => &["two_cols.conll", "two_cols.ner"],
        "DIR_EMPTY" => &[],
        file => {
            let source = dir.join("inputs").join(file);
            if source.exists() {
                fs::copy(source, &input).unwrap();
            }
            return input;
        }
    };
    fs::create_dir(&input).unwrap();
    for file in files {
        fs::copy(dir.join("inputs").join(file), input.join(file)).unwrap();
    }
    input
}

fn options(arguments: &[String], dir: &Path) -> Result<ConvertOptions, FormatError> {
    let mut options = ConvertOptions::default();
    let mut arguments = arguments.iter().map(String::as_str);
    while let Some(name) = arguments.next() {
        let mut value = || arguments.next().unwrap();
        match name {
            "-n" => options.read.n_sents = value().parse().unwrap(),
            "-s" => options.read.seg_sents = true,
            "-b" => options.read.model = Some(value().to_owned()),
            "-m" => options.read.morphology = true,
            "-T" => options.read.merge_subtokens = true,
            "-C" => options.concatenate = true,
            "-c" => options.read.format = Some(value().parse()?),
            "-t" => options.file_type = value().parse()?,
            "-l" => options.read.lang = value().to_owned(),
            "-nm" => options.read.label_map = Some(dir.join(format!("inputs_{}", value()))),
            _ => panic!("unknown option {name}"),
        }
    }
    Ok(options)
}

fn check_messages(run: &Run, messages: &[Message], output: &Path, place: &str) {
    let out = format!("{}/", output.display());
    let found: Vec<String> =
        messages.iter().map(|message| message.to_string().replace(&out, "out/")).collect();
    let mut expected: Vec<String> = Vec::new();
    for line in run.expected["out"].as_str().unwrap().lines() {
        // spaCy breaks long messages into lines.
        match line.chars().next() {
            Some('✘') | None => break,
            Some('ℹ' | '⚠' | '✔') => expected.push(line.to_owned()),
            Some(_) => *expected.last_mut().unwrap() += &format!(" {line}"),
        }
    }
    expected.retain(|line| line != "ℹ Grouping every 0 sentences into a document.");
    assert_eq!(found, expected, "{place}");
}

fn check_files(run: &Run, output: &Path, place: &str) {
    let files = run.expected["files"].as_object().unwrap();
    assert_eq!(fs::read_dir(output).unwrap().count(), files.len(), "{place}");
    for (name, expected) in files {
        let path = output.join(name);
        let found = if name.ends_with(".json") {
            let mut found = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
            if WITH_UNKNOWN.contains(&run.input.as_str()) {
                assert!(take_for_outside(&mut found) > 0, "{place}: {name}");
            }
            found
        } else {
            let vocab = Arc::new(Vocab::new("xx").unwrap());
            DocBin::open(&path).unwrap().into_docs(vocab).map(|doc| doc_json(&doc.unwrap())).collect()
        };
        assert_same(&found, expected, &format!("{place}: {name}"));
    }
}

/// Writes `O` for the tags of unknown tokens, and counts them.
fn take_for_outside(training_json: &mut Value) -> usize {
    match training_json {
        Value::Object(object) => {
            let tag = object.get_mut("ner").filter(|tag| **tag == "-");
            let is_unknown = tag.map(|tag| *tag = "O".into()).is_some();
            usize::from(is_unknown) + object.values_mut().map(take_for_outside).sum::<usize>()
        }
        Value::Array(list) => list.iter_mut().map(take_for_outside).sum(),
        _ => 0,
    }
}

/// Compares documents one by one, for the message's sake.
fn assert_same(found: &Value, expected: &Value, place: &str) {
    match (found, expected) {
        (Value::Array(found), Value::Array(expected)) => {
            assert_eq!(found.len(), expected.len(), "{place}");
            for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
                assert_same(found, expected, &format!("{place}[{index}]"));
            }
        }
        (Value::Object(found), Value::Object(expected)) => {
            assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "{place}");
            for (key, found) in found {
                assert_same(found, &expected[key], &format!("{place}.{key}"));
            }
        }
        _ => assert_eq!(found, expected, "{place}"),
    }
}

fn check_error(run: &Run, error: &FormatError, place: &str) {
    assert_eq!(run.expected["exit"], 1, "{place}: {error}");
    let text = run.expected["err"].as_str().unwrap();
    // A model is missing in spaCy; here there is no parser to use it with.
    if let Some(code) = text
        .split_once('[')
        .map(|(_, rest)| &rest[..4])
        .filter(|code| *code != "E050" && code.starts_with('E'))
    {
        assert_eq!(error.code(), Some(code), "{place}: {error}");
    }
    let mut failed = run.expected["out"].as_str().unwrap().lines().skip_while(|line| !line.starts_with('✘'));
    if let Some(title) = failed.next() {
        let title = title.trim_start_matches(['✘', ' ']).to_lowercase();
        assert!(error.to_string().to_lowercase().contains(&title), "{place}: {error}");
    }
}
