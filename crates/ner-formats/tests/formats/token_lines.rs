//! Token-per-line and sentence-per-line files as people have them.

use expect_test::{Expect, expect};
use ner_formats::{Format, ReadOptions};

use super::support::outcome;

/// One document, without the messages about boundaries that files of a few lines have none of.
#[track_caller]
fn check(text: &str, expected: Expect) {
    check_options(text, &grouped(0), expected);
}

#[track_caller]
fn check_options(text: &str, options: &ReadOptions, expected: Expect) {
    const SAID: [&str; 3] =
        ["ℹ Segmenting sentences", "⚠ No sentence boundaries", "⚠ No document delimiters"];
    let outcome = outcome("a.conll", text, options);
    let is_of_file = |line: &&str| !SAID.iter().any(|said| line.starts_with(said));
    expected.assert_eq(&outcome.lines().filter(is_of_file).collect::<Vec<_>>().join("\n"));
}

#[track_caller]
fn check_with(name: &str, text: &str, options: &ReadOptions, expected: Expect) {
    expected.assert_eq(&outcome(name, text, options));
}

fn grouped(n_sents: usize) -> ReadOptions {
    ReadOptions { n_sents, ..ReadOptions::default() }
}

#[test]
fn document_marks_of_every_spelling_begin_a_document() {
    check(
        "-DOCSTART- -X- O O\n\nMira NNP B-NP B-PER\nrows VBZ B-VP O\n\nTovo NNP B-NP B-LOC\nlies VBZ B-VP O\n",
        expect!["[PER Mira] rows / [LOC Tovo] lies"],
    );
    check(
        "-DOCSTART- -X- -X- O\n\nMira NNP B-NP B-PER\nrows VBZ B-VP O\n\n-DOCSTART- -X- -X- O\n\nTovo NNP B-NP B-LOC\nlies VBZ B-VP O\n",
        expect![[r#"
            [PER Mira] rows
            [LOC Tovo] lies"#]],
    );
    check(
        "-DOCSTART-\t-X-\t-X-\tO\n\nMira\tNNP\tB-NP\tB-PER\nrows\tVBZ\tB-VP\tO\n",
        expect!["[PER Mira] rows"],
    );
    check("-DOCSTART- O\n\nMira B-PER\nrows O\n", expect!["[PER Mira] rows"]);
    check("-DOCSTART- -X- O O \n\nMira NNP B-NP B-PER\nrows VBZ B-VP O\n", expect!["[PER Mira] rows"]);
    check("-DOCSTART-\n\nMira NNP B-NP B-PER\nrows VBZ B-VP O\n", expect!["[PER Mira] rows"]);
    check(
        "-DOCSTART-\nMira B-PER\nrows O\n-DOCSTART-\nTovo B-LOC\n\nlies O\n",
        expect![[r#"
        [PER Mira] rows
        [LOC Tovo] / lies"#]],
    );
}

#[test]
fn a_file_that_was_cut_short_is_told() {
    check(
        "Mira B-PERSON\nOrr I-PERSON\n\nTovo B-GPE\n\nWex B-PER",
        expect![[r#"
        [PERSON Mira Orr] / [GPE Tovo] / [PER Wex]
        ⚠ a.conll: it ends with "PER", with which another label begins, and not with a line end: it was probably cut short"#]],
    );
    check("Mira B-PERSON\n\nWex B-PER\n", expect!["[PERSON Mira] / [PER Wex]"]);
    check("Mira B-PERSON\n\nWex B-PERSON", expect!["[PERSON Mira] / [PERSON Wex]"]);
    check(
        "-DOCSTART- -X- O\n\nMira NNP B-PER\n\n-DOCSTART- -X",
        expect![[r#"
        [PER Mira]
        ⚠ a.conll: no sentence follows the last document mark: the file was probably cut short"#]],
    );
}

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
fn blank_lines_part_sentences() {
    let check = |text, expected| check_with("a.conll", text, &grouped(1), expected);
    check(
        "Mira B-PER\nrows O\n\nTovo B-LOC\nlies O\n",
        expect![[r#"
        [PER Mira] rows
        [LOC Tovo] lies
        ℹ Grouping every 1 sentences into a document.
        ⚠ To generate better training data, you may want to group sentences into documents with `-n 10`."#]],
    );
    check(
        "Mira B-PER\nrows O\n   \nTovo B-LOC\nlies O\n\nKellan B-PER\n",
        expect![[r#"
        [PER Mira] rows
        [LOC Tovo] lies
        [PER Kellan]
        ℹ Grouping every 1 sentences into a document.
        ⚠ To generate better training data, you may want to group sentences into documents with `-n 10`."#]],
    );
    check(
        "Mira\tB-PER\nrows\tO\n\t\nTovo\tB-LOC\nlies\tO\n\nKellan\tB-PER\n",
        expect![[r#"
        [PER Mira] rows
        [LOC Tovo] lies
        [PER Kellan]
        ℹ Grouping every 1 sentences into a document.
        ⚠ To generate better training data, you may want to group sentences into documents with `-n 10`."#]],
    );
    check(
        "Mira B-PER\r\nrows O\r\n\r\nTovo B-LOC\r\nlies O\r\n",
        expect![[r#"
        [PER Mira] rows
        [LOC Tovo] lies
        ℹ Grouping every 1 sentences into a document.
        ⚠ To generate better training data, you may want to group sentences into documents with `-n 10`."#]],
    );
    check(
        "Mira B-PER\rrows O\r\rTovo B-LOC\r",
        expect![[r#"
        [PER Mira] rows
        [LOC Tovo]
        ℹ Grouping every 1 sentences into a document.
        ⚠ To generate better training data, you may want to group sentences into documents with `-n 10`."#]],
    );
    check(
        "Mira B-PER\nrows O\n\nTovo B-LOC",
        expect![[r#"
        [PER Mira] rows
        [LOC Tovo]
        ℹ Grouping every 1 sentences into a document.
        ⚠ To generate better training data, you may want to group sentences into documents with `-n 10`."#]],
    );
    check(
        "\n\n\nMira B-PER\nrows O\n",
        expect![[r#"
        [PER Mira] rows
        ℹ Grouping every 1 sentences into a document.
        ⚠ To generate better training data, you may want to group sentences into documents with `-n 10`."#]],
    );
    check(
        "Mira B-PER\nrows O\n. O\nTovo B-LOC\nlies O\n. O\n",
        expect![[r#"
        [PER Mira] rows . [LOC Tovo] lies .
        ⚠ No sentence boundaries found to use with option `-n 1`. Use `-s` to automatically segment sentences or `-n 0` to disable.
        ⚠ No sentence boundaries found. Use `-s` to automatically segment sentences.
        ⚠ No document delimiters found. Use `-n` to automatically group sentences into documents."#]],
    );
}

#[test]
fn sentence_lines_are_documents_and_blank_lines_are_not() {
    let text = "Mira|B-PER rows|O\n\nTovo|B-LOC lies|O\n";
    check_with(
        "a.iob",
        text,
        &grouped(1),
        expect![[r#"
        [PER Mira] rows
        [LOC Tovo] lies
        ℹ Auto-detected sentence-per-line NER format
        ℹ Grouping every 1 sentences into a document.
        ⚠ To generate better training data, you may want to group sentences into documents with `-n 10`."#]],
    );
    check_with(
        "a.iob",
        text,
        &grouped(0),
        expect![[r#"
        [PER Mira] rows / [LOC Tovo] lies
        ℹ Auto-detected sentence-per-line NER format"#]],
    );
    check_with(
        "a.iob",
        text,
        &grouped(2),
        expect![[r#"
        [PER Mira] rows / [LOC Tovo] lies
        ℹ Auto-detected sentence-per-line NER format
        ℹ Grouping every 2 sentences into a document."#]],
    );
    check_with(
        "a.iob",
        "Mira|S-PER van|B-PER\n\nOrr|E-PER rows|O\n",
        &grouped(2),
        expect![[r#"
        [PER Mira] [PER van / Orr] rows
        ℹ Auto-detected sentence-per-line NER format
        ℹ Grouping every 2 sentences into a document."#]],
    );
    check_with(
        "a.iob",
        "Mira|B-PER rows|O\nTovo|city lies|O\n",
        &grouped(1),
        expect![[
            r#"error: a.iob:2: "city" is no tag; expected O, - (unknown), or a letter of IOB, BILUO, BIOES or BMES, a hyphen and a label; if labels stand alone, say --scheme io"#
        ]],
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

#[test]
fn a_corpus_in_order_is_read_without_a_word() {
    let text = "-DOCSTART- -X- -X- O\n\nEU NNP B-NP B-ORG\nrejects VBZ B-VP O\nGerman JJ B-NP B-MISC\ncall NN I-NP O\n. . O O\n\n\
                Peter NNP B-NP B-PER\nBlackburn NNP I-NP I-PER\n\n-DOCSTART- -X- -X- O\n\nBRUSSELS NNP B-NP B-LOC\n";
    check_with(
        "a.conll",
        text,
        &grouped(0),
        expect![[r#"
        [ORG EU] rejects [MISC German] call . / [PER Peter Blackburn]
        [LOC BRUSSELS]"#]],
    );
    let lines = "EU|NNP|B-ORG rejects|VBZ|O\nPeter|NNP|B-PER Blackburn|NNP|I-PER\n";
    check_with(
        "a.iob",
        lines,
        &grouped(10),
        expect![[r#"
        [ORG EU] rejects / [PER Peter Blackburn]
        ℹ Auto-detected sentence-per-line NER format
        ℹ Grouping every 10 sentences into a document."#]],
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
