//! `ner apply` on streams with a record that cannot be read.

use crate::workshop::{Run, Workshop, model};

fn good(number: usize) -> String {
    format!("{{\"text\": \"Ada rows.\", \"id\": {number}}}\n")
}

#[track_caller]
fn check(run: &Run, code: i32, parts: &[&str]) {
    assert_eq!(run.code, Some(code), "{}", run.stderr);
    for part in parts {
        assert!(run.stderr.contains(part), "no {part:?} in {}", run.stderr);
    }
}

#[test]
fn the_first_bad_record_ends_the_work_and_names_the_way_out() {
    let workshop = Workshop::new();
    for (name, content, place) in [
        ("bad", "{\"text\": \"cut off\n".to_owned(), "bad.jsonl:3:17: not JSON"),
        ("null", "{\"text\": null}\n".to_owned(), "null.jsonl:3: the field \"text\" holds null"),
        ("surrogate", "{\"text\": \"\\ud800\"}\n".to_owned(), "surrogate.jsonl:3:"),
        ("comma", "{\"text\": \"Ada\"},\n".to_owned(), "write no comma between records"),
        ("tab", "{\"text\": \"a\tb\"}\n".to_owned(), "tab.jsonl:3:12: not JSON"),
        ("latin", String::new(), "latin.jsonl:3:11: the text is not in UTF-8"),
    ] {
        let latin: &[u8] = if name == "latin" { b"{\"text\": \"\xe9\"}\n" } else { b"" };
        let lines =
            [good(0).as_bytes(), good(1).as_bytes(), content.as_bytes(), latin, good(2).as_bytes()].concat();
        workshop.write(&format!("{name}.jsonl"), lines);
        let arguments = format!("apply {} {name}.jsonl out.jsonl", model());
        let run = workshop.run(&arguments);
        check(&run, 1, &[place, "2 records before it are in order", "--skip-bad"]);
        assert!(!workshop.path("out.jsonl").exists(), "nothing half-written stays");
        // What came before it was annotated.
        let run = workshop.run(&format!("apply {} {name}.jsonl -", model()));
        check(&run, 1, &[place]);
        assert_eq!(run.stdout.lines().count(), 2, "{name}");
        let run = workshop.run(&format!("{arguments} -F --skip-bad"));
        check(&run, 1, &["1 records cannot be read and were left out:", place]);
        let written = workshop.read("out.jsonl");
        assert!(written.lines().count() == 3 && written.contains("\"id\":2"), "{name}: {written}");
        std::fs::remove_file(workshop.path("out.jsonl")).unwrap();
    }
}

#[test]
fn the_first_five_bad_records_are_named_and_all_are_counted() {
    let workshop = Workshop::new();
    let lines: String = (0..9).map(|number| good(number) + "{\"text\": 1}\n").collect();
    workshop.write("many.jsonl", &lines);
    let run = workshop.run(&format!("apply {} many.jsonl out --skip-bad", model()));
    check(&run, 1, &["9 records cannot be read and were left out; the first 5 are:", "many.jsonl:10"]);
    assert!(!run.stderr.contains("many.jsonl:12"), "{}", run.stderr);
    let run = workshop.run("convert out.spacy - -t jsonl").succeeded();
    assert_eq!(run.stdout.lines().count(), 9);
    workshop.write("table.csv", "text,id\nAda,1\nAda, 2, 3\nAda,4\n");
    let run = workshop.run(&format!("apply {} table.csv -", model()));
    check(&run, 1, &["table.csv:3: the row has 3 cells, and the first row 2"]);
    let run = workshop.run(&format!("apply {} table.csv - --skip-bad", model()));
    check(&run, 1, &["1 records"]);
    assert_eq!(run.stdout.lines().count(), 2);
}

#[test]
fn blank_lines_nul_and_records_of_several_lines_are_read_and_commas_are_named() {
    let workshop = Workshop::new();
    workshop.write("comma.jsonl", "{\"text\": \"Ada\"},\n{\"text\": \"Ada\"}\n");
    let run = workshop.run(&format!("apply {} comma.jsonl -", model()));
    check(&run, 1, &["comma.jsonl:1:16: not JSON: expected value; write no comma between records"]);
    workshop.write("blank.jsonl", format!("\n{}\n\n{}\n", good(1), good(2)));
    workshop.write("nul.jsonl", "{\"text\": \"Ada\\u0000 rows.\"}\n");
    workshop.write("pretty.jsonl", "{\n \"text\": \"Ada rows.\",\n \"entities\": []\n}\n");
    workshop.write("array.jsonl", "[\n{\"text\": \"Ada rows.\"},\n{\"text\": \"Ada rows.\"}\n]\n");
    for (name, n_records) in [("blank", 2), ("nul", 1), ("pretty", 1), ("array", 2)] {
        let run = workshop.run(&format!("apply {} {name}.jsonl -", model())).succeeded();
        assert_eq!(run.stdout.lines().count(), n_records, "{name}: {}", run.stdout);
    }
}

#[test]
fn files_of_kinds_that_are_not_read_are_refused_by_name() {
    let workshop = Workshop::new();
    for (name, bytes, kind) in [
        ("a.xlsx", &b"PK\x03\x04rest"[..], "a zip archive"),
        ("a.pdf", b"%PDF-1.7\n", "a PDF document"),
        ("a.png", b"\x89PNG\r\n\x1a\n\0\0", "a.png:1:1"),
    ] {
        workshop.write(name, bytes);
        check(&workshop.run(&format!("apply {} {name} -", model())), 1, &[name, kind]);
    }
}
