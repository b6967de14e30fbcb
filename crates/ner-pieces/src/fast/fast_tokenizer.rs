use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use ner_files::FileMap;
use tokenizers::Tokenizer;

use super::by_words::ByWords;
use super::encoded_text::EncodedText;
use super::settings::Settings;
use super::vocab_files;
use crate::PiecesError;

/// A tokenizer of Hugging Face, with the files that it was read from.
#[derive(Clone, Debug)]
pub struct FastTokenizer {
    tokenizer: Tokenizer,
    by_words: Option<ByWords>,
    files: FileMap,
    max_length: Option<usize>,
}

const TOKENIZER: &str = "tokenizer.json";

impl FastTokenizer {
    /// The names of the files that may belong to a tokenizer, in a folder that holds other files too.
    pub const FILES: [&str; 9] = [
        TOKENIZER,
        "tokenizer_config.json",
        "special_tokens_map.json",
        "added_tokens.json",
        "vocab.txt",
        "vocab.json",
        "merges.txt",
        "sentencepiece.bpe.model",
        "spiece.model",
    ];

    /// Reads `tokenizer.json`, or makes the tokenizer that transformers makes of a vocabulary alone: BERT's of `vocab.txt`,
    /// RoBERTa's of `vocab.json` and `merges.txt`. `tokenizer_config.json` is heeded as transformers does.
    ///
    /// # Errors
    /// If a file is damaged or has parts that are not known here, or if there is none of them.
    pub fn from_files(files: FileMap) -> Result<FastTokenizer, PiecesError> {
        let settings = Settings::read(&files)?;
        let tokenizer = match files.get(TOKENIZER) {
            Some(bytes) => read(bytes, TOKENIZER, &settings)?,
            None => {
                let (json, place) = vocab_files::tokenizer_json(&files, &settings)?;
                read(json.to_string().as_bytes(), place, &settings)?
            }
        };
        // A tokenizer that fails at the first text will say why at the next one.
        let by_words = guarded(|| Ok(ByWords::of(&tokenizer))).unwrap_or_default();
        Ok(FastTokenizer { by_words, tokenizer, max_length: settings.max_length()?, files })
    }

    /// The files as they were read: they are written as they are, since other versions may not read what this one writes.
    pub fn files(&self) -> &FileMap {
        &self.files
    }

    /// The pieces that an encoder reads at most, special ones included (`model_max_length`).
    pub fn max_length(&self) -> Option<usize> {
        self.max_length
    }

    /// The number of ids that pieces have: one more than the highest.
    pub fn n_ids(&self) -> usize {
        self.tokenizer.get_vocab(true).into_values().max().map_or(0, |id| id as usize + 1)
    }

    /// A piece as it is written in the vocabulary.
    pub fn piece(&self, id: u32) -> Option<String> {
        self.tokenizer.id_to_token(id)
    }

    /// The pieces of a text, however many they are.
    ///
    /// # Errors
    /// What the tokenizer says, if it fails.
    pub fn encode(&self, text: &str) -> Result<EncodedText, String> {
        match self.by_words.as_ref().filter(|by_words| by_words.suits(text)) {
            Some(by_words) => by_words.encode(text, |word| self.encode_whole(word, false)),
            None => self.encode_whole(text, true),
        }
    }

    /// The pieces of a text that is not cut into words.
    fn encode_whole(&self, text: &str, add_special: bool) -> Result<EncodedText, String> {
        let encoding = guarded(|| self.tokenizer.encode_char_offsets(text, add_special))?;
        let offsets = encoding.get_offsets().iter().map(|&(start, end)| start..end).collect();
        Ok(EncodedText { ids: encoding.get_ids().to_vec(), offsets })
    }
}

fn read(bytes: &[u8], place: &str, settings: &Settings) -> Result<Tokenizer, PiecesError> {
    let read = || {
        let mut tokenizer = Tokenizer::from_bytes(bytes)?;
        settings.apply(&mut tokenizer)?;
        // What a file says of these belongs to another use: all-MiniLM's cuts at 128 pieces and fills up to 128.
        tokenizer.with_padding(None).with_truncation(None)?;
        Ok(tokenizer)
    };
    guarded(read).map_err(|found| {
        let mend = "save it again with a version of transformers that writes what tokenizers 0.23 reads";
        PiecesError::unreadable(place, found, "a tokenizer of Hugging Face's tokenizers", mend)
    })
}

/// The library panics at some files, such as those with a merge whose product is longer than all pieces.
fn guarded<T>(work: impl FnOnce() -> tokenizers::Result<T>) -> Result<T, String> {
    let done = catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(message(&*panic).into()));
    done.map_err(|error| error.to_string())
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic in tokenizers").to_owned()
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;

    fn tokenizer(model: &str) -> FastTokenizer {
        let folder =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/transformers/models").join(model);
        let read = |name: &str| Some((name.to_owned(), std::fs::read(folder.join(name)).ok()?));
        let files: FileMap = FastTokenizer::FILES.into_iter().filter_map(read).collect();
        let tokenizer = FastTokenizer::from_files(files).unwrap();
        assert!(tokenizer.by_words.is_some());
        tokenizer
    }

    static TOKENIZERS: LazyLock<[FastTokenizer; 2]> =
        LazyLock::new(|| ["bert-uncased", "roberta"].map(tokenizer));

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]
        #[test]
        fn words_have_the_pieces_that_they_have_in_the_text(
            parts in proptest::collection::vec(
                prop_oneof![
                    3 => Just(" ".to_owned()),
                    3 => "[a-zA-Z]{1,6}",
                    1 => "[0-9.,'!-]{1,4}",
                    1 => "\\PC{1,3}",
                    1 => proptest::sample::select(vec![
                        "  ", "\t", "\n", "\u{a0}", "\u{301}", "\u{200d}", "\u{0}", "İ", "Σ", "東京", "'s", "[MASK]", "[SEP]",
                        "<mask>", "</s>", "<pad>",
                    ])
                    .prop_map(str::to_owned),
                ],
                0..30,
            ),
        ) {
            let text = parts.concat();
            for tokenizer in TOKENIZERS.iter() {
                prop_assert_eq!(tokenizer.encode(&text), tokenizer.encode_whole(&text, true));
            }
        }
    }
}
