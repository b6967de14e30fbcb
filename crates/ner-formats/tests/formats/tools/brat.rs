use std::fs;

use expect_test::expect;
use ner_formats::convert::{ConvertOptions, Output, convert_path};

use super::check;

pub(super) const TEXT: &str = "Mira Orr rows in Tovo.\r\nKellan sings in Wex\r\nand Nord Bay.\r\n";

pub(super) const FAULTLESS: &str = "\
T1\tPERSON 0 8\tMira Orr
T2\tGPE 17 21\tTovo
R1\tlives_in Arg1:T1 Arg2:T2\t
A1\tCertain T1
N1\tReference T2 Wiki:12\tTovo
#1\tAnnotatorNotes T1\tsure
T3\tPERSON 24 30\tKellan
T4\tGPE 40 43\tWex
*\tAlias T2 T4
";

#[test]
fn a_pair_is_read_from_either_file() {
    check(
        &[("a.ann", FAULTLESS), ("a.txt", TEXT)],
        expect![[r#"
            [PERSON Mira Orr] rows in [GPE Tovo].\r\n[PERSON Kellan] sings in [GPE Wex]\r\nand Nord Bay.\r\n
            ⚠ a.ann: not read, since only entities are: attributes (1)
            ⚠ a.ann: not read, since only entities are: equivalences (1)
            ⚠ a.ann: not read, since only entities are: normalisations (1)
            ⚠ a.ann: not read, since only entities are: notes (1)
            ⚠ a.ann: not read, since only entities are: relations (1)
        "#]],
    );
    check(
        &[("a.txt", TEXT), ("a.ann", FAULTLESS)],
        expect![[r#"
            [PERSON Mira Orr] rows in [GPE Tovo].\r\n[PERSON Kellan] sings in [GPE Wex]\r\nand Nord Bay.\r\n
            ℹ a.txt: read as brat, brat's standoff annotation: an .ann file beside its .txt file
            ⚠ a.txt: not read, since only entities are: attributes (1)
            ⚠ a.txt: not read, since only entities are: equivalences (1)
            ⚠ a.txt: not read, since only entities are: normalisations (1)
            ⚠ a.txt: not read, since only entities are: notes (1)
            ⚠ a.txt: not read, since only entities are: relations (1)
        "#]],
    );
    check(
        &[("a.ann", ""), ("a.txt", "Nobody rows.")],
        expect![[r#"
        Nobody rows.
    "#]],
    );
}

#[test]
fn parts_on_both_sides_of_a_line_end_are_one_span() {
    check(
        &[("a.ann", "T1\tGPE 40 43;45 48\tWex and\n"), ("a.txt", TEXT)],
        expect![[r#"
        Mira Orr rows in Tovo.\r\nKellan sings in [GPE Wex\r\nand] Nord Bay.\r\n
    "#]],
    );
}

#[test]
fn what_does_not_fit_is_named() {
    let annotations = "\
T1\tPERSON 1 9\tMira Orr
T2\tGPE 40 43;49 57\tWex Nord Bay
T3\tGPE 49 57\tNord Bay
E1\tRowing:T1 Place:T3
T5\tGPE 90 93\tTovo
";
    check(
        &[("a.ann", annotations), ("a.txt", TEXT)],
        expect![[r#"
            Mira? Orr? rows in Tovo.\r\nKellan sings in Wex?\r\nand [GPE Nord Bay].\r\n
            ⚠ a.ann: 2 of 4 spans do not begin and end where tokens do; the recogniser finds whole tokens only:
            ⚠ a.ann: the span 1..9 (PERSON), "ira Orr ", begins or ends with white space; the tokens ["Mira", "Orr"] count as unknown
            ⚠ a.ann: the span 90..93 (GPE) lies outside of the text of 60 characters
            ⚠ a.ann: 1 of 4 spans have several parts; an entity is one stretch of text:
            ⚠ a.ann: the span T2 (GPE) 40..43 and 49..57, "Wex Nord Bay"
            ⚠ a.ann: not read, since only entities are: events (1)
        "#]],
    );
    // Annotated on the text with other line ends.
    let annotations =
        "T1\tPERSON 0 8\tMira Orr\nT2\tPERSON 23 29\tKellan\nT3\tGPE 39 42\tWex\nT4\tGPE 47 55\tNord Bay\n";
    check(
        &[("a.ann", annotations), ("a.txt", TEXT)],
        expect![[r#"
            [PERSON Mira Orr] rows in Tovo.\r\n?Kellan? sings in Wex?\r\nand? Nord? Bay?.\r\n
            ⚠ a.ann: 3 of 4 spans do not begin and end where tokens do; the recogniser finds whole tokens only:
            ⚠ a.ann: the span 23..29 (PERSON), "\nKella", begins or ends with white space; the tokens ["\r\n", "Kellan"] count as unknown
            ⚠ a.ann: the span 39..42 (GPE), " We", begins or ends with white space; the tokens ["Wex"] count as unknown
            ⚠ a.ann: the span 47..55 (GPE), "d Nord B", does not begin and end where tokens do; the tokens ["and", "Nord", "Bay"] count as unknown
        "#]],
    );
}

#[test]
fn what_cannot_be_read_is_named_with_its_line() {
    check(
        &[("a.ann", FAULTLESS)],
        expect![[r#"
        a.ann: the other file of the pair, a.txt, is missing; brat keeps a text and its annotations side by side, as .txt and .ann
    "#]],
    );
    check(
        &[("a.ann", "T1\tPERSON 0 8\tMira\nT2\tGPE 17\tTovo\n"), ("a.txt", TEXT)],
        expect![[r#"
        a.ann:2: "T2\tGPE 17\tTovo" is no annotation of brat; expected columns separated by tabs, as in "T1<tab>PERSON 0 4<tab>Mira", or an id that begins with R, E, A, M, N, # or *
    "#]],
    );
    check(
        &[("a.ann", "T1\tPERSON 0 8\tMira\nGPE 17 21 Tovo\n"), ("a.txt", TEXT)],
        expect![[r#"
        a.ann:2: "GPE 17 21 Tovo" is no annotation of brat; expected columns separated by tabs, as in "T1<tab>PERSON 0 4<tab>Mira", or an id that begins with R, E, A, M, N, # or *
    "#]],
    );
}

#[test]
fn a_folder_of_pairs_is_converted_file_by_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join("in").join(name);
    fs::create_dir(path("")).unwrap();
    for name in ["a", "b"] {
        fs::write(path(name).with_extension("ann"), FAULTLESS).unwrap();
        fs::write(path(name).with_extension("txt"), TEXT).unwrap();
    }
    fs::write(path("annotation.conf"), "[entities]\nPERSON\n").unwrap();
    let out = folder.path().join("out");
    let convert = |format| {
        let mut options = ConvertOptions { file_type: "jsonl".parse().unwrap(), ..ConvertOptions::default() };
        options.read.format = format;
        convert_path(&path(""), Output::Directory(&out), &options, &mut |_| {})
    };
    for format in [None, ner_formats::Format::named("brat")] {
        let accounts = convert(format).unwrap();
        assert_eq!(accounts.iter().map(|account| account.entities).collect::<Vec<_>>(), [4, 4]);
        assert!(out.join("a.jsonl").is_file() && out.join("b.jsonl").is_file());
    }
    // A text without annotations is of another kind.
    fs::write(path("c.txt"), "A note.").unwrap();
    let error = convert(None).unwrap_err().to_string();
    assert!(error.contains("all input files must be same type, found ann,txt"), "{error}");
}
