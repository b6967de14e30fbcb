use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use ner_thinc::Array;
use serde_json::Value;

use super::safetensors::{Place, Safetensors};
use super::{base_name, check_weights, pytorch};
use crate::json::read_json;
use crate::{EncoderConfig, HubError};

/// The files of an encoder's weights, in one of the formats that Hugging Face's library writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Checkpoint {
    /// The file, or the index of several.
    path: PathBuf,
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Safetensors,
    PyTorch,
}

/// In the order of preference, which is that of transformers.
const FILES: [(&str, Format); 4] = [
    ("model.safetensors", Format::Safetensors),
    ("model.safetensors.index.json", Format::Safetensors),
    ("pytorch_model.bin", Format::PyTorch),
    ("pytorch_model.bin.index.json", Format::PyTorch),
];

impl Checkpoint {
    /// The checkpoint in a folder.
    pub(crate) fn find(folder: &Path) -> Result<Checkpoint, HubError> {
        let files = FILES.iter().map(|&(name, format)| Checkpoint { path: folder.join(name), format });
        files.into_iter().find(|file| file.path.is_file()).ok_or_else(|| {
            let others = ["tf_model.h5", "flax_model.msgpack", "model.onnx", "model.ckpt.index"];
            let others = others.into_iter().filter(|name| folder.join(name).exists()).collect::<Vec<_>>();
            let found = if others.is_empty() { "no weights".to_owned() } else { others.join(", ") };
            HubError::Incomplete {
                folder: folder.to_owned(),
                found,
                expected: "model.safetensors or pytorch_model.bin".to_owned(),
                mend: "put one of them there; weights of TensorFlow, Flax or ONNX are not read".to_owned(),
            }
        })
    }

    /// A single file, whose name says its format, or an index.
    pub(crate) fn at(path: &Path) -> Checkpoint {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let is_safe = name.ends_with(".safetensors") || name.ends_with(".safetensors.index.json");
        let format = if is_safe { Format::Safetensors } else { Format::PyTorch };
        Checkpoint { path: path.to_owned(), format }
    }

    /// The file, or the index of several.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The weights under the names of the base model. They are checked before they are read, where the format allows it.
    pub(crate) fn read(&self, config: &EncoderConfig) -> Result<IndexMap<String, Array>, HubError> {
        let files = self.files()?;
        match self.format {
            Format::Safetensors => read_safetensors(&files, config),
            Format::PyTorch => read_pytorch(&files, config),
        }
    }

    /// The files that hold numbers; several if there is an index.
    fn files(&self) -> Result<Vec<PathBuf>, HubError> {
        if self.path.extension().is_none_or(|extension| extension != "json") {
            return Ok(vec![self.path.clone()]);
        }
        let index = read_json(&self.path)?;
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let files = shards(&index)?.into_iter().map(|name| match folder.join(&name) {
            path if path.is_file() => Ok(path),
            _ => Err(HubError::content(
                format!("no file {name:?} beside it"),
                "all files that the index names",
                "the encoder is incomplete; get the missing file as well",
            )),
        });
        files.collect()
    }
}

/// The files that an index names, each once.
pub(crate) fn shards(index: &Value) -> Result<Vec<String>, HubError> {
    let wrong = |found: String| {
        let mend = "the index is damaged; get it again from where the encoder came from";
        HubError::content(found, "an index of files beside it", mend)
    };
    let map = index.get("weight_map").and_then(Value::as_object);
    let map = map.ok_or_else(|| wrong("no weight_map".to_owned()))?;
    let mut names = Vec::new();
    let mut seen = HashSet::new();
    for name in map.values() {
        // The index may come from a stranger: it names files beside it, and no others.
        let plain = name.as_str().filter(|name| {
            !name.contains(['\\', ':']) && Path::new(name).file_name().is_some_and(|file| file == *name)
        });
        let plain = plain.ok_or_else(|| wrong(format!("the file {name}")))?;
        if seen.insert(plain) {
            names.push(plain.to_owned());
        }
    }
    Ok(names)
}

fn read_safetensors(files: &[PathBuf], config: &EncoderConfig) -> Result<IndexMap<String, Array>, HubError> {
    let mut opened = Vec::new();
    let mut places: HashMap<String, (usize, String, Place)> = HashMap::new();
    for (index, path) in files.iter().enumerate() {
        let file = Safetensors::open(path).map_err(|error| error.in_file(path))?;
        for (name, place) in &file.tensors {
            places.insert(base_name(name), (index, name.clone(), place.clone()));
        }
        opened.push(file);
    }
    let shapes = places.iter().map(|(name, (_, _, place))| (name.clone(), place.shape.clone())).collect();
    let weights = check_weights(config, &shapes)?.into_iter().map(|weight| {
        let (index, name, place) = &places[&weight.name];
        let array = opened[*index].read(name, place, &files[*index]);
        let array = array.and_then(|array| finite(array, &weight.name));
        Ok((weight.name, array.map_err(|error| error.in_file(&files[*index]))?))
    });
    weights.collect()
}

fn read_pytorch(files: &[PathBuf], config: &EncoderConfig) -> Result<IndexMap<String, Array>, HubError> {
    let mut arrays = HashMap::new();
    for path in files {
        let file = pytorch::read(path).map_err(|error| error.in_file(path))?;
        arrays.extend(file.into_iter().map(|(name, array)| (base_name(&name), array)));
    }
    let shapes = arrays.iter().map(|(name, array)| (name.clone(), array.shape().to_vec())).collect();
    let weights = check_weights(config, &shapes)?.into_iter().map(|weight| {
        let array = arrays.remove(&weight.name).expect("it was found");
        finite(array, &weight.name).map(|array| (weight.name, array))
    });
    weights.collect()
}

fn finite(array: Array, name: &str) -> Result<Array, HubError> {
    Ok(array.check_finite(name).map(|()| array)?)
}
