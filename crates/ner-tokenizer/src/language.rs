use std::io::Read;

use flate2::read::GzDecoder;

use crate::TokenizerError;

macro_rules! own_rules {
    ($($lang:literal)*) => {
        &[$(($lang, include_bytes!(concat!("data/", $lang, "/tokenizer.gz")))),*]
    };
}

/// The packed `tokenizer` files of languages with rules of their own. See `data/README.md`.
const OWN: &[(&str, &[u8])] = own_rules!(
    "am" "ar" "bg" "bn" "ca" "da" "de" "el" "en" "es" "fa" "fi" "fo" "fr" "ga" "gd" "grc" "hsb" "hu" "id" "it" "ky"
    "la" "lb" "lg" "lij" "lt" "mk" "ms" "nb" "nl" "nn" "pl" "pt" "ro" "ru" "sl" "sr" "sv" "ti" "tl" "tn" "tr" "tt"
    "uk" "xx"
);

/// Languages that spaCy knows without rules of their own. They have those of `xx`, the rules of any language.
const SHARING: &[&str] = &[
    "af", "az", "bo", "cs", "dsb", "et", "eu", "gu", "he", "hi", "hr", "hy", "is", "kmr", "kn", "lv", "ml",
    "mr", "sa", "si", "sk", "sq", "ta", "te", "ur", "yo",
];

/// The codes of the languages whose rules come with the crate, sorted.
pub fn languages() -> Vec<&'static str> {
    let mut languages: Vec<_> = OWN.iter().map(|(lang, _)| *lang).chain(SHARING.iter().copied()).collect();
    languages.sort_unstable();
    languages
}

/// The rules that come with the crate, as spaCy's `tokenizer` file.
pub(crate) fn rules(lang: &str) -> Result<Vec<u8>, TokenizerError> {
    let owner = if SHARING.contains(&lang) { "xx" } else { lang };
    let Some((_, packed)) = OWN.iter().find(|(own, _)| *own == owner) else {
        return Err(TokenizerError::UnknownLanguage { lang: lang.to_owned(), known: languages() });
    };
    let mut rules = Vec::new();
    GzDecoder::new(*packed).read_to_end(&mut rules).expect("our own files are gzip");
    Ok(rules)
}
