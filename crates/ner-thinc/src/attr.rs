use rmpv::Value;

/// How deep an attribute may be nested: what Thinc writes are numbers, texts and short lists.
const MAX_DEPTH: usize = 32;

/// An attribute of a layer, packed: a MessagePack value that the file wraps once more, as bytes.
///
/// It stays packed, so that what cannot be decoded is kept and what was not changed is written as it was.
#[derive(Clone, Debug, PartialEq)]
pub struct Attr {
    packed: Vec<u8>,
}

impl Attr {
    /// The attribute with this value.
    pub fn new(value: impl Into<Value>) -> Attr {
        let mut packed = Vec::new();
        rmpv::encode::write_value(&mut packed, &value.into()).expect("a vector takes every byte");
        Attr { packed }
    }

    /// The attribute that is packed in these bytes, whatever they are.
    pub fn from_packed(packed: Vec<u8>) -> Attr {
        Attr { packed }
    }

    /// The bytes as they stand in the file.
    pub fn packed(&self) -> &[u8] {
        &self.packed
    }

    /// The value; `None` if the bytes are not exactly one MessagePack value.
    pub fn value(&self) -> Option<Value> {
        let mut rest = self.packed.as_slice();
        // The decoder recurses: without a limit, a file of nothing but nested lists would overflow the stack.
        let value = rmpv::decode::read_value_with_max_depth(&mut rest, MAX_DEPTH).ok()?;
        rest.is_empty().then_some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packs_as_thinc_does() {
        assert_eq!(Attr::new(4).packed(), [4]);
        assert_eq!(Attr::new(true).packed(), [0xc3]);
        assert_eq!(Attr::new(0.0).packed(), [0xcb, 0, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(Attr::new(4).value(), Some(Value::from(4)));
    }

    #[test]
    fn keeps_what_it_cannot_decode() {
        for packed in [vec![], vec![1, 2], vec![0x91; 100_000], vec![0xdd, 255, 255, 255, 255]] {
            let attr = Attr::from_packed(packed.clone());
            assert_eq!(attr.value(), None);
            assert_eq!(attr.packed(), packed);
        }
    }
}
