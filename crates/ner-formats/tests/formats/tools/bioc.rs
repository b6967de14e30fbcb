use expect_test::expect;

use super::check;

pub(super) const FAULTLESS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE collection SYSTEM "BioC.dtd">
<collection><source>PubMed</source><date>2024</date><key>a.key</key>
  <document><id>1</id>
    <passage><infon key="type">title</infon><offset>0</offset><text>Mira &amp; Orr</text>
      <annotation id="1"><infon key="type">Person</infon><infon key="identifier">P:1</infon><location offset="0" length="4"/><text>Mira</text></annotation>
    </passage>
    <passage><infon key="type">abstract</infon><offset>11</offset>
      <sentence><offset>11</offset><text>Tovo is near Wex.</text>
        <annotation id="2"><infon key="type">Place</infon><location offset="11" length="4"/><text>Tovo</text></annotation>
      </sentence>
      <sentence><offset>29</offset><text>Nobody rows.</text></sentence>
      <relation id="R"><infon key="type">near</infon><node refid="1" role="a"/></relation>
    </passage>
  </document>
</collection>
"#;

#[test]
fn passages_and_sentences_are_read() {
    check(
        &[("a.xml", FAULTLESS)],
        expect![[r#"
            [Person Mira] & Orr
            [Place Tovo] is near Wex.
            Nobody rows.
            ℹ a.xml: read as bioc, BioC in XML: passages with annotations
            ⚠ a.xml: not read, since only entities are: relations (1)
        "#]],
    );
}

#[test]
fn what_does_not_fit_is_named() {
    let text = FAULTLESS
        .replace(
            "<location offset=\"11\" length=\"4\"/>",
            "<location offset=\"11\" length=\"4\"/><location offset=\"24\" length=\"3\"/>",
        )
        .replace("offset=\"0\" length=\"4\"", "offset=\"7\" length=\"3\"");
    check(
        &[("a.xml", &text)],
        expect![[r#"
            Mira & Orr?
            Tovo? is near Wex?.
            Nobody rows.
            ℹ a.xml: read as bioc, BioC in XML: passages with annotations
            ⚠ a.xml: 1 of 2 spans carry another text than their offsets select:
            ⚠ a.xml:5: the span 7..10 (Person) says "Mira", but its offsets select "Orr"; the tokens ["Orr"] count as unknown
            ⚠ a.xml: 1 of 2 spans have several parts; an entity is one stretch of text:
            ⚠ a.xml:9: "Tovo" (Place) has 2 locations
            ⚠ a.xml: not read, since only entities are: relations (1)
        "#]],
    );
    check(
        &[("a.xml", &FAULTLESS.replace("location offset=\"11\"", "location offset=\"2\""))],
        expect![[r#"
            [Person Mira] & Orr
            Tovo is near Wex.
            Nobody rows.
            ℹ a.xml: read as bioc, BioC in XML: passages with annotations
            ⚠ a.xml: 1 of 2 spans do not begin and end where tokens do; the recogniser finds whole tokens only:
            ⚠ a.xml:9: "Tovo" (Place) begins before its passage, whose offset is 11
            ⚠ a.xml: not read, since only entities are: relations (1)
        "#]],
    );
}

#[test]
fn what_cannot_be_read_is_named_with_its_line() {
    check(
        &[("a.xml", &FAULTLESS.replace("<infon key=\"type\">Place</infon>", ""))],
        expect![[r#"
        a.xml:10: the annotation needs <infon key="type"> for its label, and a <location>
    "#]],
    );
    check(
        &[("a.xml", &FAULTLESS.replace("length=\"4\"", "length=\"four\""))],
        expect![[r#"
        a.xml:6: <location> needs the numbers offset and length
    "#]],
    );
    check(
        &[("a.xml", &FAULTLESS.replace("<text>Tovo is near Wex.</text>", ""))],
        expect![[r#"
            a.xml:4: the document has annotations outside of its texts (1); expected them in a <passage> with <offset> and <text>
        "#]],
    );
    check(
        &[("a.xml", &FAULTLESS.replace("&amp;", "&nbsp;"))],
        expect![[r#"
        a.xml:5: not XML: the entity &nbsp; is not one of XML's own
    "#]],
    );
    check(
        &[("a.xml", &FAULTLESS.replace("</document>\n</collection>\n", ""))],
        expect![[r#"
        a.xml:15: not XML: the file ends inside of <document>: it was cut short
    "#]],
    );
}
