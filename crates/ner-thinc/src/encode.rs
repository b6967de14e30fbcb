use bytes::Bytes;
use indexmap::IndexMap;
use rmp::encode::{self, ValueWriteError};

use crate::{Array, ModelFile, Node};

const TAKES_ALL: &str = "a vector takes every byte";

type Written = Result<(), ValueWriteError>;

impl ModelFile {
    /// The bytes of the `model` file, as spaCy itself writes them.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.to_chunks().concat()
    }

    /// The same bytes in order, in pieces: states of wrapped networks are not copied.
    pub fn to_chunks(&self) -> Vec<Bytes> {
        let mut out = Vec::with_capacity(self.n_bytes_estimate());
        write_layers(&mut out, &self.nodes).expect(TAKES_ALL);
        let mut chunks = Vec::new();
        for node in &self.nodes {
            write_len(&mut out, node.shims.len(), encode::write_array_len).expect(TAKES_ALL);
            for shim in &node.shims {
                write_len(&mut out, shim.len(), encode::write_bin_len).expect(TAKES_ALL);
                chunks.extend([std::mem::take(&mut out).into(), shim.clone()]);
            }
        }
        chunks.push(out.into());
        chunks
    }

    fn n_bytes_estimate(&self) -> usize {
        // Rather too much than too little: a vector that has to grow at the end copies all weights once more.
        // Keys and shape of an array fit in 64 bytes, the rest of a layer in 1024.
        let weights = self.nodes.iter().flat_map(|node| node.params.values().flatten());
        let n_weight_bytes: usize = weights.map(|array| 4 * array.data().len() + 64).sum();
        let attrs = self.nodes.iter().flat_map(|node| node.attrs.values());
        let n_attr_bytes: usize = attrs.map(|attr| attr.packed().len()).sum();
        n_weight_bytes + n_attr_bytes + 1024 * self.nodes.len()
    }
}

/// All but the states of wrapped networks, which come last.
fn write_layers(out: &mut Vec<u8>, nodes: &[Node]) -> Written {
    encode::write_map_len(out, 4)?;
    // In Thinc's order: any would be read, but a model that is only read and written must not change a byte.
    write_section(out, "nodes", nodes, write_node)?;
    write_section(out, "attrs", nodes, |out, _, node| {
        write_map(out, &node.attrs, |out, attr| encode::write_bin(out, attr.packed()))
    })?;
    write_section(out, "params", nodes, |out, _, node| {
        write_map(out, &node.params, |out, param| match param {
            Some(array) => write_array(out, array),
            None => encode::write_nil(out).map_err(ValueWriteError::InvalidMarkerWrite),
        })
    })?;
    write_section(out, "shims", nodes, |_, _, _| Ok(()))
}

fn write_section(
    out: &mut Vec<u8>,
    name: &str,
    nodes: &[Node],
    mut write: impl FnMut(&mut Vec<u8>, usize, &Node) -> Written,
) -> Written {
    encode::write_str(out, name)?;
    write_len(out, nodes.len(), encode::write_array_len)?;
    nodes.iter().enumerate().try_for_each(|(index, node)| write(out, index, node))
}

fn write_node(out: &mut Vec<u8>, index: usize, node: &Node) -> Written {
    encode::write_map_len(out, 4)?;
    encode::write_str(out, "index")?;
    write_count(out, index)?;
    encode::write_str(out, "name")?;
    encode::write_str(out, &node.name)?;
    encode::write_str(out, "dims")?;
    write_map(out, &node.dims, |out, size| write_optional_count(out, *size))?;
    encode::write_str(out, "refs")?;
    write_map(out, &node.refs, |out, index| write_optional_count(out, *index))
}

fn write_map<T>(
    out: &mut Vec<u8>,
    map: &IndexMap<String, T>,
    mut write_value: impl FnMut(&mut Vec<u8>, &T) -> Written,
) -> Written {
    write_len(out, map.len(), encode::write_map_len)?;
    for (key, value) in map {
        encode::write_str(out, key)?;
        write_value(out, value)?;
    }
    Ok(())
}

/// Packs an array as msgpack-numpy does: its keys are bytes, not text.
fn write_array(out: &mut Vec<u8>, array: &Array) -> Written {
    encode::write_map_len(out, 5)?;
    encode::write_bin(out, b"nd")?;
    encode::write_bool(out, true).map_err(ValueWriteError::InvalidMarkerWrite)?;
    encode::write_bin(out, b"type")?;
    // The one text of an array, since NumPy names a type by a str (srsly/msgpack/_msgpack_numpy.py).
    encode::write_str(out, "<f4")?;
    encode::write_bin(out, b"kind")?;
    encode::write_bin(out, b"")?;
    encode::write_bin(out, b"shape")?;
    write_len(out, array.shape().len(), encode::write_array_len)?;
    array.shape().iter().try_for_each(|&axis| write_count(out, axis))?;
    encode::write_bin(out, b"data")?;
    write_data(out, array.data())
}

fn write_data(out: &mut Vec<u8>, data: &[f32]) -> Written {
    write_len(out, 4 * data.len(), encode::write_bin_len)?;
    // Resized first and filled in place: appending number by number would check the capacity at each one.
    let start = out.len();
    out.resize(start + 4 * data.len(), 0);
    for (bytes, number) in out[start..].as_chunks_mut::<4>().0.iter_mut().zip(data) {
        *bytes = number.to_le_bytes();
    }
    Ok(())
}

fn write_optional_count(out: &mut Vec<u8>, count: Option<usize>) -> Written {
    match count {
        Some(count) => write_count(out, count),
        None => encode::write_nil(out).map_err(ValueWriteError::InvalidMarkerWrite),
    }
}

fn write_count(out: &mut Vec<u8>, count: usize) -> Written {
    // The shortest form that holds the number, as Python's packer chooses it.
    encode::write_uint(out, count as u64).map(drop)
}

fn write_len<T>(
    out: &mut Vec<u8>,
    len: usize,
    write: fn(&mut Vec<u8>, u32) -> Result<T, ValueWriteError>,
) -> Written {
    let len = u32::try_from(len).expect("MessagePack has no list longer than four thousand million");
    write(out, len).map(drop)
}
