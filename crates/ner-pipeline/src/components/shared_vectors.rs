use std::collections::HashSet;

use ner_doc::Doc;
use ner_layers::Mode;

use super::{ByName, Component, Components, UpstreamVectors};
use crate::recognizer::TOKENS_PER_PIECE;
use crate::{EntityScore, PipelineError};

/// What the components of a pipeline share of the documents that they run on, in the order in which they run.
#[derive(Clone)]
pub(crate) struct SharedVectors<'a> {
    /// The components that others listen to.
    heard: HashSet<&'a str>,
    by_name: ByName<'a, UpstreamVectors<'a>>,
}

impl<'a> SharedVectors<'a> {
    /// Nothing yet.
    pub(crate) fn new(components: &'a Components) -> SharedVectors<'a> {
        SharedVectors { heard: components.heard(), by_name: ByName::new() }
    }

    /// Runs components on documents, which hold at least one token in all. Returns the entities that each beam considered in
    /// each document.
    ///
    /// # Errors
    /// If a network cannot run on one of the documents.
    pub(crate) fn run(
        &mut self,
        components: impl IntoIterator<Item = (&'a str, &'a dyn Component)>,
        docs: &mut [&mut Doc],
    ) -> Result<Vec<Vec<EntityScore>>, PipelineError> {
        let mut scores = Vec::new();
        for (name, component) in components {
            if self.add(name, component, &docs.iter().map(|doc| &**doc).collect::<Vec<_>>())? {
                scores.extend(component.predict(docs, self.upstream_of(component)));
            }
        }
        Ok(scores)
    }

    /// Computes what a component shares, after those before it. Returns whether the component is to run on the documents:
    /// vectors that nobody takes, such as those of a pipeline whose tagger is skipped, are not computed.
    ///
    /// # Errors
    /// If its network cannot run on one of the documents.
    pub(crate) fn add(
        &mut self,
        name: &'a str,
        component: &'a dyn Component,
        docs: &[&Doc],
    ) -> Result<bool, PipelineError> {
        if component.shares_vectors() && !self.heard.contains(name) {
            return Ok(false);
        }
        let is_long = matches!(docs, [doc] if doc.len() > TOKENS_PER_PIECE);
        if let Some(network) = component.checked_network(name, docs)?
            && component.shares_vectors()
        {
            let vectors = match is_long && network.is_local() {
                true => UpstreamVectors::Network(network),
                false => UpstreamVectors::Computed(network.share(docs, &mut Mode::Predict)),
            };
            self.by_name.insert(name, vectors);
        }
        Ok(true)
    }

    /// What the component takes, if it is a listener.
    pub(crate) fn upstream_of(&self, component: &dyn Component) -> Option<&UpstreamVectors<'a>> {
        let listener = component.listener()?;
        self.by_name.find(&listener.upstream).map(|(_, vectors)| vectors)
    }
}
