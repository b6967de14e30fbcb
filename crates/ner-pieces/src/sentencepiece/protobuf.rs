//! The little of Protocol Buffers that SentencePiece's models use
//! (<https://protobuf.dev/programming-guides/encoding>).

/// The value of a field.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(super) enum Value<'a> {
    /// Numbers of variable length.
    Varint(u64),
    /// Eight bytes.
    Fixed64(u64),
    /// Texts and messages.
    Bytes(&'a [u8]),
    /// Four bytes.
    Fixed32(u32),
}

/// The fields of a message in their order: number and value. After damage nothing more comes.
#[derive(Debug)]
pub(super) struct Fields<'a> {
    /// What is left to read.
    rest: &'a [u8],
    is_damaged: bool,
}

/// What the bytes of a message are not.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct Damage {
    /// The number of bytes that follow the place.
    pub n_left: usize,
}

impl<'a> Fields<'a> {
    pub(super) fn new(message: &'a [u8]) -> Fields<'a> {
        Fields { rest: message, is_damaged: false }
    }

    fn field(&mut self) -> Option<(u64, Value<'a>)> {
        let key = self.varint()?;
        let value = match key & 7 {
            0 => Value::Varint(self.varint()?),
            1 => Value::Fixed64(u64::from_le_bytes(self.array()?)),
            2 => {
                let length = self.varint()?;
                Value::Bytes(self.bytes(usize::try_from(length).ok()?)?)
            }
            5 => Value::Fixed32(u32::from_le_bytes(self.array()?)),
            // Groups are of a time before SentencePiece.
            _ => return None,
        };
        Some((key >> 3, value))
    }

    fn varint(&mut self) -> Option<u64> {
        let mut number = 0;
        for (index, byte) in self.rest.iter().enumerate().take(10) {
            number |= u64::from(byte & 0x7f).checked_shl(7 * index as u32)?;
            if byte & 0x80 == 0 {
                self.rest = &self.rest[index + 1..];
                return Some(number);
            }
        }
        None
    }

    fn bytes(&mut self, length: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(bytes)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.bytes(N)?.try_into().ok()
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u64, Value<'a>), Damage>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() || self.is_damaged {
            return None;
        }
        let n_left = self.rest.len();
        let field = self.field();
        self.is_damaged = field.is_none();
        Some(field.ok_or(Damage { n_left }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_in_their_order() {
        let message = b"\x08\x96\x01\x12\x02hi\x1d\0\0\x80\x3f\x21\x01\0\0\0\0\0\0\0";
        let fields: Vec<_> = Fields::new(message).map(Result::unwrap).collect();
        let expected = [
            (1, Value::Varint(150)),
            (2, Value::Bytes(b"hi")),
            (3, Value::Fixed32(1f32.to_bits())),
            (4, Value::Fixed64(1)),
        ];
        assert_eq!(fields, expected);
    }

    #[test]
    fn damage_ends_a_message() {
        for message in [
            &b"\x12\x05hi"[..],
            b"\x80",
            b"\x0b\x01",
            b"\x1d\0\0",
            b"\x12\xff\xff\xff\xff\xff\xff\xff\xff\x7f",
        ] {
            let fields: Vec<_> = Fields::new(message).collect();
            assert_eq!(fields, [Err(Damage { n_left: message.len() })]);
        }
    }
}
