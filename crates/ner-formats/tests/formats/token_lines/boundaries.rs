//! Where sentences and documents begin and end.

use expect_test::expect;

use super::{check, check_with, grouped};

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
