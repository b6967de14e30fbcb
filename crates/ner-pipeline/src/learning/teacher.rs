use indexmap::IndexMap;
use ner_doc::Doc;

use super::{Learning, Rehearsal};
use crate::recognizer::{Knowledge, TeacherOf, distill, study};
use crate::{EntityRecognizer, Pipeline, PipelineError, UpstreamVectors};

/// A pipeline that teaches another one, of any kind.
#[derive(Debug)]
pub struct Teacher {
    pipeline: Pipeline,
    /// The recogniser that teaches.
    component: String,
    /// What its labels are called by the one that learns; empty: their entities are outside.
    labels: IndexMap<String, String>,
}

impl Teacher {
    /// The recogniser `component` of a pipeline, with a name for each of its labels by which the one that learns calls it, or
    /// an empty one for a label whose entities are to be outside; `None` if the pipeline has no such recogniser. A label
    /// without a name counts as outside.
    pub fn new(pipeline: Pipeline, component: &str, labels: IndexMap<String, String>) -> Option<Teacher> {
        pipeline.components().get(component)?.downcast_ref::<EntityRecognizer>()?;
        Some(Teacher { pipeline, component: component.to_owned(), labels })
    }

    /// What it finds out about documents of another pipeline, before it teaches on them.
    ///
    /// # Errors
    /// If its network cannot run on one of them.
    pub fn study(&self, docs: &[&Doc]) -> Result<Knowledge, PipelineError> {
        let mut own: Vec<Doc> = docs.iter().map(|doc| self.own_doc(doc)).collect();
        self.pipeline.annotate_untrained(&mut own.iter_mut().collect::<Vec<_>>(), |_| true);
        let own: Vec<&Doc> = own.iter().collect();
        let components = self.pipeline.components();
        components[&self.component].checked_network(&self.component, &own)?;
        let upstream = match self.pipeline.upstream_of(&self.component) {
            Some(name) => components[name].checked_network(name, &own)?,
            None => None,
        };
        let upstream = upstream.map(UpstreamVectors::Network);
        Ok(study(self.recognizer(), &own, upstream.as_ref()))
    }

    fn recognizer(&self) -> &EntityRecognizer {
        let recognizer = self.pipeline.components()[&self.component].downcast_ref();
        recognizer.expect("a teacher is made with a recogniser")
    }

    /// The same tokens in its own vocabulary, which its networks may read word vectors from.
    fn own_doc(&self, doc: &Doc) -> Doc {
        let spaces: Vec<bool> = doc.tokens.iter().map(|token| token.space_after).collect();
        let mut own = Doc::from_words(self.pipeline.vocab().clone(), &doc.words(), &spaces);
        own.has_unknown_spaces = doc.has_unknown_spaces;
        for (own, token) in own.tokens.iter_mut().zip(&doc.tokens) {
            (own.own_norm, own.sent_start) = (token.own_norm, token.sent_start);
        }
        own
    }
}

impl Pipeline {
    /// Learns to do what teachers would: the recogniser `component` follows its own best actions through documents, and
    /// in each state that it visits, the mean of the teachers' probabilities is its target. Each teacher comes with what it
    /// [found out](Teacher::study) about these documents. Otherwise as [`rehearse`](Pipeline::rehearse).
    pub fn distill(
        &mut self,
        rehearsal: &Rehearsal<'_>,
        component: &str,
        teachers: &[(&Teacher, &Knowledge)],
        learning: &mut Learning,
    ) -> Result<(), PipelineError> {
        let teachers = teachers.iter().map(|&(teacher, knowledge)| TeacherOf {
            recognizer: teacher.recognizer(),
            knowledge,
            labels: &teacher.labels,
        });
        let teachers: Vec<TeacherOf<'_>> = teachers.collect();
        self.learn_from(rehearsal.docs, rehearsal.dropout, learning, &mut |name, own, rows, update| match own
            .downcast_mut::<EntityRecognizer>()
            .filter(|_| name == component)
        {
            Some(recognizer) => Ok(distill(recognizer, rehearsal, &teachers, rows, update)),
            None => Ok(None),
        })
    }
}
