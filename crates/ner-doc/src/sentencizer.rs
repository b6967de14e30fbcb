use std::collections::BTreeSet;

use ner_vocab::LexemeFlags;

use crate::{Doc, Token};

/// Characters that end a sentence unless others are given: spaCy's list, over all scripts.
const DEFAULT_PUNCT_CHARS: &str = "!.?։؟۔܀܁܂߹।॥၊။።፧፨᙮᜵᜶᠃᠉᥄᥅᪨᪩᪪᪫᭚᭛᭞᭟᰻᰼᱾᱿‼‽⁇⁈⁉⸮⸼꓿꘎꘏꛳꛷꡶꡷꣎꣏꤯꧈꧉꩝꩞꩟꫰꫱꯫﹒﹖﹗！．？𐩖𐩗𑁇𑁈𑂾𑂿𑃀𑃁𑅁𑅂𑅃𑇅𑇆𑇍𑇞𑇟𑈸𑈹𑈻𑈼𑊩𑑋𑑌𑗂𑗃𑗉𑗊𑗋𑗌𑗍𑗎𑗏𑗐𑗑𑗒𑗓𑗔𑗕𑗖𑗗𑙁𑙂𑜼𑜽𑜾𑩂𑩃𑪛𑪜𑱁𑱂𖩮𖩯𖫵𖬷𖬸𖭄𛲟𝪈｡。";

/// Finds sentences by their last character alone: one starts at the first word after a full stop or its like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentencizer {
    punct_chars: BTreeSet<String>,
    overwrite: bool,
}

impl Default for Sentencizer {
    fn default() -> Sentencizer {
        Sentencizer::with_default_punct_chars(false)
    }
}

impl Sentencizer {
    /// A sentencizer for which a sentence ends with a token out of `punct_chars`; it changes sentence starts that
    /// are already known only if it may `overwrite` them.
    pub fn new(punct_chars: impl IntoIterator<Item = String>, overwrite: bool) -> Sentencizer {
        Sentencizer { punct_chars: punct_chars.into_iter().collect(), overwrite }
    }

    /// A sentencizer with spaCy's list of characters.
    pub fn with_default_punct_chars(overwrite: bool) -> Sentencizer {
        Sentencizer::new(DEFAULT_PUNCT_CHARS.chars().map(String::from), overwrite)
    }

    /// The tokens that end a sentence, sorted.
    pub fn punct_chars(&self) -> impl Iterator<Item = &str> {
        self.punct_chars.iter().map(String::as_str)
    }

    /// Whether it changes sentence starts that are already known.
    pub fn overwrites(&self) -> bool {
        self.overwrite
    }

    /// Whether a sentence starts at each token.
    pub fn sentence_starts(&self, doc: &Doc) -> Vec<bool> {
        let mut has_ended = true;
        // A sentence ends with all the marks that follow its last word, so that "?!" ends one sentence, not two.
        let starts = doc.tokens.iter().enumerate().map(|(index, token)| {
            let ends_sentence = self.punct_chars.contains(token.text());
            // spaCy: white space is no punctuation: a line break after a full stop starts the sentence
            // (pipeline/sentencizer.pyx).
            let starts = index == 0 || has_ended && !ends_sentence && !is_punct(token);
            has_ended = ends_sentence || has_ended && !starts;
            starts
        });
        starts.collect()
    }

    /// Sets the sentence start of each token.
    pub fn annotate(&self, doc: &mut Doc) {
        let starts = self.sentence_starts(doc);
        for (token, starts) in doc.tokens.iter_mut().zip(starts) {
            if token.sent_start == 0 || self.overwrite {
                token.sent_start = if starts { 1 } else { -1 };
            }
        }
    }
}

fn is_punct(token: &Token) -> bool {
    token.lexeme.flags.contains(LexemeFlags::IS_PUNCT)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ner_vocab::Vocab;

    use super::*;

    #[track_caller]
    fn check(words: &str, expected: &str) {
        let vocab = Arc::new(Vocab::new("xx").unwrap());
        let words: Vec<&str> = words.split(' ').collect();
        let doc = Doc::from_words(vocab, &words, &[]);
        let starts = Sentencizer::default().sentence_starts(&doc);
        let found: Vec<String> = words
            .iter()
            .zip(starts)
            .map(|(word, starts)| if starts { format!("|{word}") } else { word.to_string() })
            .collect();
        assert_eq!(found.join(" "), expected);
    }

    #[test]
    fn sentences_start_after_full_stops() {
        check("He left . She stayed ! Why ?", "|He left . |She stayed ! |Why ?");
        check("So ... ? ! he said .", "|So ... ? ! |he said .");
        check("Wait . ) Then 好 。 他", "|Wait . ) |Then 好 。 |他");
        check(". a", "|. |a");
        check("( a", "|( a");
    }
}
