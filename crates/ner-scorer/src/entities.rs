use indexmap::IndexMap;
use ner_doc::{Doc, DocError, Example};
use ner_vocab::StringId;
use serde_json::{Value, json};

use crate::comparison::{EntityComparison, Verdict};
use crate::parallel::{Mergeable, add_all};
use crate::scores::named;
use crate::{Counts, ScoreCounts, Scorer, Scores};

/// Exact match of entities: label and both borders must be right. Its scores are `ents_p`, `ents_r`, `ents_f` and
/// `ents_per_type`.
#[derive(Clone, Copy, Debug, Default)]
pub struct EntityScorer;

impl Scorer for EntityScorer {
    fn start(&self) -> Box<dyn ScoreCounts> {
        Box::new(EntityCounts::default())
    }
}

/// Right and wrong entities by label. They are a few numbers a label, however many documents there are.
#[derive(Clone, Debug, Default)]
pub struct EntityCounts {
    by_label: IndexMap<StringId, LabelCounts>,
}

#[derive(Clone, Debug)]
struct LabelCounts {
    name: String,
    counts: Counts,
}

impl EntityCounts {
    /// The counts of each label, in the order in which the labels were met.
    pub fn by_label(&self) -> impl Iterator<Item = (&str, Counts)> {
        self.by_label.values().map(|label| (label.name.as_str(), label.counts))
    }

    fn add_entities(&mut self, example: &Example) -> Result<(), DocError> {
        let comparison = EntityComparison::of(example)?;
        for (entity, verdict) in comparison.predicted {
            // Whatever the verdict: a label that was predicted has a row in the table, if only of zeros.
            let counts = self.label(&example.predicted, entity.label);
            match verdict {
                Verdict::Right => counts.true_positives += 1,
                Verdict::Wrong => counts.false_positives += 1,
                Verdict::Unknown => {}
            }
        }
        for entity in comparison.missed {
            self.label(&example.reference, entity.label).false_negatives += 1;
        }
        Ok(())
    }

    /// Counts tokens twice: by their alignment, for accuracy, and by their characters, for precision and recall.
    fn label(&mut self, doc: &Doc, label: StringId) -> &mut Counts {
        let entry = self.by_label.entry(label).or_insert_with(|| LabelCounts {
            name: doc.vocab().strings().get(label).map_or_else(|| label.to_string(), |name| name.to_string()),
            counts: Counts::default(),
        });
        &mut entry.counts
    }
}

impl Mergeable for EntityCounts {
    fn add_one(&mut self, example: &Example) -> Result<(), DocError> {
        match example.reference.has_entity_annotation() {
            true => self.add_entities(example),
            false => Ok(()),
        }
    }

    fn merge(&mut self, other: &EntityCounts) {
        for (&label, theirs) in &other.by_label {
            let ours = LabelCounts { name: theirs.name.clone(), counts: Counts::default() };
            self.by_label.entry(label).or_insert(ours).counts += theirs.counts;
        }
    }
}

impl ScoreCounts for EntityCounts {
    fn add(&mut self, examples: &[Example]) -> Result<(), DocError> {
        add_all(self, examples)
    }

    fn scores(&self) -> Scores {
        let mut total = Counts::default();
        self.by_label.values().for_each(|label| total += label.counts);
        let per_type = || {
            let scores = self.by_label().map(|(name, counts)| (name.to_owned(), json!(counts.score())));
            Value::Object(scores.collect())
        };
        let per_type = if total.is_empty() { Value::Null } else { per_type() };
        let score = (!total.is_empty()).then(|| total.score());
        named("ents", score).into_iter().chain([("ents_per_type".to_owned(), per_type)]).collect()
    }
}
