use tokenizers::{NormalizerWrapper, PostProcessorWrapper, PreTokenizerWrapper, Tokenizer};

use super::encoded_text::EncodedText;
use crate::word_memory::WordMemory;

/// Encodes word by word where the result is that of the whole text, and remembers the words: `tokenizers` takes 5 to 10
/// microseconds a word.
#[derive(Clone, Debug)]
pub(super) struct ByWords {
    split: Split,
    memory: WordMemory<EncodedText>,
    /// Special pieces before and after each text.
    first: Vec<u32>,
    last: Vec<u32>,
    /// Special pieces that reach over the spaces around them: texts with one are encoded as a whole.
    wide: Vec<String>,
}

/// Where a text can be cut without another result.
#[derive(Copy, Clone, Debug)]
enum Split {
    /// At every space: BERT's normaliser and splitting look at nothing beyond it.
    AtSpaces,
    /// Before a space between two other characters: GPT-2's pattern takes such a space to the word after it, and no match
    /// goes over its beginning.
    BeforeSpaces,
}

impl ByWords {
    /// If a tokenizer can work word by word.
    pub(super) fn of(tokenizer: &Tokenizer) -> Option<ByWords> {
        use PostProcessorWrapper::{Bert, Roberta, Template};
        let split = match (tokenizer.get_normalizer(), tokenizer.get_pre_tokenizer()) {
            (Some(NormalizerWrapper::BertNormalizer(_)), Some(PreTokenizerWrapper::BertPreTokenizer(_))) => {
                Split::AtSpaces
            }
            (None, Some(PreTokenizerWrapper::ByteLevel(split)))
                if split.use_regex && !split.add_prefix_space =>
            {
                Split::BeforeSpaces
            }
            _ => return None,
        };
        match tokenizer.get_post_processor() {
            Some(Template(_) | Bert(_)) => (),
            Some(Roberta(processing)) if !processing.add_prefix_space => (),
            _ => return None,
        }
        let added = tokenizer.get_added_tokens_decoder().into_values();
        let is_wide = |content: &str| content.contains(char::is_whitespace);
        let wide: Vec<_> =
            added.filter(|piece| piece.lstrip || piece.rstrip || is_wide(&piece.content)).collect();
        // Before they are looked for, BERT's texts are rewritten: what is found then is not seen in the text.
        if matches!(split, Split::AtSpaces) && wide.iter().any(|piece| piece.normalized) {
            return None;
        }
        let (first, last) = ends(tokenizer)?;
        let wide = wide.into_iter().map(|piece| piece.content).collect();
        Some(ByWords { split, memory: WordMemory::default(), first, last, wide })
    }

    pub(super) fn suits(&self, text: &str) -> bool {
        !self.wide.iter().any(|piece| text.contains(piece))
    }

    /// The pieces of a text, of whose words some are known, and others given to `encode`.
    pub(super) fn encode(
        &self,
        text: &str,
        encode: impl Fn(&str) -> Result<EncodedText, String>,
    ) -> Result<EncodedText, String> {
        let mut whole = EncodedText { ids: self.first.clone(), offsets: vec![0..0; self.first.len()] };
        self.memory.with(|known, learned| {
            let mut n_chars = 0;
            for word in self.split.words(text) {
                let mut add = |pieces: &EncodedText| {
                    whole.ids.extend_from_slice(&pieces.ids);
                    let offsets = pieces.offsets.iter();
                    whole.offsets.extend(offsets.map(|chars| chars.start + n_chars..chars.end + n_chars));
                };
                match known.get(word).or_else(|| learned.get(word)) {
                    Some(pieces) => add(pieces),
                    None => {
                        let pieces = encode(word)?;
                        add(&pieces);
                        learned.insert(word.into(), pieces);
                    }
                }
                n_chars += word.chars().count();
            }
            Ok::<(), String>(())
        })?;
        whole.ids.extend_from_slice(&self.last);
        whole.offsets.resize(whole.ids.len(), 0..0);
        Ok(whole)
    }
}

impl Split {
    /// The parts of a text, which make up all of it.
    fn words(self, text: &str) -> impl Iterator<Item = &str> {
        let mut rest = text;
        std::iter::from_fn(move || {
            let end = rest.match_indices(' ').map(|(place, _)| place).find(|&place| self.is_end(rest, place));
            let (word, others) = rest.split_at(end.unwrap_or(rest.len()));
            rest = others;
            (!word.is_empty()).then_some(word)
        })
    }

    /// Whether a word can end before the space at this place.
    fn is_end(self, text: &str, place: usize) -> bool {
        let is_word = |character: Option<char>| character.is_some_and(|character| !character.is_whitespace());
        match self {
            Split::AtSpaces => place > 0,
            Split::BeforeSpaces => {
                is_word(text[..place].chars().next_back()) && is_word(text[place + 1..].chars().next())
            }
        }
    }
}

/// The special pieces before and after a text; nothing if they stand elsewhere too.
fn ends(tokenizer: &Tokenizer) -> Option<(Vec<u32>, Vec<u32>)> {
    const TEXT: &str = "a";
    let inner = tokenizer.encode(TEXT, false).ok()?;
    let whole = tokenizer.encode(TEXT, true).ok()?;
    let (inner, whole) = (inner.get_ids(), whole.get_ids());
    let place = whole.windows(inner.len().max(1)).position(|ids| ids == inner)?;
    Some((whole[..place].to_vec(), whole[place + inner.len()..].to_vec()))
}
