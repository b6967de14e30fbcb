use bytes::Bytes;
use indexmap::IndexMap;

use crate::array::n_elements;
use crate::msgpack::Reader;
use crate::{Array, Attr, ModelFile, Node, ThincError};

impl ModelFile {
    /// Reads a `model` file. Weights are taken over as blocks, so that reading costs little more than a copy; states of
    /// wrapped networks stay where they are.
    pub fn from_bytes(bytes: &Bytes) -> Result<ModelFile, ThincError> {
        let mut reader = Reader::new(bytes);
        let mut model = ModelFile::default();
        let n_sections = reader.map_len()?;
        // Any order will do, except that nodes come first: they say how many entries the others have.
        let mut sections_left = vec!["nodes", "attrs", "params", "shims"];
        for _ in 0..n_sections {
            let section = reader.text()?;
            let place = sections_left.iter().position(|&left| left == section);
            let place =
                place.ok_or_else(|| reader.malformed(sections_left.join(" or "), section.to_owned()))?;
            if sections_left.remove(place) == "nodes" {
                model.nodes = read_nodes(&mut reader)?;
            } else {
                read_section(&mut reader, section, &mut model.nodes, bytes)?;
            }
        }
        if !sections_left.is_empty() {
            return Err(reader.malformed(sections_left.join(" and "), "the end of the model".to_owned()));
        }
        reader.end()?;
        model.check_references()?;
        Ok(model)
    }
}

fn read_nodes(reader: &mut Reader<'_>) -> Result<Vec<Node>, ThincError> {
    let n_nodes = reader.array_len()?;
    let mut nodes = Vec::new();
    for index in 0..n_nodes {
        nodes.push(read_node(reader, index).map_err(|error| error.in_node(index, "name not read"))?);
    }
    Ok(nodes)
}

fn read_node(reader: &mut Reader<'_>, expected_index: usize) -> Result<Node, ThincError> {
    let mut node = Node::new("");
    for _ in 0..reader.map_len()? {
        match reader.text()? {
            // spaCy: Thinc goes by position and never reads the index (thinc/model.py). One that disagrees
            // is a sign of damage, and the weights would go to the wrong layer.
            "index" => match reader.count()? {
                index if index == expected_index => {}
                index => return Err(reader.malformed(format!("index {expected_index}"), format!("{index}"))),
            },
            "name" => node.name = reader.text()?.to_owned(),
            "dims" => node.dims = read_map(reader, |reader, _| reader.optional_count())?,
            "refs" => node.refs = read_map(reader, |reader, _| reader.optional_count())?,
            key => return Err(reader.malformed("index, name, dims or refs".to_owned(), key.to_owned())),
        }
    }
    Ok(node)
}

/// Reads `attrs`, `params` or `shims`: one entry a layer.
fn read_section(
    reader: &mut Reader<'_>,
    section: &str,
    nodes: &mut [Node],
    file: &Bytes,
) -> Result<(), ThincError> {
    let n_entries = reader.array_len()?;
    if n_entries != nodes.len() {
        let expected = format!("{section} of {} layers", nodes.len());
        return Err(reader.malformed(expected, format!("{n_entries} entries")));
    }
    for (index, node) in nodes.iter_mut().enumerate() {
        read_entry(reader, section, node, file).map_err(|error| error.in_node(index, &node.name))?;
    }
    Ok(())
}

fn read_entry(
    reader: &mut Reader<'_>,
    section: &str,
    node: &mut Node,
    file: &Bytes,
) -> Result<(), ThincError> {
    match section {
        "attrs" => {
            node.attrs = read_map(reader, |reader, _| Ok(Attr::from_packed(reader.bytes()?.to_owned())))?;
        }
        "params" => node.params = read_map(reader, read_param)?,
        _ => {
            for _ in 0..reader.array_len()? {
                node.shims.push(file.slice_ref(reader.bytes()?));
            }
        }
    }
    Ok(())
}

fn read_map<'a, T>(
    reader: &mut Reader<'a>,
    mut read_value: impl FnMut(&mut Reader<'a>, &str) -> Result<T, ThincError>,
) -> Result<IndexMap<String, T>, ThincError> {
    let mut map = IndexMap::new();
    for _ in 0..reader.map_len()? {
        let key = reader.text()?;
        map.insert(key.to_owned(), read_value(reader, key)?);
    }
    Ok(map)
}

/// Reads an array as msgpack-numpy packs it, or nil.
fn read_param(reader: &mut Reader<'_>, param: &str) -> Result<Option<Array>, ThincError> {
    if reader.take_nil() {
        return Ok(None);
    }
    let (mut shape, mut data) = (Vec::new(), None);
    for _ in 0..reader.map_len()? {
        match reader.text()? {
            "nd" => match reader.boolean()? {
                true => {}
                false => return Err(reader.malformed("an array".to_owned(), "a single number".to_owned())),
            },
            "type" => match reader.text()? {
                "<f4" => {}
                found => {
                    return Err(ThincError::ArrayType { param: param.to_owned(), found: found.to_owned() });
                }
            },
            // Empty except for arrays of records, whose type is a list and so is refused.
            "kind" => drop(reader.text()?),
            "shape" => shape = read_shape(reader)?,
            "data" => data = Some(reader.bytes()?),
            key => return Err(reader.malformed("nd, type, kind, shape or data".to_owned(), key.to_owned())),
        }
    }
    let data = data.ok_or_else(|| reader.malformed("an array's data".to_owned(), "none".to_owned()))?;
    to_array(shape, data).map(Some)
}

fn read_shape(reader: &mut Reader<'_>) -> Result<Vec<usize>, ThincError> {
    (0..reader.array_len()?).map(|_| reader.count()).collect()
}

fn to_array(shape: Vec<usize>, data: &[u8]) -> Result<Array, ThincError> {
    let (numbers, rest) = data.as_chunks::<4>();
    // Array::new would find this too, but only after the numbers have been copied.
    if !rest.is_empty() || n_elements(&shape) != Some(numbers.len()) {
        return Err(ThincError::ArraySize { shape, found: numbers.len() });
    }
    Array::new(shape, numbers.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect())
}
