use std::io::{self, ErrorKind, Read};

use rmp::Marker;
use rmp::decode::read_marker;

/// Reads past one MessagePack value, whatever it holds, without taking memory for it.
pub fn skip_msgpack(reader: &mut impl Read) -> io::Result<()> {
    // A count instead of recursion: nesting takes no stack, however deep a file says it is.
    let mut n_pending = 1u64;
    while n_pending > 0 {
        let marker = read_marker(reader).map_err(|error| error.0)?;
        n_pending = n_pending - 1 + n_elements(marker, reader)?;
        let n_bytes = n_bytes(marker, reader)?;
        if io::copy(&mut reader.take(n_bytes), &mut io::sink())? < n_bytes {
            return Err(ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(())
}

/// The values that follow as parts of this one.
fn n_elements(marker: Marker, reader: &mut impl Read) -> io::Result<u64> {
    Ok(match marker {
        Marker::FixArray(length) => length.into(),
        Marker::Array16 => big_endian::<2>(reader)?,
        Marker::Array32 => big_endian::<4>(reader)?,
        Marker::FixMap(length) => 2 * u64::from(length),
        Marker::Map16 => 2 * big_endian::<2>(reader)?,
        Marker::Map32 => 2 * big_endian::<4>(reader)?,
        _ => 0,
    })
}

/// The bytes that follow as the content of this value; those of extensions have a type before them.
fn n_bytes(marker: Marker, reader: &mut impl Read) -> io::Result<u64> {
    Ok(match marker {
        Marker::FixStr(length) => length.into(),
        Marker::Str8 | Marker::Bin8 => big_endian::<1>(reader)?,
        Marker::Str16 | Marker::Bin16 => big_endian::<2>(reader)?,
        Marker::Str32 | Marker::Bin32 => big_endian::<4>(reader)?,
        Marker::Ext8 => big_endian::<1>(reader)? + 1,
        Marker::Ext16 => big_endian::<2>(reader)? + 1,
        Marker::Ext32 => big_endian::<4>(reader)? + 1,
        Marker::U8 | Marker::I8 => 1,
        Marker::U16 | Marker::I16 | Marker::FixExt1 => 2,
        Marker::FixExt2 => 3,
        Marker::U32 | Marker::I32 | Marker::F32 => 4,
        Marker::FixExt4 => 5,
        Marker::U64 | Marker::I64 | Marker::F64 => 8,
        Marker::FixExt8 => 9,
        Marker::FixExt16 => 17,
        Marker::Reserved => return Err(ErrorKind::InvalidData.into()),
        _ => 0,
    })
}

fn big_endian<const N: usize>(reader: &mut impl Read) -> io::Result<u64> {
    let mut bytes = [0; N];
    reader.read_exact(&mut bytes)?;
    Ok(bytes.iter().fold(0, |number, &byte| number << 8 | u64::from(byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: &[u8]) {
        let bytes = [value, &[7]].concat();
        let mut rest = bytes.as_slice();
        skip_msgpack(&mut rest).unwrap();
        assert_eq!(rest, [7]);
        for end in 0..value.len().min(100) {
            assert!(skip_msgpack(&mut &value[..end]).is_err(), "cut at {end}");
        }
    }

    #[test]
    fn one_value_of_any_kind_is_skipped() {
        for value in
            [&[0xc0][..], &[0xcd, 1, 2], &[0xa2, b'a', b'b'], &[0xc4, 1, 0], &[0xd4, 5, 6], &[0xc7, 1, 5, 6]]
        {
            check(value);
        }
        check(&[0x82, 0xa1, b'a', 0x91, 1, 0xa1, b'b', 0x80]);
        check(&[0xdc, 0, 2, 0x90, 0xc3]);
    }

    #[test]
    fn depth_takes_no_stack_and_length_no_memory() {
        check(&[vec![0x91; 1_000_000], vec![0]].concat());
        assert!(skip_msgpack(&mut &[0xc6, 255, 255, 255, 255, 0][..]).is_err());
        assert!(skip_msgpack(&mut &[0xc1][..]).is_err());
    }
}
