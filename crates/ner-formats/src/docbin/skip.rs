use std::io::{self, ErrorKind, Read};

use rmp::Marker;
use rmp::decode::read_marker;

/// Reads past one MessagePack value, whatever it holds, without taking memory for it.
pub(super) fn skip_value(reader: &mut impl Read) -> io::Result<()> {
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
