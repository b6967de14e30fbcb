//! Tags of all schemes, and cells that are none.

use expect_test::expect;
use ner_formats::{Format, ReadOptions};

use super::{check, check_with, grouped};

#[test]
fn a_column_without_tags_is_refused() {
    check(
        "Mr.\tBob\nsaid\tO\n",
        expect![[
            r#"error: a.conll:1: "Bob" is no tag; expected O, - (unknown), or a letter of IOB, BILUO, BIOES or BMES, a hyphen and a label; if labels stand alone, say --scheme io"#
        ]],
    );
    check(
        "in\tO\nItaly\tLee\nis\tIsle\nUp\tUs\n",
        expect![
            "error: a.conll:2: the last column holds no tags (Lee, Isle, ..); expected O, - (unknown), or a letter of IOB, BILUO, BIOES or BMES, a hyphen and a label; if labels stand alone, say --scheme io"
        ],
    );
    check(
        "Mira NNP B-PER 0.98\nrows VBZ O 0.99\n",
        expect![
            "error: a.conll:1: the last column holds no tags (0.98, 0.99, ..); expected O, - (unknown), or a letter of IOB, BILUO, BIOES or BMES, a hyphen and a label; column 3 does: name it with --tag-column 3"
        ],
    );
    check(
        "B-PER Mira\nO rows\n",
        expect![
            "error: a.conll:1: the last column holds no tags (Mira, rows, ..); expected O, - (unknown), or a letter of IOB, BILUO, BIOES or BMES, a hyphen and a label; column 1 does: name it with --tag-column 1"
        ],
    );
    check(
        "Mira B\nrows O\n",
        expect![[
            r#"error: a.conll:1: "B" is no tag; expected O, - (unknown), or a letter of IOB, BILUO, BIOES or BMES, a hyphen and a label; its label is missing"#
        ]],
    );
    check(
        "Mira PER\nOrr PER\nrows O\n",
        expect![
            "error: a.conll:1: the last column holds no tags (PER, ..); expected O, - (unknown), or a letter of IOB, BILUO, BIOES or BMES, a hyphen and a label; if labels stand alone, say --scheme io"
        ],
    );
    check(
        "Mira PER-B\nOrr PER-I\nrows O\n",
        expect![
            "error: a.conll:1: the last column holds no tags (PER-B, PER-I, ..); expected O, - (unknown), or a letter of IOB, BILUO, BIOES or BMES, a hyphen and a label; write it as B-PER"
        ],
    );
}

#[test]
fn tags_of_every_scheme_are_read() {
    check("Mira B_PER\nOrr I_PER\nrows O\n", expect!["[PER Mira Orr] rows"]);
    check("Mira b-per\nOrr i-per\nrows O\n", expect!["[per Mira Orr] rows"]);
    check("Mira B-PER\nrows o\n", expect!["[PER Mira] rows"]);
    check(
        "Mira S-PER\nvan B-PER\nder I-PER\nOrr E-PER\nrows O\n",
        expect!["[PER Mira] [PER van der Orr] rows"],
    );
    check("Mi B-PER\nra M-PER\nOrr E-PER\nrows O\n", expect!["[PER Mi ra Orr] rows"]);
    check(
        "Mira I-PER\nOrr B-PER\nOrr I-PER\nrows O\n\nTovo I-LOC\n",
        expect!["[PER Mira] [PER Orr Orr] rows / [LOC Tovo]"],
    );
    check("Mira -\nrows O\n", expect!["?Mira rows"]);
    check(
        "Mira B-PER\nrows _\n",
        expect![[
            r#"error: a.conll:2: "_" is no tag; expected O, - (unknown), or a letter of IOB, BILUO, BIOES or BMES, a hyphen and a label; write O, or - where nothing is known"#
        ]],
    );
    check(
        "Mira S-PER\nOrr U-PER\n",
        expect![[
            r#"error: a.conll:1: the tag "S-PER" is of another scheme than "U-PER" in line 2; expected tags of one: B-, I-, L-, U- (BILUO), B-, I-, E-, S- (BIOES) or B-, M-, E-, S- (BMES)"#
        ]],
    );
}

#[test]
fn faults_in_the_middle_are_named() {
    check(
        "Mira B-PER\nrows O\n\nTovo B-LOC\nlies 0\n",
        expect![[
            r#"error: a.conll:5: "0" is no tag; expected O, - (unknown), or a letter of IOB, BILUO, BIOES or BMES, a hyphen and a label; if labels stand alone, say --scheme io"#
        ]],
    );
    check(
        "Mira B-PER\nOrr L-PER\n\nTovo S-LOC\n",
        expect![[
            r#"error: a.conll:4: the tag "S-LOC" is of another scheme than "L-PER" in line 2; expected tags of one: B-, I-, L-, U- (BILUO), B-, I-, E-, S- (BIOES) or B-, M-, E-, S- (BMES)"#
        ]],
    );
    let named = ReadOptions { format: Format::named("conll"), ..grouped(0) };
    check_with(
        "a.data",
        "Mira\nrows\n",
        &named,
        expect![[
            r#"error: a.data:1: expected a word and a tag, found "Mira" alone; check white space and delimiters"#
        ]],
    );
    check_with(
        "a.iob",
        "Mira|B-PER rows\n",
        &grouped(1),
        expect![[r#"error: a.iob:1: expected 2 fields as in "Mira|B-PER", found "rows""#]],
    );
}
