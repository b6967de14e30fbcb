use rmpv::Value;

use super::shim_settings::ShimSettings;
use super::state::TorchState;
use crate::ThincError;
use crate::msgpack::Reader;

/// What a layer keeps beside its parameters that wraps a pretrained network: its weights, and what else is needed to make
/// it again.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TorchShim {
    /// Everything but the weights.
    pub settings: ShimSettings,
    /// The weights; `None` before initialisation.
    pub state: Option<TorchState>,
}

/// How deep settings may be nested; those of encoders are at four levels.
const MAX_DEPTH: usize = 32;
/// Bytes of a setting at most, the tokenizer's files aside: decoded, a value takes forty times its packed size. The largest
/// that is known, the labels of a model, has some kilobytes.
const MAX_SETTING: usize = 1 << 20;

impl TorchShim {
    /// Reads a shim.
    ///
    /// # Errors
    /// If it is damaged, or for the reasons of [`TorchState::from_archive`].
    pub fn from_bytes(bytes: &[u8]) -> Result<TorchShim, ThincError> {
        let mut reader = Reader::new(bytes);
        let mut shim = TorchShim::default();
        for _ in 0..reader.map_len()? {
            match reader.text()? {
                "state" => shim.state = read_state(&mut reader)?,
                "tokenizer" => {
                    let files = read_tokenizer(&mut reader)?;
                    shim.settings.values.insert("tokenizer".to_owned(), files);
                }
                key => {
                    let value = read_setting(&mut reader, key)?;
                    shim.settings.values.insert(key.to_owned(), value);
                }
            }
        }
        reader.end()?;
        Ok(shim)
    }
}

fn read_state(reader: &mut Reader<'_>) -> Result<Option<TorchState>, ThincError> {
    // spaCy: a network without weights has an empty map in place of bytes (spacy_transformers/layers/hf_shim.py).
    match reader.map_len() {
        Ok(0) => Ok(None),
        Ok(n) => Err(reader.malformed("bytes, or an empty map".to_owned(), format!("a map of {n} entries"))),
        Err(_) => TorchState::from_archive(reader.bytes()?).map(Some),
    }
}

fn read_tokenizer(reader: &mut Reader<'_>) -> Result<Value, ThincError> {
    let mut entries = Vec::new();
    for _ in 0..reader.map_len()? {
        let name = reader.text()?;
        let value = match reader.take_bytes() {
            Some(bytes) => Value::Binary(bytes.to_owned()),
            None => read_setting(reader, name)?,
        };
        entries.push((name.into(), value));
    }
    Ok(Value::Map(entries))
}

fn read_setting(reader: &mut Reader<'_>, key: &str) -> Result<Value, ThincError> {
    let packed = reader.packed()?;
    if packed.len() > MAX_SETTING {
        let expected = format!("at most {MAX_SETTING} bytes of {key}");
        return Err(reader.malformed(expected, format!("{}", packed.len())));
    }
    rmpv::decode::read_value_with_max_depth(&mut &*packed, MAX_DEPTH)
        .map_err(|error| reader.malformed(format!("a value of {key}"), error.to_string()))
}
