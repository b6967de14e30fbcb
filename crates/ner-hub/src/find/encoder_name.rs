use std::fmt;

use crate::HubError;

/// What a hub calls an encoder: `bert-base-uncased`, or `organisation/name`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EncoderName {
    organisation: Option<String>,
    name: String,
}

impl EncoderName {
    /// Reads a name; an error if a hub has no such names. They become names of folders, and so none leads out of one.
    pub fn parse(text: &str) -> Result<EncoderName, HubError> {
        let (organisation, name) = match text.split_once('/') {
            Some((organisation, name)) => (Some(organisation), name),
            None => (None, text),
        };
        if !is_part(name) || !organisation.is_none_or(is_part) {
            return Err(HubError::Name { name: text.to_owned() });
        }
        Ok(EncoderName { organisation: organisation.map(str::to_owned), name: name.to_owned() })
    }

    /// Paths below a folder of encoders at which the encoder's own folder may be.
    pub(super) fn folders(&self) -> Vec<String> {
        match &self.organisation {
            Some(organisation) => {
                vec![format!("{organisation}/{}", self.name), format!("{organisation}--{}", self.name)]
            }
            None => vec![self.name.clone()],
        }
    }

    /// The name of its folder in a cache.
    pub(super) fn in_cache(&self) -> String {
        format!("models--{}", self.to_string().replace('/', "--"))
    }
}

impl fmt::Display for EncoderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(organisation) = &self.organisation {
            write!(f, "{organisation}/")?;
        }
        f.write_str(&self.name)
    }
}

/// A hub has letters, digits, `-`, `_` and `.` in names, not at first a `.`, and at most 96 characters.
fn is_part(part: &str) -> bool {
    const MAX_LENGTH: usize = 96;
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    (1..=MAX_LENGTH).contains(&part.len()) && !part.starts_with('.') && part.bytes().all(is_allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_a_hub_are_read() {
        for name in ["bert-base-uncased", "sentence-transformers/all-MiniLM-L6-v2", "a/b.c_1"] {
            assert_eq!(EncoderName::parse(name).unwrap().to_string(), name);
        }
        for name in
            ["", "a/b/c", "/a", "a/", "..", "../a", "a/..", "a\\b", "C:a", "é", "a b", &"a".repeat(97)]
        {
            assert!(EncoderName::parse(name).is_err(), "{name}");
        }
    }
}
