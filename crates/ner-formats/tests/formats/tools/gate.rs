use expect_test::expect;

use super::check;

pub(super) const FAULTLESS: &str = r#"<?xml version='1.0' encoding='UTF-8'?>
<GateDocument version="3">
<GateDocumentFeatures><Feature><Name className="java.lang.String">MimeType</Name><Value className="java.lang.String">text/plain</Value></Feature></GateDocumentFeatures>
<TextWithNodes><Node id="0"/>Mira &amp; 🙂<Node id="9"/> rows in <Node id="18"/>Tovo<Node id="22"/>.<Node id="23"/></TextWithNodes>
<AnnotationSet>
<Annotation Id="0" Type="Token" StartNode="18" EndNode="22"></Annotation>
<Annotation Id="1" Type="Person" StartNode="0" EndNode="9"><Feature><Name className="java.lang.String">rule</Name><Value className="java.lang.String">x</Value></Feature></Annotation>
<Annotation Id="2" Type="Place" StartNode="18" EndNode="22"/>
</AnnotationSet>
<AnnotationSet Name="Original markups">
<Annotation Id="3" Type="paragraph" StartNode="0" EndNode="23"/>
</AnnotationSet>
</GateDocument>
"#;

#[test]
fn the_default_set_is_read() {
    check(
        &[("a.xml", FAULTLESS)],
        expect![[r#"
            [Person Mira & 🙂] rows in [Place Tovo].
            ⚠ a.xml: not read, since only entities are: annotations of other sets (1)
            ⚠ a.xml: not read, since only entities are: annotations of syntax (1)
            ⚠ a.xml: entities are those of the default set
        "#]],
    );
}

#[test]
fn the_set_of_people_is_read_before_others() {
    check(
        &[("a.xml", &FAULTLESS.replace("Original markups", "Key").replace("paragraph", "Text"))],
        expect![[r#"
            [Text Mira & 🙂 rows in Tovo.]
            ⚠ a.xml: not read, since only entities are: annotations of other sets (3)
            ⚠ a.xml: entities are those of the set "Key"
        "#]],
    );
    check(
        &[("a.xml", &FAULTLESS.replace("Original markups", "Mine").replace("paragraph", "Text"))],
        expect![[r#"
            a.xml:1: the default set, the set "Mine" all have annotations, and one is read; rename the one that is meant to "Key", or save it alone
        "#]],
    );
}

#[test]
fn what_does_not_fit_is_named() {
    let text = FAULTLESS
        .replace("To", "T<Node id=\"19\"/>o")
        .replace("Type=\"Place\" StartNode=\"18\"", "Type=\"Place\" StartNode=\"19\"");
    check(
        &[("a.xml", &text.replace("T<Node id=\"19\"/>oken", "Token"))],
        expect![[r#"
            [Person Mira & 🙂] rows in Tovo?.
            ⚠ a.xml: 1 of 2 spans do not begin and end where tokens do; the recogniser finds whole tokens only:
            ⚠ a.xml: the span 18..21 (Place), "ovo", does not begin and end where tokens do; the tokens ["Tovo"] count as unknown
            ⚠ a.xml: not read, since only entities are: annotations of other sets (1)
            ⚠ a.xml: not read, since only entities are: annotations of syntax (1)
            ⚠ a.xml: entities are those of the default set
        "#]],
    );
}

#[test]
fn what_cannot_be_read_is_named() {
    check(
        &[("a.xml", &FAULTLESS.replace("EndNode=\"9\"", "EndNode=\"8\""))],
        expect![[r#"
        a.xml:1: an annotation stands at the node "8", which is not in the text
    "#]],
    );
    check(
        &[("a.xml", &FAULTLESS.replace("EndNode=\"9\"", ""))],
        expect![[r#"
        a.xml:7: <Annotation> needs the attribute EndNode
    "#]],
    );
    check(
        &[("a.xml", &FAULTLESS.replace("</AnnotationSet>", "</Annotation>"))],
        expect![[r#"
        a.xml:9: not XML: ill-formed document: expected `</AnnotationSet>`, but `</Annotation>` was found
    "#]],
    );
    check(
        &[("a.xml", "<html><p>Mira</p></html>\n")],
        expect![[r#"
            a.xml:2: no element <TextWithNodes>; of XML, documents of GATE, BioC and UIMA's XMI are read
        "#]],
    );
}
