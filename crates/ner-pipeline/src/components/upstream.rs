use indexmap::IndexMap;

/// Something of each component that shares its vectors, by the component's name, in the order of the pipeline.
#[derive(Clone, Debug)]
pub(crate) struct ByName<'a, T>(IndexMap<&'a str, T>);

impl<'a, T> ByName<'a, T> {
    pub(crate) fn new() -> ByName<'a, T> {
        ByName(IndexMap::new())
    }

    pub(crate) fn insert(&mut self, name: &'a str, value: T) {
        self.0.insert(name, value);
    }

    /// The component that a listener with this `upstream` means, with what is known of it: the one with that name, or for
    /// `*` the nearest before the listener, which is the last one inserted so far.
    pub(crate) fn find(&self, upstream: &str) -> Option<(&'a str, &T)> {
        let found = if upstream == "*" { self.0.last() } else { self.0.get_key_value(upstream) };
        found.map(|(name, value)| (*name, value))
    }

    /// The same, to be changed.
    pub(crate) fn find_mut(&mut self, upstream: &str) -> Option<&mut T> {
        let name = self.find(upstream)?.0;
        self.0.get_mut(name)
    }
}

impl<'a, T> IntoIterator for ByName<'a, T> {
    type Item = (&'a str, T);
    type IntoIter = indexmap::map::IntoIter<&'a str, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
