use expect_test::expect;

use super::check;

/// Of INCEpTION: a layer of syntax, named entities with a knowledge base, and a relation.
pub(super) const FAULTLESS: &str = "\
#FORMAT=WebAnno TSV 3.3
#T_SP=de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos.POS|PosValue|coarseValue
#T_SP=de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity|identifier|value
#T_RL=webanno.custom.Lives|kind|BT_de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity


#Text=Mira Orr 🙂 rows.
1-1\t0-4\tMira\tNNP\tPROPN\t*[1]\tPERSON[1]\tin\t2-1[1_3]\t
1-2\t5-8\tOrr\tNNP\tPROPN\t*[1]\tPERSON[1]\t_\t_\t
1-3\t9-11\t🙂\tSYM\tSYM\t_\t_\t_\t_\t
1-4\t12-16\trows\tVBZ\tVERB\t_\t_\t_\t_\t
1-5\t16-17\t.\t.\tPUNCT\t_\t_\t_\t_\t

#Text=Tovo\\tand Wex.
2-1\t18-22\tTovo\tNNP\tPROPN\thttp://wiki/Q1[2]\tGPE\\_X[2]\t_\t_\t
2-2\t23-26\tand\tCC\tCCONJ\t_\t_\t_\t_\t
2-3\t27-30\tWex\tNNP\tPROPN\t*\t*\t_\t_\t
2-4\t30-31\t.\t.\tPUNCT\t_\t_\t_\t_\t
";

#[test]
fn the_layer_of_named_entities_is_read() {
    check(
        &[("a.tsv", FAULTLESS)],
        expect![[r#"
            [PERSON Mira Orr] 🙂 rows. [GPE_X Tovo]\tand [NamedEntity Wex].
            ℹ a.tsv: read as webanno, WebAnno TSV 3, of INCEpTION and WebAnno: tokens with columns of layers
            ⚠ a.tsv: not read, since only entities are: layers of spans (1)
        "#]],
    );
}

#[test]
fn of_other_layers_the_only_one_is_read() {
    let text = "#FORMAT=WebAnno TSV 3.3\n#T_SP=webanno.custom.NE|value\n\n\n#Text=Mira rows.\n1-1\t0-4\tMira\tPERSON\t\n1-2\t5-9\trows\t_\t\n";
    let text = &text.replace("rows.", "rows");
    check(
        &[("doc.tsv", text)],
        expect![[r#"
            [PERSON Mira] rows
            ℹ doc.tsv: read as webanno, WebAnno TSV 3, of INCEpTION and WebAnno: tokens with columns of layers
            ⚠ doc.tsv: entities are the layer webanno.custom.NE|value
        "#]],
    );
    let text = "#FORMAT=WebAnno TSV 3.2\n#T_SP=webanno.custom.Plain\n\n#Text=Mira C:\\new\n1-1\t0-4\tMira\t*[1]\t\n1-2\t5-11\tC:\\new\t*[1]\t\n";
    check(
        &[("a.tsv", text)],
        expect![[r#"
            [Plain Mira C:\\new]
            ℹ a.tsv: read as webanno, WebAnno TSV 3, of INCEpTION and WebAnno: tokens with columns of layers
            ⚠ a.tsv: entities are the layer webanno.custom.Plain|
        "#]],
    );
}

#[test]
fn parts_of_tokens_and_stacked_annotations_do_not_fit() {
    let text = "\
#FORMAT=WebAnno TSV 3.3
#T_SP=webanno.custom.Person|role
#T_SP=webanno.custom.Place|kind

#Text=Mira sees Tovobay
1-1\t0-4\tMira\t_\tA[1]|B[2]
1-2\t5-9\tsees\t_\t_
1-3\t10-17\tTovobay\t_\t_
1-3.1\t10-14\tTovo\t_\tGPE
";
    check(
        &[("a.tsv", text)],
        expect![[r#"
        a.tsv: the span 0..4 (B) overlaps the span 0..4 (A); a token belongs to one entity at most, so drop one of them
    "#]],
    );
    check(
        &[("a.tsv", &text.replace("A[1]|B[2]", "A"))],
        expect![[r#"
            [A Mira] sees Tovobay?
            ℹ a.tsv: read as webanno, WebAnno TSV 3, of INCEpTION and WebAnno: tokens with columns of layers
            ⚠ a.tsv: 1 of 2 spans do not begin and end where tokens do; the recogniser finds whole tokens only:
            ⚠ a.tsv: the span 10..14 (GPE), "Tovo", does not begin and end where tokens do; the tokens ["Tovobay"] count as unknown
            ⚠ a.tsv: entities are the layer webanno.custom.Place|kind
        "#]],
    );
}

#[test]
fn what_cannot_be_read_is_named_with_its_line() {
    // Case 37: the text has a full stop that is no token.
    let text = "#FORMAT=WebAnno TSV 3.3\n#T_SP=webanno.custom.NE|value\n\n\n#Text=Mira rows.\n1-1\t0-4\tMira\tPERSON\t\n1-2\t5-9\trows\t_\t\n";
    check(
        &[("doc.tsv", text)],
        expect![[r#"
            [PERSON Mira] rows.
            ℹ doc.tsv: read as webanno, WebAnno TSV 3, of INCEpTION and WebAnno: tokens with columns of layers
            ⚠ doc.tsv: its tokens are not all of its text, which is split into tokens anew
            ⚠ doc.tsv: entities are the layer webanno.custom.NE|value
        "#]],
    );
    check(
        &[("a.tsv", &text.replace("PERSON\t", "").replace("\tMira\t", "\tMira"))],
        expect![[r#"
            a.tsv:6: the line has fewer columns (3) than the layers of the header need (4); if it was cut or edited, export the document again
        "#]],
    );
    check(
        &[("a.tsv", &text.replace("5-9\trows", "5 9 rows"))],
        expect![[r#"
        a.tsv:7: "1-2\t5 9 rows\t_\t" is no line of WebAnno TSV 3; expected below a line #Text=.. the sentence's tokens, each as 1-1<tab>0-4<tab>word and a column a feature
    "#]],
    );
    check(
        &[("a.tsv", &text.replace("#Text=", "#Tex="))],
        expect![[r#"
        a.tsv:6: "1-1\t0-4\tMira\tPERSON\t" is no line of WebAnno TSV 3; expected below a line #Text=.. the sentence's tokens, each as 1-1<tab>0-4<tab>word and a column a feature
    "#]],
    );
    let two = text.replace("|value\n", "|value\n#T_SP=webanno.custom.Other|x\n").replace("_\t", "_\ty\t");
    check(
        &[("a.tsv", &two)],
        expect![[r#"
        a.tsv:1: the span layers webanno.custom.NE, webanno.custom.Other all have values, and one is read; export the document with one of them enabled
    "#]],
    );
}
