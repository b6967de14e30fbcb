use ner_files::FileMap;
use serde::Deserialize;
use serde_json::Number;
use tokenizers::normalizers::BertNormalizer;
use tokenizers::{NormalizerWrapper, PostProcessorWrapper, PreTokenizerWrapper, Tokenizer};

use crate::PiecesError;

const CONFIG: &str = "tokenizer_config.json";

/// Encoders have positions for far fewer pieces. transformers writes 1e30 where nothing bounds the length.
const UNBOUNDED: f64 = 1e9;

/// The classes of transformers that write words as their settings say, whatever `tokenizer.json` says.
const BERT_CLASSES: [&str; 3] = ["Bert", "DistilBert", "Electra"];

/// What `tokenizer_config.json` says, among other things.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Settings {
    tokenizer_class: Option<String>,
    model_max_length: Option<Number>,
    do_lower_case: Option<bool>,
    strip_accents: Option<bool>,
    tokenize_chinese_chars: Option<bool>,
    add_prefix_space: Option<bool>,
    trim_offsets: Option<bool>,
}

impl Settings {
    /// transformers' defaults, if there is no such file.
    pub(super) fn read(files: &FileMap) -> Result<Settings, PiecesError> {
        let Some(bytes) = files.get(CONFIG) else { return Ok(Settings::default()) };
        serde_json::from_slice(bytes).map_err(|error| {
            let mend = "copy it again from where the encoder came from";
            PiecesError::unreadable(CONFIG, error.to_string(), "JSON with the settings of a tokenizer", mend)
        })
    }

    /// The pieces of a text at most, if they are bounded.
    pub(super) fn max_length(&self) -> Result<Option<usize>, PiecesError> {
        let Some(length) = self.model_max_length.as_ref().and_then(Number::as_f64) else { return Ok(None) };
        if length < 1.0 {
            let found = format!("model_max_length = {length}");
            let mend = "set it to the number of pieces that the encoder reads at most";
            return Err(PiecesError::unreadable(CONFIG, found, "at least 1", mend));
        }
        Ok((length < UNBOUNDED).then_some(length as usize))
    }

    /// How words are written by BERT's tokenizers.
    pub(super) fn bert_normalizer(&self, clean_text: bool) -> BertNormalizer {
        let handle_chinese_chars = self.tokenize_chinese_chars.unwrap_or(true);
        let lowercase = self.do_lower_case.unwrap_or(true);
        BertNormalizer::new(clean_text, handle_chinese_chars, self.strip_accents, lowercase)
    }

    pub(super) fn add_prefix_space(&self) -> bool {
        self.add_prefix_space.unwrap_or(false)
    }

    fn is_bert(&self) -> bool {
        let class = self.tokenizer_class.as_deref().map(|class| class.trim_end_matches("Fast"));
        class
            .is_none_or(|class| BERT_CLASSES.iter().any(|name| class.strip_suffix("Tokenizer") == Some(name)))
    }

    /// Replaces what transformers replaces when it opens a `tokenizer.json` (the constructors of its fast tokenizers).
    pub(super) fn apply(&self, tokenizer: &mut Tokenizer) -> tokenizers::Result<()> {
        if let Some(NormalizerWrapper::BertNormalizer(normalizer)) = tokenizer.get_normalizer()
            && self.is_bert()
        {
            let normalizer = self.bert_normalizer(normalizer.clean_text);
            tokenizer.with_normalizer(Some(normalizer))?;
        }
        if let Some(PreTokenizerWrapper::ByteLevel(split)) = tokenizer.get_pre_tokenizer() {
            let split = split.add_prefix_space(self.add_prefix_space());
            tokenizer.with_pre_tokenizer(Some(split));
        }
        if let Some(PostProcessorWrapper::Roberta(processing)) = tokenizer.get_post_processor() {
            let processing = processing.clone().add_prefix_space(self.add_prefix_space());
            let trim_offsets = self.trim_offsets.unwrap_or(true);
            tokenizer.with_post_processor(Some(processing.trim_offsets(trim_offsets)));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(json: &str) -> Settings {
        let files = FileMap::from([(CONFIG.to_owned(), json.as_bytes().to_vec())]);
        Settings::read(&files).unwrap()
    }

    #[test]
    fn lengths_are_bounded_unless_they_are_absurd() {
        assert_eq!(settings(r#"{"model_max_length": 512}"#).max_length().unwrap(), Some(512));
        assert_eq!(
            settings(r#"{"model_max_length": 1000000000000000019884624838656}"#).max_length().unwrap(),
            None
        );
        assert_eq!(settings("{}").max_length().unwrap(), None);
        let message = settings(r#"{"model_max_length": 0}"#).max_length().unwrap_err().to_string();
        assert_eq!(
            message,
            "tokenizer_config.json: found model_max_length = 0, expected at least 1; set it to the number of pieces that \
             the encoder reads at most"
        );
    }

    #[test]
    fn classes_of_bert_write_words_as_their_settings_say() {
        let normalizer = r#"{"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
            "strip_accents": null, "lowercase": false}"#;
        let model = r###"{"type": "WordPiece", "unk_token": "a", "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100, "vocab": {"a": 0, "b": 1}}"###;
        let json = format!(r#"{{"normalizer": {normalizer}, "model": {model}}}"#);
        let ids = |config: &str| {
            let mut tokenizer = Tokenizer::from_bytes(&json).unwrap();
            settings(config).apply(&mut tokenizer).unwrap();
            tokenizer.encode("B", true).unwrap().get_ids().to_vec()
        };
        assert_eq!(ids("{}"), [1]);
        assert_eq!(ids(r#"{"tokenizer_class": "DistilBertTokenizerFast"}"#), [1]);
        assert_eq!(ids(r#"{"do_lower_case": false, "tokenizer_class": "BertTokenizer"}"#), [0]);
        assert_eq!(ids(r#"{"tokenizer_class": "PreTrainedTokenizerFast"}"#), [0]);
    }
}
