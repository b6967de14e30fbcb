use ner_cpython::srsly_json;
use serde::{Deserialize, Serialize};

use super::{Actions, LabelFrequencies};
use crate::TransitionError;

/// The file `moves` of a pipeline: MessagePack around a string of JSON.
#[derive(Serialize, Deserialize)]
struct MovesFile {
    moves: String,
    #[serde(default)]
    cfg: MovesConfig,
}

#[derive(Default, Serialize, Deserialize)]
struct MovesConfig {
    #[serde(default)]
    neg_key: Option<String>,
}

impl Actions {
    /// Reads the bytes of a `moves` file and numbers the actions anew.
    pub fn from_bytes(bytes: &[u8]) -> Result<Actions, TransitionError> {
        let file: MovesFile = rmp_serde::from_slice(bytes)?;
        let frequencies: LabelFrequencies = serde_json::from_str(&file.moves)?;
        let mut actions = Actions::new(&frequencies);
        actions.neg_key = file.cfg.neg_key;
        Ok(actions)
    }

    /// The bytes of a `moves` file, as spaCy writes them.
    pub fn to_bytes(&self) -> Vec<u8> {
        let file = MovesFile {
            moves: srsly_json(self.frequencies()),
            cfg: MovesConfig { neg_key: self.neg_key.clone() },
        };
        rmp_serde::to_vec_named(&file).expect("strings and maps always have a MessagePack form")
    }
}
