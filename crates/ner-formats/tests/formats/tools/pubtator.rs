use expect_test::expect;

use super::check;

pub(super) const FAULTLESS: &str = "\
101|t|Mira Orr rows.
101|a|She lives in Tovo | Wex.
101\t0\t8\tMira Orr\tPerson\tP:1
101\t28\t32\tTovo\tPlace\tQ:2
101\tLIVES\tP:1\tQ:2

102|t|Nobody rows.
102|a|
";

#[test]
fn title_and_abstract_are_one_text() {
    check(
        &[("a.pubtator", FAULTLESS)],
        expect![[r#"
            [Person Mira Orr] rows. She lives in [Place Tovo] | Wex.
            Nobody rows. 
            ⚠ a.pubtator: not read, since only entities are: relations (1)
        "#]],
    );
    check(
        &[("a.txt", FAULTLESS)],
        expect![[r#"
            [Person Mira Orr] rows. She lives in [Place Tovo] | Wex.
            Nobody rows. 
            ℹ a.txt: read as pubtator, PubTator: title and abstract with a line for each mention
            ⚠ a.txt: not read, since only entities are: relations (1)
        "#]],
    );
}

#[test]
fn what_does_not_fit_is_named() {
    check(
        &[("a.pubtator", &FAULTLESS.replace("28\t32", "27\t31"))],
        expect![[r#"
            [Person Mira Orr] rows. She lives in Tovo? | Wex.
            Nobody rows. 
            ⚠ a.pubtator: 1 of 2 spans do not begin and end where tokens do; the recogniser finds whole tokens only:
            ⚠ a.pubtator:1: the span 27..31 (Place), " Tov", begins or ends with white space; the tokens ["Tovo"] count as unknown
            ⚠ a.pubtator: not read, since only entities are: relations (1)
        "#]],
    );
    check(
        &[("a.pubtator", &FAULTLESS.replace("28\t32", "0\t4"))],
        expect![[r#"
        a.pubtator:1: the span 0..8 (Person) overlaps the span 0..4 (Place); a token belongs to one entity at most, so drop one of them
    "#]],
    );
}

#[test]
fn what_cannot_be_read_is_named_with_its_line() {
    check(
        &[("a.pubtator", &FAULTLESS.replace("\tPlace\tQ:2", ""))],
        expect![[r#"
        a.pubtator:4: "101\t28\t32\tTovo" is no line of PubTator; expected 123|t|title, below it 123|a|abstract, and for each mention 123<tab>0<tab>4<tab>Mira<tab>Person<tab>ID
    "#]],
    );
    check(
        &[("a.pubtator", "101\t0\t8\tMira Orr\tPerson\n")],
        expect![[r#"
        a.pubtator:1: "101\t0\t8\tMira Orr\tPerson" is no line of PubTator; expected 123|t|title, below it 123|a|abstract, and for each mention 123<tab>0<tab>4<tab>Mira<tab>Person<tab>ID
    "#]],
    );
}
