//! Which files are taken for such, whatever their names.

use expect_test::expect;

use super::{check, check_with, grouped};
use crate::support::outcome;

#[test]
fn csv_is_told() {
    check(
        "Mira,B-PER\nrows,O\n",
        expect![[
            r#"error: a.conll:1: expected a word and a tag, found "Mira,B-PER" alone; check white space and delimiters; it looks like CSV: read that with -c csv"#
        ]],
    );
    check(
        "Sentence #,Word,POS,Tag\nSentence: 1,Mira,NNP,B-per\n,rows,VBZ,O\n",
        expect![[r#"
            [per Mira] rows
            ℹ a.conll: read as csv, a table with a header: a row a token with its tag, or a row a text with a list of spans"#]],
    );
}

#[test]
fn files_of_any_name_are_known_by_their_columns() {
    let text = "Mira NNP B-PER\nrows VBZ O\n\nTovo NNP B-LOC\n";
    for name in ["a.txt", "a.tsv", "a.bio", "a.conll03", "a.data", "a"] {
        let expected = outcome("a.conll", text, &grouped(0));
        let found = outcome(name, text, &grouped(0));
        let told = format!("ℹ {name}: read as conll, a token a line in columns, one of them an entity tag\n");
        assert_eq!(found.replace(&told, ""), expected, "{name}");
    }
    check_with(
        "a.data",
        "Mira|B-PER rows|O\n",
        &grouped(0),
        expect![[r#"
        [PER Mira] rows
        ℹ a.data: read as iob, a sentence a line, of word|TAG or word|POS|TAG"#]],
    );
}

#[test]
fn other_text_is_not_taken() {
    let plain = [
        "Mira Orr rows O no more.\nTovo lies by the sea.\n",
        "Mira,B-PER\nrows,O\n",
        "<a>\n<b c=\"O\"/>\n</a>\n",
        "- one\n- two\n",
        "no corpus",
    ];
    for text in plain {
        let found = outcome("a.data", text, &grouped(0));
        assert!(found.contains("neither its content nor its suffix"), "{text}: {found}");
    }
}
