use std::ops::Range;

use ner_cpython::{is_space, strip};
use ner_doc::{Doc, DocError, EntIob};

use crate::account::{OutputAccount, Unsaid};

/// The mark of a document. spaCy knows it with these columns alone.
const DOCUMENT_MARK: &str = "-DOCSTART- -X- O O\n\n";

/// A document as lines of a token and its tag, with a tab between, since a word may hold spaces.
pub(crate) fn to_token_lines(doc: &Doc, account: &mut OutputAccount) -> Result<String, DocError> {
    let sentences = tagged_sentences(doc, account, spell_column)?;
    // A mark without tokens behind it is no document to a reader.
    account.lose(Unsaid::Documents, usize::from(sentences.is_empty()));
    let mut text = DOCUMENT_MARK.to_owned();
    for sentence in sentences {
        text.extend(sentence.into_iter().map(|Tagged { word, tag }| format!("{word}\t{tag}\n")));
        text.push('\n');
    }
    Ok(text)
}

/// A document as lines of sentences of `word|TAG`.
pub(crate) fn to_sentence_lines(doc: &Doc, account: &mut OutputAccount) -> Result<String, DocError> {
    let sentences = tagged_sentences(doc, account, |text| spell(text, |c| c != '|' && !is_space(c)))?;
    account.lose(Unsaid::Documents, usize::from(sentences.len() != 1));
    let line = |sentence: Vec<Tagged>| {
        let tokens = sentence.into_iter().map(|Tagged { word, tag }| format!("{word}|{tag}"));
        tokens.collect::<Vec<_>>().join(" ") + "\n"
    };
    Ok(sentences.into_iter().map(line).collect())
}

struct Tagged {
    word: String,
    tag: String,
}

/// The tokens of each sentence. `spell` gives words and labels as the format can say them.
fn tagged_sentences(
    doc: &Doc,
    account: &mut OutputAccount,
    spell: fn(&str) -> String,
) -> Result<Vec<Vec<Tagged>>, DocError> {
    // Asked for what it refuses: tags that are no entities.
    doc.entities()?;
    account.leave_out(doc, &[Unsaid::Rejected, Unsaid::Links, Unsaid::Ids, Unsaid::Spaces]);
    account.leave_out(doc, &[Unsaid::Syntax, Unsaid::Groups, Unsaid::Categories, Unsaid::UserData]);
    let sentences = whole_sentences(doc);
    account.lose(Unsaid::Sentences, doc.sentences().len() - sentences.len());
    let mut tagger = Tagger { doc, spell, is_open: false, n_words: 0, n_labels: 0 };
    let tagged: Vec<Vec<Tagged>> =
        sentences.into_iter().map(|tokens| tokens.filter_map(|index| tagger.tag(index)).collect()).collect();
    account.lose(Unsaid::Words, tagger.n_words);
    account.lose(Unsaid::Labels, tagger.n_labels);
    Ok(tagged.into_iter().filter(|sentence| !sentence.is_empty()).collect())
}

/// The sentences of a document. Where one begins inside of an entity, which would be cut there, both are one.
fn whole_sentences(doc: &Doc) -> Vec<Range<usize>> {
    let mut sentences: Vec<Range<usize>> = Vec::new();
    for sentence in doc.sentences() {
        match sentences.last_mut() {
            Some(before) if doc.tokens[sentence.start].ent_iob == EntIob::In => before.end = sentence.end,
            _ => sentences.push(sentence),
        }
    }
    sentences
}

struct Tagger<'a> {
    doc: &'a Doc,
    spell: fn(&str) -> String,
    /// Whether the entity has a token already.
    is_open: bool,
    /// Words and labels that are changed, or left out.
    n_words: usize,
    n_labels: usize,
}

impl Tagger<'_> {
    /// The token with its tag; `None` if it is white space alone, of which the format can say nothing.
    fn tag(&mut self, index: usize) -> Option<Tagged> {
        let token = &self.doc.tokens[index];
        self.is_open &= token.ent_iob == EntIob::In;
        let word = (self.spell)(token.text());
        let is_blank = strip(token.text()).is_empty();
        self.n_words += usize::from(is_blank || word != token.text());
        if is_blank {
            return None;
        }
        let tag = match token.ent_iob {
            EntIob::Missing => "-".to_owned(),
            EntIob::Begin | EntIob::In if !token.ent_type.is_empty() => self.entity_tag(index),
            EntIob::Begin | EntIob::In | EntIob::Out => "O".to_owned(),
        };
        Some(Tagged { word, tag })
    }

    fn entity_tag(&mut self, index: usize) -> String {
        let id = self.doc.tokens[index].ent_type;
        let label = self.doc.vocab().strings().get(id).unwrap_or_else(|| id.to_string().into());
        let spelt = (self.spell)(&label);
        let letter = if self.is_open { 'I' } else { 'B' };
        self.n_labels += usize::from(!self.is_open && spelt != *label);
        self.is_open = true;
        format!("{letter}-{spelt}")
    }
}

/// A text as a column between tabs.
fn spell_column(text: &str) -> String {
    let column = spell(text, |c| c == ' ' || !is_space(c));
    let mark = "-DOCSTART-";
    if column.starts_with(mark) { column.replacen('-', "_", 1) } else { column }
}

/// A text with `_` for what cannot be said of it, and for white space at its ends, which readers take off.
fn spell(text: &str, can_say: fn(char) -> bool) -> String {
    let inner = strip(text);
    let start = inner.as_ptr() as usize - text.as_ptr() as usize;
    let is_inner = |at: usize| (start..start + inner.len()).contains(&at);
    text.char_indices().map(|(at, c)| if is_inner(at) && can_say(c) { c } else { '_' }).collect()
}
