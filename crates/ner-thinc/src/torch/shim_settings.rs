use indexmap::IndexMap;
use rmp::encode;
use rmpv::Value;

use super::archive;
use crate::Array;

/// All of a shim but its `state`, by key in the order of the file: `config`, in spacy-transformers a `config.json` as a map
/// whose keys may be numbers; there also `tokenizer`, `_init_tokenizer_config` and `_init_transformer_config`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShimSettings {
    /// The values by their keys.
    pub values: IndexMap<String, Value>,
}

impl ShimSettings {
    /// `config`, if it is a map with anything in it.
    pub fn config(&self) -> Option<&Value> {
        self.values.get("config").filter(|config| config.as_map().is_some_and(|entries| !entries.is_empty()))
    }

    /// What `tokenizer` holds under a name: the bytes of a file, or `kwargs`.
    pub fn tokenizer(&self, name: &str) -> Option<&Value> {
        let entries = self.values.get("tokenizer")?.as_map()?;
        entries.iter().find(|(key, _)| key.as_str() == Some(name)).map(|(_, value)| value)
    }

    /// The shim with the weights of these names and shapes, whose numbers `array` gives one after the other, so that no
    /// more than one of them is in memory beside the shim.
    ///
    /// # Panics
    /// If the weights have four thousand million bytes or more: MessagePack, and so spaCy, has no room for them.
    pub fn to_shim(&self, tensors: &[(&str, &[usize])], array: impl FnMut(usize) -> Array) -> Vec<u8> {
        let mut rest = self.values.iter();
        let mut before = Vec::new();
        write_len(&mut before, self.values.len() + 1, encode::write_map_len);
        // In the libraries' order: the state is the second.
        rest.by_ref().take(1).for_each(|setting| write_setting(&mut before, setting));
        encode::write_str(&mut before, "state").expect(TAKES_ALL);
        let mut after = Vec::new();
        rest.for_each(|setting| write_setting(&mut after, setting));

        let n_state = archive::n_bytes_at_most(tensors);
        let mut out = Vec::with_capacity(before.len() + n_state + after.len() + BIN_32);
        out.extend(before);
        // How long the archive is shows when it is written: room for the longest header, and the rest moves up.
        let start = out.len();
        out.resize(start + BIN_32, 0);
        archive::write_state(&mut out, tensors, array);
        let mut header = Vec::with_capacity(BIN_32);
        write_len(&mut header, out.len() - start - BIN_32, encode::write_bin_len);
        // Of large states the header fills its room, and nothing moves.
        out.splice(start..start + BIN_32, header);
        out.extend(after);
        out
    }

    /// The shim of a network without weights, as spacy-transformers writes it before initialisation.
    pub fn to_empty_shim(&self) -> Vec<u8> {
        let mut entries = self.values.iter().map(|(key, value)| (key.as_str().into(), value.clone()));
        let first = entries.next();
        let state = ("state".into(), Value::Map(Vec::new()));
        let mut out = Vec::new();
        let map = Value::Map(first.into_iter().chain([state]).chain(entries).collect());
        rmpv::encode::write_value(&mut out, &map).expect(TAKES_ALL);
        out
    }
}

/// Bytes before those of a value of more than 65,535 bytes.
const BIN_32: usize = 5;

const TAKES_ALL: &str = "a vector takes every byte";

fn write_setting(out: &mut Vec<u8>, (key, value): (&String, &Value)) {
    encode::write_str(out, key).expect(TAKES_ALL);
    rmpv::encode::write_value(out, value).expect(TAKES_ALL);
}

fn write_len<T>(
    out: &mut Vec<u8>,
    len: usize,
    write: fn(&mut Vec<u8>, u32) -> Result<T, encode::ValueWriteError>,
) {
    let len = u32::try_from(len).expect("MessagePack has no value longer than four thousand million");
    write(out, len).expect(TAKES_ALL);
}
