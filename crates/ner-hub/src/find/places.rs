use std::path::{Path, PathBuf};

use super::{EncoderName, cache};
use crate::{EncoderFiles, HubError};

/// The places in which encoders are looked for by their names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EncoderPlaces {
    /// Folders with a folder for each encoder: `name`, `organisation/name` or `organisation--name`.
    pub folders: Vec<PathBuf>,
    /// Caches of `huggingface_hub`, which are only read.
    pub caches: Vec<PathBuf>,
}

impl EncoderPlaces {
    /// The revision that is meant if none is named.
    pub const MAIN: &str = "main";

    /// Finds an encoder: in the folder `name` if there is one, else by its name in `folders`, then in `caches`.
    ///
    /// # Errors
    /// If it is nowhere; the error lists all places.
    pub fn find(&self, name: &str, revision: &str) -> Result<EncoderFiles, HubError> {
        let folder = Path::new(name);
        if folder.is_dir() {
            return EncoderFiles::open(folder);
        }
        let Ok(encoder) = EncoderName::parse(name) else {
            let is_path = name.contains(['/', '\\']) || name.starts_with('.');
            return Err(match is_path {
                true => HubError::Nowhere { name: name.to_owned(), places: vec![folder.to_owned()] },
                false => HubError::Name { name: name.to_owned() },
            });
        };
        let folders = self.folders.iter();
        let mut places: Vec<_> =
            folders.flat_map(|place| encoder.folders().into_iter().map(|name| place.join(name))).collect();
        // A folder that somebody filled has one revision, and nothing says which.
        if revision != EncoderPlaces::MAIN {
            places.clear();
        }
        places.extend(self.caches.iter().map(|place| cache::folder(place, &encoder, revision)));
        match places.iter().find(|place| place.is_dir()) {
            Some(place) => EncoderFiles::open(place),
            None => {
                places.insert(0, folder.to_owned());
                Err(HubError::Nowhere { name: name.to_owned(), places })
            }
        }
    }
}
