use ner_cpython::CharClass;
use ner_doc::Doc;

/// Whether a token has a letter, as Python's `isalpha` has it: one without is a number or a mark, and means the same in every
/// document.
pub(crate) fn has_letter(doc: &Doc, token: usize) -> bool {
    doc.tokens[token].text().chars().any(|character| CharClass::ALPHA.has(character))
}
