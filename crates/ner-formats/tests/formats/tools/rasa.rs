use expect_test::expect;

use super::check;

pub(super) const YAML: &str = r#"version: "3.1"
nlu:
- intent: row
  examples: |
    - [Mira](person) rows to [Nord Bay](place:north_bay).
    - does [Kellan Orr]{"entity": "person", "value": "orr"} row from [Wex]{"entity": "place", "role": "from"}?
    - nobody rows [today]
- synonym: north_bay
  examples: |
    - the bay
- intent: faq/ask
  metadata: {sentiment: neutral}
  examples:
  - text: |
      who is [Mira](person)?
    metadata: {sentiment: neutral}
  - "where is [Tovo](place)"
- lookup: place
  examples: |
    - Tovo
stories:
- story: none
  steps:
  - intent: row
"#;

pub(super) const MARKDOWN: &str = "\
## intent:row
- [Mira](person) rows to [Nord Bay](place:north_bay)
* [[Wex](place)]

<!-- a note -->
## synonym:north_bay
- the bay
## lookup:place
data/places.txt
";

#[test]
fn examples_of_yaml_are_read() {
    check(
        &[("nlu.yml", YAML)],
        expect![[r#"
            [person Mira] rows to [place Nord Bay].
            does [person Kellan Orr] row from [place Wex]?
            nobody rows [today]
            who is [person Mira]?
            where is [place Tovo]
            ⚠ nlu.yml: not read, since only entities are: intents (2)
            ⚠ nlu.yml: not read, since only entities are: lists of synonyms (1)
            ⚠ nlu.yml: not read, since only entities are: lookup tables (1)
            ⚠ nlu.yml: not read, since only entities are: roles and groups (1)
        "#]],
    );
    // Case 37.
    let text = "version: \"3.1\"\nnlu:\n- intent: go\n  examples: |\n    - [Mira](person) rows\n";
    check(
        &[("nlu.yml", text)],
        expect![[r#"
            [person Mira] rows
            ⚠ nlu.yml: not read, since only entities are: intents (1)
        "#]],
    );
}

#[test]
fn examples_of_markdown_are_read() {
    check(
        &[("nlu.md", MARKDOWN)],
        expect![[r#"
            [person Mira] rows to [place Nord Bay]
            [[place Wex]]
            ⚠ nlu.md: not read, since only entities are: intents (1)
            ⚠ nlu.md: not read, since only entities are: lists of synonyms (1)
            ⚠ nlu.md: not read, since only entities are: lookup tables (1)
        "#]],
    );
    // Case 37.
    check(
        &[("nlu.md", "## intent:go\n- [Mira](person) rows in [Tovo](place)\n")],
        expect![[r#"
            [person Mira] rows in [place Tovo]
            ⚠ nlu.md: not read, since only entities are: intents (1)
        "#]],
    );
}

#[test]
fn what_does_not_fit_is_named() {
    let text = "nlu:\n- intent: go\n  examples: |\n    - re[Mira](person)s\n    - [Orr][{\"entity\": \"a\"}, {\"entity\": \"b\"}]\n";
    check(
        &[("a.yaml", text)],
        expect![[r#"
            reMiras?
            [a Orr]
            ⚠ a.yaml: 1 of 3 spans do not begin and end where tokens do; the recogniser finds whole tokens only:
            ⚠ a.yaml:4: the span 2..6 (person), "Mira", does not begin and end where tokens do; the tokens ["reMiras"] count as unknown
            ⚠ a.yaml: 1 of 3 spans have a label beside the one that was taken:
            ⚠ a.yaml:5: "Orr" is b as well
            ⚠ a.yaml: not read, since only entities are: intents (1)
        "#]],
    );
}

#[test]
fn what_cannot_be_read_is_named_with_its_line() {
    let head = "nlu:\n- intent: go\n  examples: |\n    - one\n";
    check(
        &[("a.yml", &format!("{head}    - [Mira]{{entity: person}} rows\n"))],
        expect![[r#"
        a.yml:5: "{entity: person}" behind [Mira] names no entity; expected (label), (label:value) or {"entity": "label"}
    "#]],
    );
    check(
        &[("a.yml", &format!("{head}    - [Mira]() rows\n"))],
        expect![[r#"
        a.yml:5: "" behind [Mira] names no entity; expected (label), (label:value) or {"entity": "label"}
    "#]],
    );
    check(
        &[("a.yml", &format!("{head} - intent: [\n"))],
        expect![[r#"
        a.yml:5:2: not YAML: while parsing a block mapping, did not find expected key
    "#]],
    );
    check(
        &[("a.yml", "nlu:\n- intent: &a go\n  examples: *a\n")],
        expect![[r#"
        a.yml:3: aliases are not read here; write the examples out
    "#]],
    );
}
