use std::collections::BTreeMap;

use ner_doc::{Doc, EntIob, Syntax, Token};
use serde::Serialize;

use super::unsaid::UnsaidCount;
use super::{Message, Unsaid};
use crate::account::INCORRECT_SPANS;

/// What became of the documents of a file when they were written in another form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OutputAccount {
    /// The name of the format that was written.
    pub format: String,
    /// Documents that were written.
    pub documents: usize,
    /// What they hold and the format cannot say.
    pub unsaid: BTreeMap<Unsaid, UnsaidCount>,
}

impl OutputAccount {
    /// An account without documents.
    pub(crate) fn of(format: &str) -> OutputAccount {
        OutputAccount { format: format.to_owned(), ..OutputAccount::default() }
    }

    /// Counts what a document holds of these kinds.
    pub(crate) fn leave_out(&mut self, doc: &Doc, kinds: &[Unsaid]) {
        for &kind in kinds {
            self.lose(kind, count(doc, kind));
        }
    }

    /// Counts things of one kind that a document holds.
    pub(crate) fn lose(&mut self, kind: Unsaid, things: usize) {
        if things > 0 {
            let count = self.unsaid.entry(kind).or_default();
            count.things += things;
            count.documents += 1;
        }
    }

    /// Whether annotation of entities was lost.
    pub fn has_losses(&self) -> bool {
        self.unsaid.keys().any(|kind| kind.is_of_entities())
    }

    /// A line for each kind of thing that cannot be said.
    pub(super) fn messages(&self) -> impl Iterator<Item = Message> {
        self.unsaid.iter().map(|(kind, count)| {
            let text = kind.text(&self.format, *count);
            if kind.is_of_entities() { Message::warn(text) } else { Message::info(text) }
        })
    }
}

/// How much of a kind a document holds; nothing of the kinds that depend on the format, which are counted there.
fn count(doc: &Doc, kind: Unsaid) -> usize {
    let tokens = |is_counted: fn(&Token) -> bool| doc.tokens.iter().filter(|token| is_counted(token)).count();
    let entities = |is_counted: fn(&Token) -> bool| {
        doc.tokens.iter().filter(|token| token.ent_iob == EntIob::Begin && is_counted(token)).count()
    };
    match kind {
        Unsaid::Unknown => tokens(|token| token.ent_iob == EntIob::Missing),
        Unsaid::Rejected => doc.spans.get(INCORRECT_SPANS).map_or(0, |group| group.spans.len()),
        Unsaid::Links => entities(|token| !token.ent_kb_id.is_empty()),
        Unsaid::Ids => entities(|token| !token.ent_id.is_empty()),
        Unsaid::Spaces => {
            // The last word is left out: most texts end without a space, and no format needs to say so.
            let n_inner = doc.len().saturating_sub(1);
            doc.tokens[..n_inner].iter().filter(|token| !token.space_after).count()
        }
        Unsaid::Sentences => doc.tokens.iter().skip(1).filter(|token| token.sent_start == 1).count(),
        Unsaid::Syntax => doc.syntax.iter().filter(|syntax| !is_blank(doc, syntax)).count(),
        Unsaid::Groups => {
            let others = doc.spans.iter().filter(|(key, _)| *key != INCORRECT_SPANS);
            others.map(|(_, group)| group.spans.len()).sum()
        }
        Unsaid::Categories => doc.cats.len(),
        // The bytes of an empty map are one.
        Unsaid::UserData => usize::from(doc.user_data.len() > 1),
        Unsaid::Words | Unsaid::Labels | Unsaid::SameTexts | Unsaid::Documents => 0,
    }
}

/// Whether a token has no syntax, or a dash for a tag, as files without tags have it.
fn is_blank(doc: &Doc, syntax: &Syntax) -> bool {
    let tag = doc.vocab().strings().get(syntax.tag).filter(|tag| &**tag == "-");
    let dash = Syntax { tag: syntax.tag, ..Syntax::default() };
    *syntax == Syntax::default() || tag.is_some() && *syntax == dash
}
