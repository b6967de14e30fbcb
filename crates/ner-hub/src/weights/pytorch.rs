use std::io::BufRead;
use std::path::Path;

use indexmap::IndexMap;
use ner_thinc::{Array, TorchState};

use crate::HubError;

/// Reads what `torch.save` wrote, without executing anything of it.
pub(super) fn read(path: &Path) -> Result<IndexMap<String, Array>, HubError> {
    let mut file = ner_files::open(path)?;
    let first = file.fill_buf().map_err(ner_files::FileError::io(path))?;
    if !first.starts_with(b"PK") {
        let found = match first.starts_with(&[0x80]) {
            true => "a pickle without an archive, as PyTorch wrote it before version 1.6",
            false => "something else",
        };
        return Err(HubError::content(
            found,
            "an archive as torch.save writes it",
            "use the encoder's model.safetensors, or load and save the file with a newer PyTorch: \
             torch.save(torch.load(path, weights_only=True), path)",
        ));
    }
    Ok(TorchState::read(file)?.tensors)
}
