use expect_test::expect;

use super::{check, check_with};
use ner_formats::ReadOptions;

pub(super) const XMI: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore" xmlns:tcas="http:///uima/tcas.ecore" xmlns:type4="http:///de/tudarmstadt/ukp/dkpro/core/api/ner/type.ecore" xmlns:pos="http:///de/pos.ecore" xmi:version="2.0">
    <cas:NULL xmi:id="0"/>
    <tcas:DocumentAnnotation xmi:id="1" sofa="12" begin="0" end="31" language="en"/>
    <pos:POS_NOUN xmi:id="5" sofa="12" begin="0" end="4" PosValue="NNP"/>
    <type4:NamedEntity xmi:id="8" sofa="12" begin="3" end="11" value="PERSON" identifier="http://wiki/Q1"/>
    <type4:NamedEntity xmi:id="9" sofa="12" begin="21" end="25" value="R&amp;D"/>
    <type4:NamedEntity xmi:id="10" sofa="12" begin="28" end="31"/>
    <cas:Sofa xmi:id="12" sofaNum="1" sofaID="_InitialView" mimeType="text" sofaString="🙂 Mira Orr rows in &quot;Tovo&quot;.&#10;Wex"/>
    <cas:View sofa="12" members="1 5 8 9 10"/>
</xmi:XMI>
"#;

pub(super) const JSON: &str = r#"{
  "%TYPES" : {
    "custom.Person" : {"%NAME" : "custom.Person", "%SUPER_TYPE" : "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"},
    "custom.Lives" : {"%NAME" : "custom.Lives", "%SUPER_TYPE" : "uima.tcas.Annotation"}
  },
  "%FEATURE_STRUCTURES" : [
    {"%ID" : 1, "%TYPE" : "uima.cas.Sofa", "sofaNum" : 1, "sofaID" : "_InitialView", "mimeType" : "text", "sofaString" : "🙂 Mira Orr rows in Tovo."},
    {"%ID" : 2, "%TYPE" : "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity", "@sofa" : 1, "begin" : 20, "end" : 24, "value" : "GPE", "identifier" : "http://wiki/Q2"},
    {"%ID" : 3, "%TYPE" : "custom.Person", "@sofa" : 1, "begin" : 3, "end" : 11, "value" : "PERSON"},
    {"%ID" : 4, "%TYPE" : "custom.Lives", "@sofa" : 1, "begin" : 3, "end" : 24, "@Dependent" : 3}
  ],
  "%VIEWS" : {"_InitialView" : {"%SOFA" : 1, "%MEMBERS" : [2, 3]}}
}"#;

#[test]
fn xmi_is_read() {
    check(
        &[("a.xmi", XMI)],
        expect![[r#"
            🙂 [PERSON Mira Orr] rows in \"[R&D Tovo]\".\n[NamedEntity Wex]
            ⚠ a.xmi: not read, since only entities are: annotations of syntax (2)
        "#]],
    );
}

#[test]
fn json_is_read() {
    check(
        &[("a.json", JSON)],
        expect![[r#"
            🙂 [PERSON Mira Orr] rows in [GPE Tovo].
            ℹ a.json: read as uima-json, UIMA CAS JSON 0.4, of INCEpTION
            ⚠ a.json: not read, since only entities are: annotations of other types (1)
        "#]],
    );
}

#[test]
fn what_the_options_say_of_offsets_holds() {
    let options = |offsets: &str| ReadOptions { offsets: offsets.parse().unwrap(), ..ReadOptions::default() };
    check_with(
        &[("a.json", JSON)],
        &options("utf16"),
        expect![[r#"
            🙂 [PERSON Mira Orr] rows in [GPE Tovo].
            ℹ a.json: read as uima-json, UIMA CAS JSON 0.4, of INCEpTION
            ⚠ a.json: not read, since only entities are: annotations of other types (1)
        "#]],
    );
    let of_python = JSON.replace("20", "19").replace("24", "23").replace(": 3,", ": 2,").replace("11", "10");
    check_with(
        &[("a.json", &of_python)],
        &options("auto"),
        expect![[r#"
            🙂 [PERSON Mira Orr] rows in [GPE Tovo].
            ℹ a.json: read as uima-json, UIMA CAS JSON 0.4, of INCEpTION
            ⚠ a.json: not read, since only entities are: annotations of other types (1)
        "#]],
    );
}

#[test]
fn the_only_layer_of_another_name_is_read() {
    let text = JSON
        .replace("de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity", "webanno.custom.PHI")
        .replace("custom.Lives", "x.Token")
        .replace("value", "kind");
    check(
        &[("a.json", &text)],
        expect![[r#"
        a.json:1: the types PHI, Person may all be entities, and none is NamedEntity; export one of these layers alone
    "#]],
    );
    let text = text
        .replace("kind", "named")
        .replace("\"%TYPE\" : \"custom.Person\"", "\"%TYPE\" : \"webanno.custom.PHI\"");
    check(
        &[("a.json", &text)],
        expect![[r#"
            🙂 [PERSON Mira Orr] rows in [GPE Tovo].
            ℹ a.json: read as uima-json, UIMA CAS JSON 0.4, of INCEpTION
            ⚠ a.json: not read, since only entities are: annotations of syntax (1)
            ⚠ a.json: entities are the annotations of type PHI
        "#]],
    );
}

#[test]
fn a_long_line_is_recognised() {
    let text =
        XMI.replacen('\n', "", 2).replace("mimeType", &format!("x=\"{}\" mimeType", "a ".repeat(1 << 16)));
    check(
        &[("a.xml", &text)],
        expect![[r#"
            🙂 [PERSON Mira Orr] rows in \"[R&D Tovo]\".\n[NamedEntity Wex]
            ℹ a.xml: read as uima-xmi, UIMA CAS XMI, of INCEpTION and other tools of UIMA
            ⚠ a.xml: not read, since only entities are: annotations of syntax (2)
        "#]],
    );
}

#[test]
fn what_does_not_fit_is_named() {
    // Inside of the emoji, which has two units, and behind the end.
    let text = &JSON
        .replace("\"begin\" : 3, \"end\" : 11", "\"begin\" : 1, \"end\" : 11")
        .replace("\"end\" : 24, \"v", "\"end\" : 99, \"v");
    check(
        &[("a.json", text)],
        expect![[r#"
            a.json: no span fits its text (0 of 2), so the file is not taken:
            a.json: 2 of 2 spans do not begin and end where tokens do; the recogniser finds whole tokens only:
            a.json:1: the span 19..99 (GPE) lies outside of the text of 24 characters; the tokens ["Tovo", "."] count as unknown
            a.json:1: the span 25..10 (PERSON) ends before it starts
            a.json: not read, since only entities are: annotations of other types (1)
        "#]],
    );
    check(
        &[("a.xmi", &XMI.replace("begin=\"3\"", "begin=\"4\""))],
        expect![[r#"
            🙂 Mira? Orr? rows in \"[R&D Tovo]\".\n[NamedEntity Wex]
            ⚠ a.xmi: 1 of 3 spans do not begin and end where tokens do; the recogniser finds whole tokens only:
            ⚠ a.xmi: the span 3..10 (PERSON), "ira Orr", does not begin and end where tokens do; the tokens ["Mira", "Orr"] count as unknown
            ⚠ a.xmi: not read, since only entities are: annotations of syntax (2)
        "#]],
    );
}

#[test]
fn what_cannot_be_read_is_named() {
    check(
        &[("a.xmi", &XMI.replace("end=\"25\"", "end=\"-1\""))],
        expect![[r#"
        a.xmi:7: <NamedEntity> has no numbers as begin and end
    "#]],
    );
    check(
        &[("a.xmi", &XMI.replace("sofaString", "text"))],
        expect![[r#"
        a.xmi:12: no element cas:Sofa with a sofaString; the text is missing
    "#]],
    );
    check(
        &[("a.xmi", &XMI.replace("R&amp;D", "R&d;D"))],
        expect![[r#"
        a.xmi:7: not XML: at 2..3: unrecognized entity `d`
    "#]],
    );
    check(
        &[("a.xmi", &XMI[..XMI.len() - 60])],
        expect![[r#"
        a.xmi:9: not XML: syntax error: tag not closed: `>` not found before end of input
    "#]],
    );
    check(
        &[(
            "a.xmi",
            &XMI.replace("type4:NamedEntity xmi:id=\"8\"", "type4:Person xmi:id=\"8\"")
                .replace("type4:NamedEntity", "type4:Place"),
        )],
        expect![[r#"
            a.xmi: the types Person, Place may all be entities, and none is NamedEntity; export one of these layers alone
        "#]],
    );
    check(
        &[("a.json", &JSON.replace("\"@sofa\" : 1", "\"@sofa\" : 7"))],
        expect![[r#"
        a.json:1: the annotation 20..24 (de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity) is of no text of the file
    "#]],
    );
    check(
        &[("a.json", &JSON.replace("sofaString", "text"))],
        expect![[r#"
        a.json:1: no structure of type uima.cas.Sofa with a "sofaString"; the text is missing
    "#]],
    );
}
