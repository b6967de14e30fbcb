use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use ner_cpython::write_indented_srsly_json;
use ner_doc::{BiluoTag, Doc, DocError, EntIob, Entity, Token};
use ner_vocab::StringId;
use serde::Serialize;

use crate::FormatError;
use crate::account::{OutputAccount, Unsaid};
use crate::formats::DocWriter;

/// The only document of a file, with a paragraph for each of ours.
#[derive(Serialize)]
pub(crate) struct TrainingDocument {
    id: usize,
    paragraphs: Vec<Paragraph>,
}

/// A document in the layout of training JSON.
#[derive(Serialize)]
struct Paragraph {
    raw: Option<String>,
    sentences: Vec<Sentence>,
    cats: Vec<Category>,
    entities: Vec<(usize, usize, String)>,
    links: Vec<BTreeMap<String, BTreeMap<String, f64>>>,
}

#[derive(Serialize)]
struct Sentence {
    tokens: Vec<TrainingToken>,
    /// Constituents, which spaCy writes as an empty list.
    brackets: [(); 0],
}

#[derive(Serialize)]
struct TrainingToken {
    id: usize,
    orth: String,
    space: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    tag: Option<Arc<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pos: Option<Arc<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    morph: Option<Arc<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lemma: Option<Arc<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    head: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dep: Option<Arc<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ner: Option<String>,
}

#[derive(Serialize)]
struct Category {
    label: String,
    value: f64,
}

impl TrainingDocument {
    /// A document without paragraphs.
    pub(crate) fn new() -> TrainingDocument {
        TrainingDocument { id: 0, paragraphs: Vec::new() }
    }
}

impl DocWriter for TrainingDocument {
    fn add(&mut self, doc: &Doc, account: &mut OutputAccount) -> Result<(), DocError> {
        let kinds = [Unsaid::Rejected, Unsaid::Ids, Unsaid::Groups, Unsaid::UserData];
        account.leave_out(doc, &kinds);
        self.paragraphs.push(Paragraph::new(doc)?);
        Ok(())
    }

    fn n_documents(&self) -> usize {
        // spaCy: all documents together are one document of training JSON (cli/convert.py).
        1
    }

    /// Writes the document as the only one of a list, laid out as spaCy does, without a line end.
    fn write(&self, writer: &mut dyn Write, path: &Path) -> Result<(), FormatError> {
        write_indented_srsly_json(writer, &[self]).map_err(FormatError::io(path))
    }
}

impl Paragraph {
    /// A document as a paragraph.
    fn new(doc: &Doc) -> Result<Paragraph, DocError> {
        let entities = doc.entities()?;
        let tags = tags(doc, &entities);
        let starts = doc.char_offsets();
        let mut paragraph = Paragraph {
            raw: (!doc.has_unknown_spaces).then(|| doc.text()),
            sentences: sentences(doc, &tags),
            cats: doc
                .cats
                .iter()
                .map(|(label, value)| Category { label: label.clone(), value: *value })
                .collect(),
            entities: Vec::with_capacity(entities.len()),
            links: Vec::new(),
        };
        for entity in entities {
            let end = starts[entity.end - 1] + doc.tokens[entity.end - 1].lexeme.length as usize;
            let start = starts[entity.start];
            let kb_id = doc.tokens[entity.start].ent_kb_id;
            if !kb_id.is_empty() {
                let link = BTreeMap::from([(text(doc, kb_id).to_string(), 1.0)]);
                paragraph.links.push(BTreeMap::from([(format!("({start}, {end})"), link)]));
            }
            paragraph.entities.push((start, end, text(doc, entity.label).to_string()));
        }
        Ok(paragraph)
    }
}

/// The tag of each token; `None` where nothing is known.
// spaCy: docs_to_json writes O of such tokens (training/gold_io.pyx), which teaches that there is no entity.
fn tags(doc: &Doc, entities: &[Entity]) -> Vec<Option<BiluoTag>> {
    let is_known = |token: &Token| token.ent_iob != EntIob::Missing;
    let mut tags: Vec<_> = doc.tokens.iter().map(|token| is_known(token).then_some(BiluoTag::Out)).collect();
    for &Entity { start, end, label } in entities {
        let last = end - 1;
        tags[start..end].fill(Some(BiluoTag::In(label)));
        tags[last] = Some(BiluoTag::Last(label));
        tags[start] = Some(if start == last { BiluoTag::Unit(label) } else { BiluoTag::Begin(label) });
    }
    tags
}

fn sentences(doc: &Doc, tags: &[Option<BiluoTag>]) -> Vec<Sentence> {
    let starts = (1..doc.len()).filter(|&index| doc.tokens[index].sent_start == 1);
    let bounds: Vec<usize> = [0].into_iter().chain(starts).chain([doc.len()]).collect();
    let columns = Columns::of(doc);
    let sentence = |bounds: &[usize]| Sentence {
        tokens: (bounds[0]..bounds[1]).map(|index| columns.token(doc, index, tags[index])).collect(),
        brackets: [],
    };
    bounds.windows(2).filter(|bounds| bounds[0] < bounds[1]).map(sentence).collect()
}

/// The annotation that some token of a document has, and that is written of all of them then: a reader refuses a file
/// in which a field is missing at some tokens.
struct Columns {
    tag: bool,
    pos: bool,
    morph: bool,
    lemma: bool,
    dep: bool,
    entity: bool,
}

impl Columns {
    fn of(doc: &Doc) -> Columns {
        let any =
            |id: fn(&ner_doc::Syntax) -> StringId| doc.syntax.iter().any(|syntax| !id(syntax).is_empty());
        Columns {
            tag: any(|syntax| syntax.tag),
            pos: any(|syntax| syntax.pos),
            morph: any(|syntax| syntax.morph),
            lemma: any(|syntax| syntax.lemma),
            dep: any(|syntax| syntax.dep),
            entity: doc.has_entity_annotation(),
        }
    }

    fn token(&self, doc: &Doc, index: usize, tag: Option<BiluoTag>) -> TrainingToken {
        let token = &doc.tokens[index];
        let syntax = doc.syntax.get(index).cloned().unwrap_or_default();
        TrainingToken {
            id: index,
            orth: token.text().to_owned(),
            space: if token.space_after { " " } else { "" },
            tag: self.tag.then(|| text(doc, syntax.tag)),
            pos: self.pos.then(|| text(doc, syntax.pos)),
            // In a document the analysis without features is `_`, in the file it is empty.
            morph: self
                .morph
                .then(|| text(doc, syntax.morph))
                .map(|morph| if &*morph == "_" { "".into() } else { morph }),
            lemma: self.lemma.then(|| text(doc, syntax.lemma)),
            head: self.dep.then_some(syntax.head),
            dep: self.dep.then(|| text(doc, syntax.dep)),
            ner: self.entity.then(|| ner(doc, tag)),
        }
    }
}

fn ner(doc: &Doc, tag: Option<BiluoTag>) -> String {
    tag.map_or_else(|| "-".to_owned(), |tag| tag.to_text(doc.vocab().strings()))
}

fn text(doc: &Doc, id: StringId) -> Arc<str> {
    doc.vocab().strings().get(id).unwrap_or_else(|| id.to_string().into())
}
