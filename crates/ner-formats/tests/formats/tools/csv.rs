use expect_test::expect;
use ner_formats::ReadOptions;

use super::{check, check_with};

pub(super) const TOKENS: &str = "\
Sentence #,Word,POS,Tag
Sentence: 1,Mira,NNP,B-PER
,\"Orr, jr\",NNP,I-PER
,\"\"\"\",'',O
Sentence: 2,Tovo,NNP,B-GPE
,rows,VBZ,O
";

pub(super) const TEXTS: &str = "\
id,text,entities
1,\"Mira rows, \"\"fast\"\".\",\"[[0, 4, \"\"PER\"\"]]\"
2,Tovo,\"[{'start': 0, 'end': 4, 'label': 'GPE'}]\"
3,Wex,\"{'entities': [(0, 3, 'GPE')]}\"
4,Nobody,[]
5,unknown,
";

#[test]
fn a_row_a_token_with_the_sentence_in_its_first_row() {
    check(
        &[("a.csv", TOKENS)],
        expect![[r#"
        [PER Mira Orr, jr] \" 
        [GPE Tovo] rows 
    "#]],
    );
}

#[test]
fn a_row_a_token_with_blank_rows_or_numbers() {
    check(
        &[("a.csv", "token;label\nMira;B-PER\nrows;O\n\nTovo;B-GPE\n;\nhe;O\n")],
        expect![[r#"
        [PER Mira] rows 
        [GPE Tovo] 
        he 
    "#]],
    );
    check(
        &[("a.csv", "sentence_id;words;tags\n7;Mira;B-PER\n7;rows;O\n8;Tovo;B-GPE\n")],
        expect![[r#"
        [PER Mira] rows 
        [GPE Tovo] 
    "#]],
    );
    check(
        &[("a.csv", "word,tag\nMira,U-PER\nrows,O\n")],
        expect![[r#"
        [PER Mira] rows 
        ⚠ a.csv: no column numbers sentences and no row is blank, so all rows are one text
    "#]],
    );
}

#[test]
fn a_row_a_text_with_a_list() {
    check(
        &[("a.csv", TEXTS)],
        expect![[r#"
            [PER Mira] rows, \"fast\".
            [GPE Tovo]
            [GPE Wex]
            Nobody
            unknown?
            ⚠ a.csv: 1 of 5 records have no annotation of entities, so nothing is known of them
        "#]],
    );
    let text = "tokens\tner_tags\n['Mira' 'rows']\t['B-PER' 'O']\n";
    check(
        &[("a.tsv", text)],
        expect![[r#"
        [PER Mira] rows 
        ℹ a.tsv: read as csv, a table with a header: a row a token with its tag, or a row a text with a list of spans
    "#]],
    );
    let text = "Sentence #,Sentence,POS,Tag\n1,Mira rows,\"['NNP', 'VBZ']\",\"['B-PER', 'O']\"\n";
    check(
        &[("a.csv", text)],
        expect![[r#"
            [PER Mira] rows 
        "#]],
    );
}

#[test]
fn a_column_is_named() {
    let options = ReadOptions { text_column: Some("Wort".to_owned()), ..ReadOptions::default() };
    check_with(
        &[("a.csv", "Wort,NER\nMira,B-PER\n")],
        &options,
        expect![[r#"
        [PER Mira] 
        ⚠ a.csv: no column numbers sentences and no row is blank, so all rows are one text
    "#]],
    );
    check_with(
        &[("a.csv", "word,NER\nMira,B-PER\n")],
        &options,
        expect![[r#"
            a.csv:1: --text-column names "Wort", and the header has ["word", "NER"]
        "#]],
    );
}

#[test]
fn what_cannot_be_read_is_named() {
    // Case 37.
    check(
        &[("x.csv", "text,label\n\"Mira rows\",PERSON\n")],
        expect![[r#"
        x.csv:1: the column "label" holds "PERSON"; expected an entity tag, as O or B-PERSON, in a table of tokens, or a list of spans, as [[0, 4, "PERSON"]], in one of texts
    "#]],
    );
    check(
        &[("a.csv", "Mira,B-PER\nrows,O\n")],
        expect![[r#"
            a.csv:1: no column of tags or spans is known among ["Mira", "B-PER"]; expected a first line that names them, word and tag, or text and entities, or name the column of words or texts with --text-column
        "#]],
    );
    check(
        &[("a.csv", "word,tag\nMira,B-PER\nrows\n")],
        expect![[r#"
        a.csv:3: no tag in this row, which has 1 of 2 cells
    "#]],
    );
    check(
        &[("a.csv", "sentence,word,tag\n1,Mira,B-PER\n,")],
        expect![[r#"
        a.csv:3: no word in this row, which has 2 of 3 cells
    "#]],
    );
    check(
        &[("a.csv", "word,tag\nMira,B-PERSON\n\nOrr,B-PERS")],
        expect![[r#"
        [PERSON Mira] 
        [PERS Orr] 
        ⚠ a.csv: it ends with "PERS", with which another label begins, and not with a line end: it was probably cut short
    "#]],
    );
    check(
        &[("a.csv", "word,tag\n\",O\nMira,B-PER\n")],
        expect![[r#"
            a.csv:2: a quotation mark is not closed; it has to be doubled and quoted, as """", or the file was cut short
        "#]],
    );
    check(
        &[("a.csv", "word,tag\nMira,B-PER\nrows,verb\n")],
        expect![[r#"
            a.csv:3: "verb" is no entity tag; expected O, or a letter as B or I, a hyphen and a label
        "#]],
    );
    check(
        &[("a.csv", "text,entities\nMira rows,\"[[0, 4, \"\"PER\"\"]]")],
        expect![[r#"
        a.csv:2: a quotation mark is not closed; it has to be doubled and quoted, as """", or the file was cut short
    "#]],
    );
    check(
        &[("a.csv", "word,tag\n\"Mira\nrows\",O\n")],
        expect![[r#"
        a.csv:2: the word runs over a line end; a quotation mark has to be doubled and quoted, as """"
    "#]],
    );
    check(
        &[("a.csv", "text,entities\nMira rows,\"[[1, 6, 'PER']]\"\nMira,[Mira]\n")],
        expect![[r#"
        a.csv:3: the column "entities" holds "[Mira]"; expected a list, as [[0, 4, "PERSON"]]
    "#]],
    );
}
