use std::collections::{BTreeSet, HashSet};
use std::ops::{Deref, DerefMut};

use indexmap::IndexMap;

use crate::components::component::Component;
use crate::pipeline::find_upstream;

/// The components of a pipeline by name, in the order in which they run.
#[derive(Debug)]
pub(crate) struct Components {
    pub(crate) by_name: IndexMap<String, Component>,
    /// Those that do not run.
    pub(crate) disabled: BTreeSet<String>,
}

impl Components {
    /// The components that run, and those that would if they were known here.
    pub(crate) fn running(&self) -> impl DoubleEndedIterator<Item = (&String, &Component)> {
        self.by_name.iter().filter(|(name, _)| !self.disabled.contains(*name))
    }

    /// The components that recognisers listen to.
    pub(crate) fn heard(&self) -> HashSet<&str> {
        let mut shared: IndexMap<&str, &str> = IndexMap::new();
        let mut heard = HashSet::new();
        for (name, component) in self.running() {
            match component {
                Component::Tok2Vec(_) => {
                    shared.insert(name, name);
                }
                Component::EntityRecognizer(recognizer) => {
                    heard.extend(recognizer.upstream().and_then(|upstream| find_upstream(&shared, upstream)));
                }
                Component::Sentencizer(_) | Component::Skipped(_) => {}
            }
        }
        heard
    }

    /// Takes away token vectors that no recogniser listens to.
    pub(crate) fn leave_out_unheard(&mut self) {
        let heard: HashSet<String> = self.heard().into_iter().map(str::to_owned).collect();
        self.by_name
            .retain(|name, component| !matches!(component, Component::Tok2Vec(_)) || heard.contains(name));
    }

    /// Tells of each component that would run if it were known here, and what that may change.
    pub(crate) fn warn_of_skipped(&self) {
        let is_recognizer = |component: &Component| matches!(component, Component::EntityRecognizer(_));
        let recognizers = self.running().enumerate().filter(|(_, (_, component))| is_recognizer(component));
        let last = recognizers.map(|(index, _)| index).last();
        for (index, (name, component)) in self.running().enumerate() {
            if let Component::Skipped(skipped) = component {
                let (factory, effect) =
                    (skipped.factory(), skipped.effect(last.is_some_and(|last| index < last)));
                tracing::warn!(
                    "The component {name:?} ({factory}) is not known here and is skipped: {effect}."
                );
            }
        }
    }
}

impl Deref for Components {
    type Target = IndexMap<String, Component>;

    fn deref(&self) -> &IndexMap<String, Component> {
        &self.by_name
    }
}

impl DerefMut for Components {
    fn deref_mut(&mut self) -> &mut IndexMap<String, Component> {
        &mut self.by_name
    }
}
