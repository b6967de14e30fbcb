use std::path::Path;

use ner_files::{FileError, FileMap, NewDirectory, replace_directory};
use ner_model::PYTHON_LAYERS;

use crate::{Description, PackageError, readme, sdist, sources, wheel};

/// A Python package of a pipeline: a description, and the files of the folder that it is built from.
#[derive(Debug)]
pub struct Package {
    pub(crate) description: Description,
    /// The package itself in a folder named as it, and beside it the files that say how it is built.
    pub(crate) files: FileMap,
}

/// A file that pip installs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Archive {
    /// A source archive, `.tar.gz`, of which setuptools builds a wheel.
    Sdist,
    /// A wheel, `.whl`, which is unpacked into place.
    Wheel,
}

impl Package {
    /// The package of a pipeline's files. `code` are Python modules by their file names, imported before the pipeline is
    /// loaded. The layers that spaCy lacks are added to them if the pipeline has some.
    pub fn new(description: Description, pipeline: FileMap, mut code: FileMap) -> Package {
        let (package, data) = (description.package(), description.folder());
        let mut files = FileMap::new();
        // spaCy: of a pipeline's files these three also stand beside the package (cli/package.py).
        for name in ["LICENSE", "LICENSES_SOURCES", "README.md"] {
            files.extend(pipeline.get(name).map(|bytes| (name.to_owned(), bytes.clone())));
        }
        let readme =
            files.get("README.md").cloned().unwrap_or_else(|| readme::write(&description).into_bytes());
        files.insert("README.md".to_owned(), readme.clone());
        files.insert(format!("{package}/{data}/README.md"), readme);
        files.extend(pipeline.into_iter().map(|(name, bytes)| (format!("{package}/{data}/{name}"), bytes)));
        // setup.py reads the description beside it, `__init__.py` the one in the package, and spaCy the pipeline's own.
        for folder in [String::new(), format!("{package}/"), format!("{package}/{data}/")] {
            files.insert(format!("{folder}meta.json"), description.json());
        }
        if description.needs_layers {
            let (name, text) = PYTHON_LAYERS;
            code.entry(name.to_owned()).or_insert_with(|| text.into());
        }
        let modules: Vec<&str> = code.keys().filter_map(|name| name.strip_suffix(".py")).collect();
        files.insert(format!("{package}/__init__.py"), sources::init(&modules).into_bytes());
        files.insert("setup.py".to_owned(), sources::SETUP.into());
        files.insert("MANIFEST.in".to_owned(), sources::MANIFEST.into());
        files.extend(code.into_iter().map(|(name, bytes)| (format!("{package}/{name}"), bytes)));
        Package { description, files }
    }

    /// The name of the package's folder, such as `en_people-1.2.0`.
    pub fn folder(&self) -> String {
        self.description.folder()
    }

    /// The packages that this one needs, with their versions.
    pub fn requirements(&self) -> Vec<String> {
        self.description.list("requirements")
    }

    /// Writes the package to a directory, with archives in the folder `dist`, and returns the names of those. An existing
    /// directory is replaced as a whole.
    pub fn write(&self, directory: &Path, archives: &[Archive]) -> Result<Vec<String>, PackageError> {
        replace_directory::<PackageError>(directory, |new| {
            self.files.iter().try_for_each(|(name, bytes)| new.write(name, bytes))?;
            Ok(archives.iter().try_for_each(|archive| self.write_archive(*archive, new))?)
        })?;
        Ok(archives.iter().map(|archive| self.name_of(*archive)).collect())
    }

    fn name_of(&self, archive: Archive) -> String {
        match archive {
            Archive::Sdist => sdist::name(self),
            Archive::Wheel => wheel::name(self),
        }
    }

    /// Writes an archive into the folder `dist`, the same bytes each time. It never is in memory as a whole: with a pretrained
    /// encoder it has some hundred megabytes.
    fn write_archive(&self, archive: Archive, new: &mut NewDirectory) -> Result<(), FileError> {
        new.write_with(&format!("dist/{}", self.name_of(archive)), |file| match archive {
            Archive::Sdist => sdist::write(self, file),
            Archive::Wheel => wheel::write(self, file),
        })
    }

    /// The README, for the description in an archive.
    pub(crate) fn readme(&self) -> &[u8] {
        self.files.get("README.md").map(Vec::as_slice).unwrap_or_default()
    }
}
