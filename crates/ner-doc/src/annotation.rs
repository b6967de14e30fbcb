use ner_vocab::StringId;

use crate::morphology::normalize_features;
use crate::offsets::TokenBounds;
use crate::{
    BiluoTag, CharSpan, Doc, DocError, EntIob, Entity, EntityUpdate, SpanGroup, SpanRecord, Syntax,
    biluo_tags_to_spans, offsets_to_biluo_tags,
};

/// The annotation of a text in training data, as spaCy's `Example.from_dict` takes it. Lists have a value for each of the
/// annotation's own words; offsets count code points of its own text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Annotation {
    /// The words; `None`: those of the document that is annotated, with its spaces.
    pub words: Option<Vec<String>>,
    /// Whether a space follows each word; `None`: guessed from `text`, or unknown.
    pub spaces: Option<Vec<bool>>,
    /// The text that the words come from.
    pub text: Option<String>,
    /// The entities; `None`: nothing is known.
    pub entities: Option<EntityAnnotation>,
    /// Fine-grained parts of speech.
    pub tags: Option<Vec<String>>,
    /// Universal parts of speech.
    pub pos: Option<Vec<String>>,
    /// Base forms.
    pub lemmas: Option<Vec<String>>,
    /// Morphological analyses, such as `Case=Nom|Number=Sing`.
    pub morphs: Option<Vec<String>>,
    /// Relations to the heads.
    pub deps: Option<Vec<Option<String>>>,
    /// Indices of the heads.
    pub heads: Option<Vec<Option<i64>>>,
    /// 1, -1 or 0: whether a sentence starts; ignored if there are heads.
    pub sent_starts: Option<Vec<i8>>,
    /// Categories of the whole text.
    pub cats: Vec<(String, f64)>,
    /// Links of spans to a knowledge base.
    pub links: Vec<Link>,
    /// Groups of spans.
    pub spans: Vec<(String, Vec<LabelledSpan>)>,
}

/// Entities as training data gives them.
#[derive(Clone, Debug, PartialEq)]
pub enum EntityAnnotation {
    /// Spans of characters; a span without label says that no entity is there.
    Offsets(Vec<LabelledSpan>),
    /// BILUO tags; `None` is missing.
    Tags(Vec<Option<String>>),
}

/// A span of characters with its possible ids in a knowledge base. Only an id with probability 1 is taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// First character.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
    /// Ids with their probabilities.
    pub ids: Vec<(String, f64)>,
}

/// A labelled span of characters.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LabelledSpan {
    /// First character.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
    /// Label; may be empty.
    pub label: String,
    /// Knowledge-base id; may be empty.
    pub kb_id: String,
}

impl Annotation {
    /// The annotated document, and the indices of the tokens that entity offsets touch without fitting the boundaries of
    /// tokens: their entities are unknown (spaCy's W030).
    pub fn to_doc(&self, predicted: &Doc) -> Result<(Doc, Vec<usize>), DocError> {
        let mut doc = self.bare_doc(predicted)?;
        let misaligned = self.set_entities(&mut doc)?;
        for (name, spans) in &self.spans {
            doc.spans.insert(name.clone(), span_group(&doc, spans)?);
        }
        self.set_syntax(&mut doc)?;
        self.set_sentences(&mut doc)?;
        // Behind the entities, which clear the knowledge-base ids of their tokens.
        self.set_links(&mut doc)?;
        doc.cats = self.cats.clone();
        Ok((doc, misaligned))
    }

    fn bare_doc(&self, predicted: &Doc) -> Result<Doc, DocError> {
        let vocab = predicted.vocab().clone();
        let Some(words) = &self.words else {
            // spaCy: spaces of the annotation are dropped where it has no words, and those of the document
            // count as known, even if they were guesses (training/example.pyx).
            let spaces: Vec<bool> = predicted.tokens.iter().map(|token| token.space_after).collect();
            return Ok(Doc::from_words(vocab, &predicted.words(), &spaces));
        };
        let guessed = || self.text.as_deref().map(|text| guess_spaces(text, words)).unwrap_or_default();
        let spaces = self.spaces.clone().unwrap_or_else(guessed);
        if !spaces.is_empty() {
            check_length(spaces.len(), words.len())?;
        }
        Ok(Doc::from_words(vocab, words, &spaces))
    }

    fn set_entities(&self, doc: &mut Doc) -> Result<Vec<usize>, DocError> {
        let strings = doc.vocab().strings();
        let (tags, misaligned) = match &self.entities {
            None => return Ok(Vec::new()),
            Some(EntityAnnotation::Offsets(offsets)) => {
                let span = |span: &LabelledSpan| CharSpan {
                    start: span.start,
                    end: span.end,
                    label: strings.add(&span.label),
                };
                let spans: Vec<CharSpan> = offsets.iter().map(span).collect();
                let found = offsets_to_biluo_tags(doc, &spans, Some(BiluoTag::Out))?;
                (found.tags, found.misaligned)
            }
            Some(EntityAnnotation::Tags(tags)) => {
                let parse = |tag: &Option<String>| {
                    tag.as_deref().map_or(Ok(None), |tag| BiluoTag::parse(tag, strings))
                };
                (tags.iter().map(parse).collect::<Result<_, _>>()?, Vec::new())
            }
        };
        // spaCy: what has no label says that nothing is known, be it a missing tag or `U-`, and what no
        // entity covers is outside, even if the list is empty (training/example.pyx).
        let (missing, entities): (Vec<Entity>, Vec<Entity>) =
            biluo_tags_to_spans(doc, &tags)?.into_iter().partition(|span| span.label.is_empty());
        let missing: Vec<_> = missing.iter().map(|span| (span.start, span.end)).collect();
        let default = Some(EntIob::Out);
        let update =
            EntityUpdate { entities: &entities, missing: &missing, default, ..EntityUpdate::default() };
        doc.update_entities(&update)?;
        Ok(misaligned)
    }

    fn set_syntax(&self, doc: &mut Doc) -> Result<(), DocError> {
        let has_syntax = [&self.tags, &self.pos, &self.lemmas, &self.morphs].into_iter().any(Option::is_some)
            || self.deps.is_some()
            || self.heads.is_some();
        if has_syntax {
            doc.syntax = vec![Syntax::default(); doc.len()];
        }
        let vocab = doc.vocab().clone();
        let strings = vocab.strings();
        set_each(&self.tags, doc, |syntax| &mut syntax.tag, |_, tag| Ok(strings.add(tag)))?;
        set_each(&self.lemmas, doc, |syntax| &mut syntax.lemma, |_, lemma| Ok(strings.add(lemma)))?;
        set_each(&self.pos, doc, |syntax| &mut syntax.pos, |token, pos| part_of_speech(token, pos))?;
        let analysis = |token, morph: &String| Ok(strings.add(&normalize_features(token, morph)?));
        set_each(&self.morphs, doc, |syntax| &mut syntax.morph, analysis)?;
        let relation = |_, dep: &Option<String>| Ok(strings.add(dep.as_deref().unwrap_or("")));
        set_each(&self.deps, doc, |syntax| &mut syntax.dep, relation)?;
        let n_tokens = doc.len();
        set_each(
            &self.heads,
            doc,
            |syntax| &mut syntax.head,
            |token, head| relative_head(token, *head, n_tokens),
        )
    }

    fn set_sentences(&self, doc: &mut Doc) -> Result<(), DocError> {
        match (&self.heads, &self.sent_starts) {
            (None, Some(sent_starts)) => {
                check_length(sent_starts.len(), doc.len())?;
                doc.tokens.iter_mut().zip(sent_starts).for_each(|(token, &start)| token.sent_start = start);
            }
            // spaCy: heads make sentences only where there are relations, too (from_array in tokens/doc.pyx).
            (Some(_), _) if doc.syntax.iter().any(|syntax| !syntax.dep.is_empty()) => {
                doc.start_sentences_at_roots()
            }
            _ => {}
        }
        Ok(())
    }

    fn set_links(&self, doc: &mut Doc) -> Result<(), DocError> {
        for link in &self.links {
            let mut certain = link.ids.iter().filter(|(_, probability)| *probability == 1.0);
            let Some((id, _)) = certain.next() else { continue };
            if certain.next().is_some() {
                return Err(DocError::AmbiguousLink { start: link.start, end: link.end });
            }
            let kb_id = doc.vocab().strings().add(id);
            let (start, end) = tokens_of(doc, link.start, link.end)?;
            doc.tokens[start..end].iter_mut().for_each(|token| token.ent_kb_id = kb_id);
        }
        Ok(())
    }
}

/// Sets one field of every token's syntax.
fn set_each<V, T>(
    values: &Option<Vec<V>>,
    doc: &mut Doc,
    field: impl Fn(&mut Syntax) -> &mut T,
    convert: impl Fn(usize, &V) -> Result<T, DocError>,
) -> Result<(), DocError> {
    let Some(values) = values else { return Ok(()) };
    check_length(values.len(), doc.len())?;
    for (token, (syntax, value)) in doc.syntax.iter_mut().zip(values).enumerate() {
        *field(syntax) = convert(token, value)?;
    }
    Ok(())
}

/// A head that is not given is the token itself.
fn relative_head(token: usize, head: Option<i64>, n_tokens: usize) -> Result<i32, DocError> {
    let head = head.unwrap_or(token as i64);
    if (0..n_tokens as i64).contains(&head) {
        Ok((head - token as i64) as i32)
    } else {
        Err(DocError::HeadOutOfBounds { token, head, n_tokens })
    }
}

fn check_length(n_values: usize, n_tokens: usize) -> Result<(), DocError> {
    if n_values == n_tokens { Ok(()) } else { Err(DocError::LengthMismatch { n_values, n_tokens }) }
}

/// The universal parts of speech are the symbols from `ADJ` to `SPACE`.
fn part_of_speech(token: usize, pos: &str) -> Result<StringId, DocError> {
    match StringId::of(pos) {
        // Symbols keep their numbers for good (symbols.pyx); 0 is the empty string, for none.
        id @ StringId(0 | 84..=103) => Ok(id),
        _ => Err(DocError::UnknownFeature { token, feature: pos.to_owned() }),
    }
}

fn span_group(doc: &Doc, spans: &[LabelledSpan]) -> Result<SpanGroup, DocError> {
    let strings = doc.vocab().strings();
    let record = |span: &LabelledSpan| {
        let (start, end) = tokens_of(doc, span.start, span.end)?;
        let (label, kb_id) = (strings.add(&span.label), strings.add(&span.kb_id));
        Ok(SpanRecord { start, end, label, kb_id, id: StringId::EMPTY })
    };
    Ok(SpanGroup { spans: spans.iter().map(record).collect::<Result<_, _>>()?, attrs: Vec::new() })
}

/// The tokens that characters `start..end` are.
fn tokens_of(doc: &Doc, start: usize, end: usize) -> Result<(usize, usize), DocError> {
    // A span without characters between two tokens ends with the first and starts with the second.
    let tokens = TokenBounds::of(doc).tokens(start, end).filter(|(first, last)| first <= last);
    tokens.map(|(first, last)| (first, last + 1)).ok_or(DocError::MisalignedSpan { start, end })
}

/// Whether a space follows each word in the text. A word that is not found is assumed to have one.
fn guess_spaces(text: &str, words: &[String]) -> Vec<bool> {
    let mut rest = text;
    let mut guess = |word: &String| {
        // spaCy: the search goes on from the same place (training/example.pyx).
        let Some(start) = rest.find(word.as_str()) else { return true };
        rest = &rest[start + word.len()..];
        rest.starts_with(' ')
    };
    words.iter().map(&mut guess).collect()
}
