use std::collections::BTreeMap;

use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

/// Arrays as a safetensors file: of 32-bit floats, little-endian on any machine.
pub(super) fn tensors(arrays: &BTreeMap<String, Vec<f32>>) -> Vec<u8> {
    let bytes: Vec<Vec<u8>> = arrays.values().map(|array| little_endian(array)).collect();
    let views = arrays.iter().zip(&bytes).map(|((name, array), bytes)| {
        let view = TensorView::new(Dtype::F32, vec![array.len()], bytes);
        (name, view.expect("four bytes a number"))
    });
    safetensors::serialize(views, None).expect("the names are different")
}

fn little_endian(array: &[f32]) -> Vec<u8> {
    array.iter().flat_map(|number| number.to_le_bytes()).collect()
}

/// The arrays of a safetensors file.
pub(super) fn arrays(bytes: &[u8]) -> Result<BTreeMap<String, Vec<f32>>, String> {
    let tensors = SafeTensors::deserialize(bytes).map_err(|error| error.to_string())?;
    let arrays = tensors.iter().map(|(name, view)| {
        if view.dtype() != Dtype::F32 {
            return Err(format!("{name}: found numbers of the type {:?}, expected F32", view.dtype()));
        }
        let (chunks, _) = view.data().as_chunks::<4>();
        Ok((name.to_owned(), chunks.iter().map(|chunk| f32::from_le_bytes(*chunk)).collect()))
    });
    arrays.collect()
}
