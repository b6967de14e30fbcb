use ner_vocab::StringId;

use crate::{str, values};

#[test]
fn symbols_have_their_numbers() {
    for list in values("hash/symbols.json") {
        for pair in list.as_array().unwrap() {
            let id = StringId(pair[1].as_u64().unwrap());
            assert_eq!(StringId::of(str(&pair[0])), id);
            assert_eq!(id.symbol(), Some(str(&pair[0])));
        }
    }
}

#[test]
fn strings_have_their_hashes() {
    for row in values("hash/strings.jsonl") {
        let id = StringId::of(str(&row["s"]));
        assert_eq!(id.0, row["id"].as_u64().unwrap(), "{row}");
        assert_eq!(id.symbol().is_some(), row["symbol"] == true, "{row}");
    }
}
