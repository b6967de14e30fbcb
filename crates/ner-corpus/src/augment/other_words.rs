use ner_doc::{Doc, DocError, Example, Token};
use ner_vocab::StringId;

/// The example with the words that `other` gives in place of those that it is shown, which are all that are one token on
/// both sides. The changed text is not split anew, so that each is still one, and all annotation stays.
pub(super) fn with_other_words(
    mut example: Example,
    mut other: impl FnMut(&Token) -> Option<String>,
) -> Result<Example, DocError> {
    let alignment = example.alignment()?;
    let Example { predicted, reference } = &mut example;
    for index in 0..predicted.len() {
        let &[in_reference] = alignment.x2y.get(index) else { continue };
        let in_reference = in_reference as usize;
        let token = &predicted.tokens[index];
        let is_same = alignment.y2x.get(in_reference).len() == 1
            && reference.tokens[in_reference].text() == token.text();
        if !is_same {
            continue;
        }
        if let Some(word) = other(token).filter(|word| word != token.text()) {
            replace(predicted, index, &word);
            replace(reference, in_reference, &word);
        }
    }
    Ok(example)
}

fn replace(doc: &mut Doc, index: usize, word: &str) {
    let lexeme = doc.vocab().lexeme(word);
    let token = &mut doc.tokens[index];
    token.lexeme = lexeme;
    // It was the norm of the word as it was, such as "not" of "n't".
    token.own_norm = StringId::EMPTY;
}
