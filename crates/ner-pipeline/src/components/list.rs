use std::collections::{BTreeSet, HashSet};
use std::ops::{Deref, DerefMut};

use indexmap::IndexMap;
use ner_model::TokenVectors;
use ner_vocab::Attribute;

use super::{ByName, Component, SkippedComponent};

/// The components of a pipeline by name, in the order in which they run.
#[derive(Debug, Default)]
pub(crate) struct Components {
    pub(crate) by_name: IndexMap<String, Box<dyn Component>>,
    /// The names of those that do not run.
    pub(crate) disabled: BTreeSet<String>,
}

impl Components {
    /// The components that run, and those that would if they were known here.
    pub(crate) fn running(&self) -> impl DoubleEndedIterator<Item = (&str, &dyn Component)> {
        let is_running = |(name, _): &(&String, _)| !self.disabled.contains(*name);
        self.by_name.iter().filter(is_running).map(|(name, component)| (name.as_str(), &**component))
    }

    /// The component whose rows the one called `name` takes, running or not; `None` if it has its own, or none.
    pub(crate) fn upstream_of(&self, name: &str) -> Option<&str> {
        let component = self.by_name.get(name)?;
        let upstream = match component.downcast_ref::<SkippedComponent>() {
            Some(skipped) => skipped.upstream()?,
            None => &component.listener()?.upstream,
        };
        let mut sharing = ByName::new();
        let before = self.by_name.iter().take_while(|(other, _)| *other != name);
        before.filter(|(_, other)| other.shares_vectors()).for_each(|(other, _)| sharing.insert(other, ()));
        sharing.find(upstream).map(|(other, ())| other)
    }

    /// Length of the rows that the component called `name` takes from another one, if that one knows it.
    pub(crate) fn width_above(&self, name: &str) -> Option<usize> {
        Some(self.by_name[self.upstream_of(name)?].token_vectors()?.width())
    }

    /// The names of the components that others take their vectors from.
    pub(crate) fn heard(&self) -> HashSet<&str> {
        // In the order of the pipeline, since `*` means the nearest component before the listener.
        let mut shared = ByName::new();
        let mut heard = HashSet::new();
        for (name, component) in self.running() {
            let upstream = component.listener().and_then(|listener| shared.find(&listener.upstream));
            heard.extend(upstream.map(|(name, ())| name));
            if component.shares_vectors() {
                shared.insert(name, ());
            }
        }
        heard
    }

    /// Removes components whose vectors no other component takes.
    pub(crate) fn remove_unheard(&mut self) {
        let heard: HashSet<String> = self.heard().into_iter().map(str::to_owned).collect();
        self.by_name.retain(|name, component| !component.shares_vectors() || heard.contains(name));
    }

    /// Warns of each component that would run if it were known here, with its effect on entities.
    pub(crate) fn warn_of_skipped(&self) {
        let running: Vec<(&str, &dyn Component)> = self.running().collect();
        let heard = self.heard();
        let is_used =
            |(name, component): &&(&str, &dyn Component)| !component.shares_vectors() || heard.contains(name);
        for (index, (name, component)) in running.iter().enumerate() {
            let Some(skipped) = component.downcast_ref::<SkippedComponent>() else { continue };
            // Entities depend on what runs before a component that finds some, or that computes vectors for one.
            let after = &running[index + 1..];
            let comes_before = after.iter().any(|(_, component)| component.finds_entities());
            let networks =
                after.iter().filter(is_used).filter_map(|(_, component)| component.token_vectors());
            let read: Vec<Attribute> = networks.flat_map(TokenVectors::attributes).collect();
            let (factory, effect) = (skipped.factory(), skipped.effect(comes_before, &read));
            tracing::warn!("The component {name:?} ({factory}) is not known here and is skipped: {effect}.");
        }
    }
}

impl Deref for Components {
    type Target = IndexMap<String, Box<dyn Component>>;

    fn deref(&self) -> &Self::Target {
        &self.by_name
    }
}

impl DerefMut for Components {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.by_name
    }
}
