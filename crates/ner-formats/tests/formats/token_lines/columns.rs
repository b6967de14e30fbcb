//! What the columns of a line hold.

use expect_test::expect;
use ner_formats::ReadOptions;

use super::{check, check_options, grouped};

#[test]
fn cells_between_tabs_may_hold_spaces() {
    check(
        "Mira\t_\tB-PER\nNew Tovo\t_\tB-LOC\nis\t_\tO\nfar\t_\tO\n",
        expect!["[PER Mira] [LOC New Tovo] is far"],
    );
    check("Mira\tB-PER\nNew Tovo\tB-LOC\nis\tO\n", expect!["[PER Mira] [LOC New Tovo] is"]);
    check("Mira\tB-PER\n10\u{a0}km\tB-DIST\naway\tO\n", expect!["[PER Mira] [DIST 10 km] away"]);
    check("Mira\tNNP\tB-PER\t\nrows\tVBZ\tO\t\n", expect!["[PER Mira] rows"]);
}

#[test]
fn a_line_with_other_columns_is_named() {
    check(
        "Mira _ O B-PER\nKellan Orr _ O I-PER\nrows _ O O\n",
        expect![[
            r#"error: a.conll:2: 5 columns between white space, most lines have 4; if a word holds a space, put tabs between the columns: "Kellan Orr _ O I-PER""#
        ]],
    );
    check(
        "Mira\tNNP\tB-PER\n\tSP\tO\nrows\tVBZ\tO\n",
        expect![
            "error: a.conll:2: column 1, of the tokens, is empty; write a token there, or name the column with --token-column"
        ],
    );
    check(
        "Mira NNP B-PER\nrows VBZ\nfar RB O\n",
        expect![[
            r#"error: a.conll:2: 2 columns between white space, most lines have 3; a cell is missing: "rows VBZ""#
        ]],
    );
    check(
        "Mira\tNNP\tB-PER\nrows\tVBZ\t\nfar\tRB\tO\n",
        expect![[
            r#"error: a.conll:2: 2 columns between tabs, most lines have 3; a cell is missing: "rows\tVBZ\t""#
        ]],
    );
    check(
        "Mira NNP B-PER\nrows\n",
        expect![[
            r#"error: a.conll:2: 1 column between white space, most lines have 3; a cell is missing: "rows""#
        ]],
    );
    check(
        "Mira B-PER\nrows O\n\n# NNP B-PER\nTovo B-LOC\n#hash NNP O\n",
        expect![[
            r##"error: a.conll:6: 3 columns between white space, most lines have 2; if a word holds a space, put tabs between the columns: "#hash NNP O""##
        ]],
    );
}

#[test]
fn options_name_columns_and_scheme() {
    let columns = |tag: i32, token: i32| ReadOptions {
        tag_column: tag.try_into().ok(),
        token_column: token.try_into().ok(),
        ..grouped(0)
    };
    let with = |text, options: &ReadOptions, expected| check_options(text, options, expected);
    with("Mira NNP B-PER 0.98\nrows VBZ O 0.99\n", &columns(-2, 0), expect!["[PER Mira] rows"]);
    with("B-PER Mira\nO rows\n", &columns(1, 0), expect!["[PER Mira] rows"]);
    with("Mira mira B-PER\nrows row O\n", &columns(0, 2), expect!["[PER mira] row"]);
    with(
        "Mira B-PER\nrows O\n",
        &columns(3, 0),
        expect!["error: a.conll:1: --tag-column 3: most lines have 2 columns"],
    );
    with(
        "Mira B-PER\nrows O\n",
        &columns(-1, 2),
        expect!["error: a.conll:1: column 2 is that of the tags; name another with --token-column"],
    );
    let scheme = |name: &str| ReadOptions { scheme: name.parse().ok(), ..grouped(0) };
    with("Mira PER\nOrr PER\nrows O\nTovo LOC\n", &scheme("io"), expect!["[PER Mira Orr] rows [LOC Tovo]"]);
    with(
        "Mira S-PER\nOrr B-PER\n",
        &scheme("iob2"),
        expect![[
            r#"error: a.conll:1: "S-PER" is no tag of the scheme iob2; expected O, - or B-LABEL, I-LABEL; name another scheme with --scheme"#
        ]],
    );
    with(
        "Mira I-PER\nOrr I-PER\n",
        &scheme("iob2"),
        expect![[r#"
            [PER Mira Orr]
            ⚠ a.conll:1: "Mira" has the tag I-PER after no other tag, not after B-PER or I-PER; read as the beginning of an entity"#]],
    );
}

#[test]
fn of_several_columns_of_tags_the_last_is_read() {
    check(
        "Mira B-PER O\nOrr I-PER B-LOC\nrows O O\n",
        expect![[r#"
            Mira [LOC Orr] rows
            ⚠ a.conll: columns 2, 3 hold tags; column 3 was read: take another with --tag-column 2"#]],
    );
}

#[test]
fn comments_are_no_words() {
    check(
        "# id 7\n# text = Mira rows\nMira B-PER\nrows O\n\n# id 8\nTovo B-LOC\n",
        expect!["[PER Mira] rows / [LOC Tovo]"],
    );
    check("# sentence O\nMira B-PER\nrows O\n", expect!["[PER Mira] rows"]);
    check(
        "#\thttp://example.org [2001]\n1\tMira\tB-PER\tO\n2\trows\tO\tO\n",
        expect![[r#"
            [PER Mira] rows
            ⚠ a.conll: columns 3, 4 hold tags; column 3 was read: take another with --tag-column 4"#]],
    );
    check("# O\n1 O\nin O\nTovo B-LOC\n", expect!["# 1 in [LOC Tovo]"]);
}

#[test]
fn running_numbers_and_names_of_columns_are_no_words() {
    check(
        "1\tMira\tB-PER\tO\n2\trows\tO\tO\n\n1\tTovo\tB-LOC\tO\n2\tlies\tO\tO\n",
        expect![[r#"
            [PER Mira] rows / [LOC Tovo] lies
            ⚠ a.conll: columns 3, 4 hold tags; column 3 was read: take another with --tag-column 4"#]],
    );
    check(
        "TOKEN\tNE-COARSE\nMira\tB-pers\nrows\tO\n",
        expect![[r#"
            [pers Mira] rows
            ⚠ a.conll: line 1 names the columns and is left out: "TOKEN\tNE-COARSE""#]],
    );
    // Only in the first line of the file.
    check(
        "Mira's\n\ntoken tag\nMira B-PER\nrows O\n",
        expect![[
            r#"error: a.conll:1: 1 column between white space, most lines have 2; a cell is missing: "Mira's""#
        ]],
    );
    check(
        "# a note\n",
        expect![[
            r##"error: a.conll:1: expected a word and a tag, found "# a note" alone; check white space and delimiters"##
        ]],
    );
    check(
        "1 B-PER\n2 O\n",
        expect![
            "error: a.conll:1: no column holds words: beside the tags there are running numbers; name it with --token-column"
        ],
    );
}
