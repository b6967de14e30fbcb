use crate::TokenizerError;

/// The rules that come with the crate, as spaCy's `tokenizer` file. See `data/README.md`.
pub(crate) fn rules(lang: &str) -> Result<&'static [u8], TokenizerError> {
    match lang {
        "en" => Ok(include_bytes!("data/en/tokenizer")),
        _ => Err(TokenizerError::UnknownLanguage { lang: lang.to_owned() }),
    }
}
