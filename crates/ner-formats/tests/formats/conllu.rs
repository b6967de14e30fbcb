//! CoNLL-U with entities in its last column.

use expect_test::{Expect, expect};
use ner_formats::ReadOptions;

use super::support::outcome;

/// Lines of a word and what stands in its last column; others are taken as they are.
#[track_caller]
fn check(lines: &[&str], expected: Expect) {
    let line = |line: &&str| match line.split_once('|').map(|(word, misc)| (word.split_once(' '), misc)) {
        Some((Some((id, word)), misc)) => format!("{id}\t{word}\t_\tPROPN\t_\t_\t0\tdep\t_\t{misc}\n"),
        _ => format!("{line}\n"),
    };
    let text: String = lines.iter().map(line).collect();
    let found = outcome("a.conllu", &text, &ReadOptions::default());
    let grouping = "ℹ Grouping every 1 sentences into a document.\n⚠ To generate better training data, you may want to \
                    group sentences into documents with `-n 10`.";
    expected.assert_eq(found.replace(grouping, "").trim_end());
}

#[test]
fn labels_are_whole() {
    check(
        &["1 Mira|name=B-PER", "2 Orr|name=I-PER", "3 rows|SpaceAfter=No|name=O", "4 .|name=O"],
        expect!["[PER Mira / Orr] / rows / ."],
    );
    check(&["1 Mira|B-Person", "2 Orr|I-Person", "3 rows|O"], expect!["[Person Mira / Orr] / rows"]);
    check(&["1 Mira|B-ORG1", "2 Tovo|B-ORG2"], expect!["[ORG1 Mira] / [ORG2 Tovo]"]);
    check(
        &["1 Mira|B-DRUG-BRAND", "2 Tovo|B-DRUG-GENERIC"],
        expect!["[DRUG-BRAND Mira] / [DRUG-GENERIC Tovo]"],
    );
    check(&["1 Mira|B-per", "2 rows|O"], expect!["[per Mira] / rows"]);
    check(&["1 Mira|B-ÖRT", "2 rows|O"], expect!["[ÖRT Mira] / rows"]);
}

#[test]
fn tags_stand_under_several_keys_and_between_spaces() {
    check(
        &["1 Mira|name=B-PER", "2 rows|SpaceAfter=No name=B-LOC", "3 .|_"],
        expect!["[PER Mira] / [LOC rows] / ."],
    );
    check(&["1 Mira|NER=B-PER", "2 rows|NER=O"], expect!["[PER Mira] / rows"]);
    check(&["1 Mira|Entity=S-PER", "2 rows|Entity=O"], expect!["[PER Mira] / rows"]);
    check(
        &["1 Mira|B-PER", "2 Orr|I-"],
        expect![[
            r#"error: a.conllu:2: "I-" is no tag; expected O, - (unknown), or a letter of IOB, BILUO, BIOES or BMES, a hyphen and a label; its label is missing"#
        ]],
    );
    check(&["1 Mira|S", "2 Orr|S"], expect!["?Mira / ?Orr"]);
    check(
        &["1 Mira|NER=Person", "2 rows|NER=O"],
        expect![[
            r#"error: a.conllu:1: "Person" is no tag; expected O, - (unknown), or a letter of IOB, BILUO, BIOES or BMES, a hyphen and a label; if labels stand alone, say --scheme io"#
        ]],
    );
}

#[test]
fn sentences_are_found_where_blank_lines_are_white_or_missing() {
    check(
        &["1 Mira|B-PER", "  ", "1 Tovo|B-LOC"],
        expect![[r#"
        [PER Mira]
        [LOC Tovo]"#]],
    );
    check(
        &["# sent_id = 1", "1 Mira|B-PER", "# sent_id = 2", "1 Tovo|B-LOC"],
        expect![[r#"
            [PER Mira]
            [LOC Tovo]

            ⚠ a.conllu: blank lines are missing between sentences (1, the first before line 4); a sentence begins where words count from 1 again"#]],
    );
    check(&["\u{feff}# sent_id = 1", "1 Mira|B-PER"], expect!["[PER Mira]"]);
    check(&["# a note", "", "1 Mira|B-PER", "", "# the end"], expect!["[PER Mira]"]);
}

#[test]
fn without_tags_nothing_is_known() {
    check(&["1 Mira|_", "2 rows|SpaceAfter=No"], expect!["?Mira / ?rows"]);
}

#[test]
fn faults_are_named() {
    check(
        &["1 Mira|B-PER", "2 Orr|L-PER", "", "1 Tovo|E-LOC"],
        expect![[
            r#"error: a.conllu:4: the tag "E-LOC" is of another scheme than "L-PER" in line 2; expected tags of one: B-, I-, L-, U- (BILUO), B-, I-, E-, S- (BIOES) or B-, M-, E-, S- (BMES)"#
        ]],
    );
    check(
        &["1 Mira|B-PER", "Orr rows"],
        expect!["error: a.conllu:2: expected 10 columns separated by tabs, found 1"],
    );
}
