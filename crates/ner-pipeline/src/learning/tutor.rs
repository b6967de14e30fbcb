use indexmap::IndexMap;
use ner_doc::Doc;
use ner_files::FileMap;
use ner_layers::{Init, Mode};
use ner_model::Parameter;
use rayon::iter::ParallelIterator;
use rayon::slice::ParallelSliceMut;

use super::{Learning, Rehearsal};
use crate::components::{ByName, Component, TutorOf};
use crate::storage::{PipelineFiles, load_component, model_file};
use crate::{Pipeline, PipelineError, UpstreamVectors};

/// Documents that are predicted together.
const DOCS_PER_BATCH: usize = 32;

/// A pipeline as it was: copies of its components, which keep their weights while the pipeline goes on learning.
#[derive(Debug)]
pub struct Tutor {
    components: IndexMap<String, Box<dyn Component>>,
}

impl Pipeline {
    /// The tutor of later [rehearsals](Pipeline::rehearse): copies of all components that can rehearse, as they are now,
    /// before the first update. Of components that were never trained there is nothing to keep; see
    /// [`Tutor::without`].
    pub fn resume_training(&mut self) -> Tutor {
        let (device, vector_width) = (self.device.clone(), self.vocab.vectors().width());
        let mut init = Init::zeros(&device).with_vector_width(vector_width);
        let copies = self.components.iter_mut();
        let copies = copies.filter_map(|(name, component)| Some((name.clone(), component.tutor(&mut init)?)));
        Tutor { components: copies.collect() }
    }

    /// The tutor whose files [`Tutor::to_files`] gave; this pipeline is the one that it teaches.
    pub fn tutor_from_files(&mut self, files: FileMap) -> Result<Tutor, PipelineError> {
        let mut tutor = self.resume_training();
        tutor.components.retain(|name, _| files.contains_key(&format!("{name}/model")));
        let mut files = PipelineFiles::of_map(files);
        for (name, component) in &mut tutor.components {
            let init = Init::zeros(&self.device).with_vector_width(self.vocab.vectors().width());
            load_component(&mut files, name, &mut **component, init)?;
        }
        Ok(tutor)
    }

    /// Learns to predict on documents as the tutor does: adds to the gradients and the losses of all components that the
    /// tutor has, but the frozen ones. With [`finish_update`](Pipeline::finish_update) the weights move, those of all
    /// components.
    ///
    /// A shared network of token vectors learns from its listeners, and the tutor's listeners take the vectors of the
    /// tutor's own copy.
    pub fn rehearse(
        &mut self,
        rehearsal: &Rehearsal<'_>,
        tutor: &Tutor,
        learning: &mut Learning,
    ) -> Result<(), PipelineError> {
        let upstream = tutor.upstream(rehearsal.docs)?;
        self.learn_from(
            rehearsal.docs,
            rehearsal.dropout,
            learning,
            &mut |name, component, vectors, update| {
                let Some(of_component) = tutor.of(name, &upstream) else { return Ok(None) };
                component.rehearse(rehearsal, &of_component, vectors, update)
            },
        )
    }
}

impl Tutor {
    /// The names of its components.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.components.keys().map(String::as_str)
    }

    /// The same tutor, which says nothing of the components called `names`.
    pub fn without<'a>(mut self, names: impl IntoIterator<Item = &'a str>) -> Tutor {
        for name in names {
            self.components.shift_remove(name);
        }
        self
    }

    /// The labels of the component called `name`; none if it has no such component.
    pub fn labels(&self, name: &str) -> Vec<String> {
        self.components.get(name).map_or_else(Vec::new, |component| component.labels())
    }

    /// Predicts on documents as the pipeline did, as far as it has the components.
    ///
    /// # Errors
    /// If a network cannot run on one of the documents.
    pub fn predict(&self, docs: &mut [Doc]) -> Result<(), PipelineError> {
        let results = docs.par_chunks_mut(DOCS_PER_BATCH).map(|docs| {
            // A document without tokens has no row in a tensor, and no entities.
            let mut docs: Vec<&mut Doc> = docs.iter_mut().filter(|doc| !doc.is_empty()).collect();
            if docs.is_empty() {
                return Ok(());
            }
            let shared = self.upstream(&docs.iter().map(|doc| &**doc).collect::<Vec<_>>())?;
            for name in self.components.keys() {
                if let Some(of) = self.of(name, &shared) {
                    of.component.predict(&mut docs, of.upstream);
                }
            }
            Ok(())
        });
        // The error of the first batch that has one, whichever fails first.
        results.collect::<Vec<_>>().into_iter().collect()
    }

    /// The files of its components, from which [`Pipeline::tutor_from_files`] makes it again.
    pub fn to_files(&self) -> Result<FileMap, PipelineError> {
        let mut files = FileMap::new();
        for (name, component) in &self.components {
            let sink = &mut |path: &str, bytes: &[u8]| {
                files.insert(path.to_owned(), bytes.to_vec());
                Ok(())
            };
            component.write_settings(name, sink)?;
            if let Some(chunks) = model_file(name, &**component, 0.0)? {
                files.insert(format!("{name}/model"), chunks.concat());
            }
        }
        Ok(files)
    }

    /// The rows that its listeners take, if all its networks can run on the documents.
    fn upstream<'a>(&'a self, docs: &[&Doc]) -> Result<ByName<'a, UpstreamVectors<'a>>, PipelineError> {
        let mut shared = ByName::new();
        for (name, component) in &self.components {
            if let Some(network) = component.checked_network(name, docs)?
                && component.shares_vectors()
            {
                shared.insert(name, UpstreamVectors::Computed(network.share(docs, &mut Mode::Predict)));
            }
        }
        Ok(shared)
    }

    fn of<'a>(&'a self, name: &str, shared: &'a ByName<'a, UpstreamVectors<'a>>) -> Option<TutorOf<'a>> {
        let component = &**self.components.get(name)?;
        let upstream = component.listener().and_then(|listener| shared.find(&listener.upstream));
        Some(TutorOf { component, upstream: upstream.map(|(_, vectors)| vectors) })
    }
}

/// Copies the weights of a network into another of the same kind and size.
pub(crate) fn copy_weights(from: Vec<&mut dyn Parameter>, to: Vec<&mut dyn Parameter>) {
    for (from, to) in from.into_iter().zip(to) {
        let array = from.array();
        to.change(&mut |weights| weights.copy_from_slice(array.data()));
    }
}
