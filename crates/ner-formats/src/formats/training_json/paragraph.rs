use ner_doc::{BiluoTag, Doc, DocError, EntIob, Entity, EntityUpdate, Syntax, tags_to_entities};
use ner_vocab::StringId;

use super::input::{Paragraph, TrainingToken};
use crate::formats::job::Job;
use crate::formats::morphology::{add_analysis, is_part_of_speech};
use crate::tags::misplaced_biluo;
use crate::{FormatError, Place};

/// Turns a paragraph into a document.
pub(super) struct ParagraphReader<'a, 'b> {
    pub(super) job: &'a mut Job<'b>,
    /// The text of the object that the paragraph stands in.
    pub(super) object: &'a str,
    /// Number of the paragraph in the file, from 1.
    pub(super) number: usize,
}

impl ParagraphReader<'_, '_> {
    pub(super) fn read(&mut self, paragraph: &Paragraph) -> Result<(Doc, usize), FormatError> {
        let tokens: Vec<_> = paragraph.tokens().collect();
        let words: Vec<&str> = tokens.iter().map(|token| token.orth.as_str()).collect();
        let mut doc = Doc::from_words(self.job.vocab.clone(), &words, &paragraph.spaces());
        // With heads, sentences begin at roots, and the sentences of the file are left aside.
        if tokens.iter().all(|token| token.head.is_none()) {
            for (token, starts) in doc.tokens.iter_mut().zip(paragraph.sentence_starts()) {
                token.sent_start = if starts { 1 } else { -1 };
            }
        }
        self.annotate(&mut doc, &tokens)?;
        let n_spans = if paragraph.has_only_spans() {
            self.set_spans(&mut doc, paragraph)?
        } else {
            self.set_entities(&mut doc, &tokens)?
        };
        self.set_links(&mut doc, paragraph)?;
        doc.cats = paragraph.cats.iter().map(|category| (category.label.clone(), category.value)).collect();
        Ok((doc, n_spans))
    }

    fn annotate(&self, doc: &mut Doc, tokens: &[&TrainingToken]) -> Result<(), FormatError> {
        let strings = self.job.vocab.strings();
        let column = |name, text: fn(&TrainingToken) -> Option<&str>| self.column(name, tokens, text);
        let tags = column("tag", |token| token.tag.as_deref())?;
        let parts_of_speech = column("pos", |token| token.pos.as_deref())?;
        let lemmas = column("lemma", |token| token.lemma.as_deref())?;
        let has_morph =
            tokens.iter().any(|token| token.morph.as_ref().is_some_and(|morph| !morph.is_empty()));
        let has_head = tokens.iter().any(|token| token.head.is_some());
        for (index, token) in tokens.iter().enumerate() {
            let pos = strings.add(parts_of_speech[index]);
            if !is_part_of_speech(pos) {
                return Err(self.error(format!(
                    "token {index}: {:?} is no universal part of speech",
                    parts_of_speech[index]
                )));
            }
            doc.syntax.push(Syntax {
                tag: strings.add(tags[index]),
                pos,
                lemma: strings.add(lemmas[index]),
                dep: strings.add(token.dep()),
                morph: if has_morph { self.morph(index, token)? } else { StringId::EMPTY },
                head: if has_head { self.head(index, token, tokens.len())? } else { 0 },
            });
        }
        if has_head && doc.syntax.iter().any(|syntax| !syntax.dep.is_empty()) {
            doc.start_sentences_at_roots();
        } else if doc.syntax.iter().all(|syntax| *syntax == Syntax::default()) {
            doc.syntax.clear();
        }
        Ok(())
    }

    /// A field of all tokens, which must be there for each as soon as it is for one; empty where no token has it.
    fn column<'t>(
        &self,
        name: &str,
        tokens: &[&'t TrainingToken],
        text: fn(&TrainingToken) -> Option<&str>,
    ) -> Result<Vec<&'t str>, FormatError> {
        let is_used = tokens.iter().any(|token| text(token).is_some_and(|text| !text.is_empty()));
        let value = |(index, token): (usize, &&'t TrainingToken)| match text(token) {
            None if is_used => {
                Err(self.error(format!("token {index} has no {name:?}, but others do; give all of them one")))
            }
            value => Ok(value.unwrap_or_default()),
        };
        tokens.iter().enumerate().map(value).collect()
    }

    fn morph(&self, index: usize, token: &TrainingToken) -> Result<StringId, FormatError> {
        let features = token.morph.as_deref().unwrap_or_default();
        add_analysis(features, self.job.vocab.strings()).map_err(|feature| {
            self.error(format!("token {index}: feature {feature:?} is not of the form Name=Value"))
        })
    }

    fn head(&self, index: usize, token: &TrainingToken, n_tokens: usize) -> Result<i32, FormatError> {
        let head = token.head.unwrap_or(0);
        let is_inside = index.checked_add_signed(head as isize).is_some_and(|head| head < n_tokens);
        i32::try_from(head).ok().filter(|_| is_inside).ok_or_else(|| {
            self.error(format!("token {index}: head {head} lies outside of the {n_tokens} tokens"))
        })
    }

    fn set_entities(&mut self, doc: &mut Doc, tokens: &[&TrainingToken]) -> Result<usize, FormatError> {
        let vocab = self.job.vocab.clone();
        let strings = vocab.strings();
        // A tag that cannot be read is an error only if those before it are in order, for spaCy reads them in this order
        // and the message has to be about the same tag.
        let mut tags = Vec::with_capacity(tokens.len());
        let mut wrong_tag = None;
        for token in tokens {
            match BiluoTag::parse(token.ner.as_deref().unwrap_or("-"), strings) {
                Ok(tag) => tags.push(tag),
                Err(error) => {
                    wrong_tag = Some(error);
                    break;
                }
            }
        }
        let spans = tags_to_entities(&tags).and_then(|spans| wrong_tag.map_or(Ok(spans), Err));
        let (missing, entities): (Vec<Entity>, Vec<Entity>) = spans
            .map_err(|error| self.wrong_tag(error, tokens))?
            .into_iter()
            .partition(|span| span.label.is_empty());
        for misplaced in misplaced_biluo(&tags, strings) {
            self.job.warn_of_tag(self.object, &tokens[misplaced.index].orth, &misplaced);
        }
        let missing: Vec<(usize, usize)> = missing.iter().map(|span| (span.start, span.end)).collect();
        doc.update_entities(&EntityUpdate {
            entities: &entities,
            missing: &missing,
            default: Some(EntIob::Out),
            ..EntityUpdate::default()
        })
        .map_err(|error| self.misfit(error))?;
        Ok(entities.len())
    }

    /// Ids of a knowledge base, under the offsets of entities as spaCy writes them: `(0, 5)`.
    fn set_links(&self, doc: &mut Doc, paragraph: &Paragraph) -> Result<(), FormatError> {
        if paragraph.links.is_empty() {
            return Ok(());
        }
        let starts = doc.char_offsets();
        for (offsets, ids) in paragraph.links.iter().flatten() {
            let bounds = offsets
                .trim_matches(['(', ')'])
                .split_once(", ")
                .and_then(|(start, end)| Some((start.parse().ok()?, end.parse().ok()?)));
            let (start, end): (usize, usize) = bounds
                .ok_or_else(|| self.error(format!("link {offsets:?} is not of the form \"(0, 5)\"")))?;
            // Candidates of a lower probability are negative examples of an entity linker.
            for (id, _) in ids.iter().filter(|(_, probability)| **probability == 1.0) {
                let id = self.job.vocab.strings().add(id);
                let inside = |start_char: usize| start <= start_char && start_char < end;
                for (token, _) in doc.tokens.iter_mut().zip(&starts).filter(|(_, start)| inside(**start)) {
                    token.ent_kb_id = id;
                }
            }
        }
        Ok(())
    }

    pub(super) fn place(&self) -> Place {
        self.job.source.place(self.object).document(self.number)
    }

    fn wrong_tag(&self, error: DocError, tokens: &[&TrainingToken]) -> FormatError {
        let (message, code) = match error {
            DocError::TagWithoutBegin { index } => {
                let (word, tag) = (&tokens[index].orth, tokens[index].ner.as_deref().unwrap_or("-"));
                let problem = "which continues an entity that no tag began; begin it with B- or use U-";
                (format!("token {index} ({word:?}) has the tag {tag}, {problem}"), "E067")
            }
            error => (error.to_string(), "E068"),
        };
        FormatError::Malformed { place: self.place(), message, code: Some(code) }
    }

    fn misfit(&self, source: DocError) -> FormatError {
        FormatError::Doc { place: self.place(), source }
    }

    fn error(&self, message: String) -> FormatError {
        FormatError::Malformed { place: self.place(), message, code: None }
    }
}
