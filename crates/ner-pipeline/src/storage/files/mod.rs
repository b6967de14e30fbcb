//! The files of a pipeline, wherever they come from.

mod packages;
mod walk;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufReader, Cursor, Read, Seek};
use std::path::{Path, PathBuf};

use ner_files::{Bound, FileError, FileMap, is_lfs_pointer};

use self::walk::CONFIG;
use crate::PipelineError;

/// How far a packed pipeline may unpack: weights hardly shrink, whereas zeros can be packed to a thousandth.
const BOUND: Bound = Bound { free: 256 << 20, ratio: 16 };

/// The files of a pipeline: of a directory, of a Python package as a folder, wheel or source archive, or in memory.
#[derive(Debug)]
pub struct PipelineFiles {
    /// Where they come from, for messages.
    place: PathBuf,
    files: BTreeMap<String, Content>,
}

/// A file that nobody has taken yet.
#[derive(Debug)]
enum Content {
    OnDisk,
    InMemory(Vec<u8>),
}

impl PipelineFiles {
    /// The files of the pipeline at `path`: a directory, the folder of an installed Python package, or an archive of
    /// one (`.whl`, `.zip`, `.tar.gz`). [`PipelineFiles::find`] finds packages by their names.
    ///
    /// # Errors
    /// If there is no pipeline or more than one, or if an archive is damaged, unpacks to something absurd, or holds
    /// links or paths that lead out of it.
    pub fn open(path: &Path) -> Result<PipelineFiles, PipelineError> {
        if fs::metadata(path).map_err(FileError::io(path))?.is_dir() {
            let place = walk::pipeline_in(path)?;
            let names = walk::names_below(&place)?;
            let files = names.into_iter().map(|name| (name, Content::OnDisk)).collect();
            return Ok(PipelineFiles { place, files });
        }
        let file = File::open(path).map_err(FileError::io(path))?;
        PipelineFiles::in_memory(path, unpack(BufReader::new(file), path)?)
    }

    /// The place of the pipeline that a config or a user calls `name`: a path, or else the name of a Python package that
    /// lies in one of `folders`.
    ///
    /// # Errors
    /// If there is neither.
    pub fn find(name: &Path, folders: &[PathBuf]) -> Result<PathBuf, PipelineError> {
        packages::find(name, folders)
    }

    /// The files of a pipeline in the bytes of an archive, as [`PipelineFiles::open`] reads it. `name` is for messages.
    pub fn from_archive(name: &Path, bytes: &[u8]) -> Result<PipelineFiles, PipelineError> {
        PipelineFiles::in_memory(name, unpack(Cursor::new(bytes), name)?)
    }

    /// The files of a pipeline out of `files`, which may hold it in a folder. `name` is for messages.
    pub fn in_memory(name: &Path, files: FileMap) -> Result<PipelineFiles, PipelineError> {
        let root = root(name, files.keys())?;
        let files = files
            .into_iter()
            .filter_map(|(path, bytes)| {
                Some((path.strip_prefix(&root)?.to_owned(), Content::InMemory(bytes)))
            })
            .collect();
        Ok(PipelineFiles { place: name.join(root), files })
    }

    /// Files that are no whole pipeline, such as those of one component.
    pub(crate) fn of_map(files: FileMap) -> PipelineFiles {
        let files = files.into_iter().map(|(path, bytes)| (path, Content::InMemory(bytes))).collect();
        PipelineFiles { place: PathBuf::new(), files }
    }

    /// All files, by their paths within the pipeline.
    pub fn into_map(mut self) -> Result<FileMap, PipelineError> {
        self.take_all(|_| true)
    }

    /// Where a file of the pipeline is, for messages.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.place.join(name)
    }

    /// The paths of all files that nobody has taken.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// The size of all files in bytes.
    pub fn n_bytes(&self) -> Result<u64, PipelineError> {
        let size = |(name, content): (&String, &Content)| match content {
            Content::InMemory(bytes) => Ok(bytes.len() as u64),
            Content::OnDisk => {
                let path = self.path(name);
                let metadata = fs::metadata(&path).map_err(FileError::io(&path))?;
                Ok(metadata.len())
            }
        };
        self.files.iter().map(size).sum()
    }

    /// The content of a file. It does not count as taken.
    pub(crate) fn read(&self, name: &str) -> Result<Vec<u8>, PipelineError> {
        let path = self.path(name);
        match self.files.get(name) {
            Some(Content::InMemory(bytes)) => checked(&path, bytes.clone()),
            Some(Content::OnDisk) => Ok(ner_files::read(&path)?),
            None => Err(missing(path)),
        }
    }

    /// The content of a file, if it is there. It does not count as taken.
    pub(crate) fn read_if_there(&self, name: &str) -> Result<Option<Vec<u8>>, PipelineError> {
        self.files.contains_key(name).then(|| self.read(name)).transpose()
    }

    /// Takes out a file.
    pub(crate) fn take(&mut self, name: &str) -> Result<Vec<u8>, PipelineError> {
        self.take_unread(name)?.read()
    }

    /// Takes out a file, to be read later.
    pub(crate) fn take_unread(&mut self, name: &str) -> Result<UnreadFile, PipelineError> {
        let path = self.path(name);
        match self.files.remove(name) {
            Some(content) => Ok(UnreadFile { path, content }),
            None => Err(missing(path)),
        }
    }

    /// Takes out a file, if it is there.
    pub(crate) fn take_if_there(&mut self, name: &str) -> Result<Option<Vec<u8>>, PipelineError> {
        self.files.contains_key(name).then(|| self.take(name)).transpose()
    }

    /// Takes out what belongs to a component, unread.
    pub(crate) fn forget_component(&mut self, component: &str) {
        let (folder, file) = (format!("{component}/"), format!("{component}.json"));
        self.files.retain(|name, _| !name.starts_with(&folder) && *name != file);
    }

    /// Takes out all files that `is_meant` holds for.
    pub(crate) fn take_all(&mut self, is_meant: impl Fn(&str) -> bool) -> Result<FileMap, PipelineError> {
        let names: Vec<String> = self.files.keys().filter(|name| is_meant(name)).cloned().collect();
        names.into_iter().map(|name| self.take(&name).map(|bytes| (name, bytes))).collect()
    }
}

/// A file that was taken out.
#[derive(Debug)]
pub(crate) struct UnreadFile {
    /// Where it is, for messages.
    pub(crate) path: PathBuf,
    content: Content,
}

impl UnreadFile {
    /// The content.
    pub(crate) fn read(self) -> Result<Vec<u8>, PipelineError> {
        match self.content {
            Content::InMemory(bytes) => checked(&self.path, bytes),
            Content::OnDisk => Ok(ner_files::read(&self.path)?),
        }
    }
}

/// Fails for a pointer of Git LFS, as [`ner_files::read`] does for a file on disk.
fn checked(path: &Path, bytes: Vec<u8>) -> Result<Vec<u8>, PipelineError> {
    match is_lfs_pointer(&bytes) {
        true => Err(FileError::LfsPointer { path: path.to_owned() }.into()),
        false => Ok(bytes),
    }
}

fn missing(path: PathBuf) -> PipelineError {
    let message = "the pipeline has no such file, which its config asks for".to_owned();
    PipelineError::Content { path, message }
}

/// The files of an archive; `name` is for messages.
fn unpack(archive: impl Read + Seek, name: &Path) -> Result<FileMap, PipelineError> {
    ner_files::unpack(archive, BOUND, name).map_err(|error| match error {
        FileError::NoArchive { path } => {
            let message =
                "expected the directory of a pipeline, or a Python package of one (.whl, .zip or .tar.gz)";
            PipelineError::Content { path, message: message.to_owned() }
        }
        other => other.into(),
    })
}

/// The folder that holds the pipeline: the one whose config lies highest.
fn root<'a>(place: &Path, names: impl Iterator<Item = &'a String>) -> Result<String, PipelineError> {
    let depth = |root: &&str| root.matches('/').count();
    let mut roots: Vec<&str> = names
        .filter_map(|name| name.strip_suffix(CONFIG))
        .filter(|root| root.is_empty() || root.ends_with('/'))
        .collect();
    roots.sort_by_key(depth);
    let message = match roots.as_slice() {
        [] => format!("no pipeline is inside: {CONFIG} is missing"),
        [first, second, ..] if depth(first) == depth(second) => {
            format!("several pipelines are inside, such as {first} and {second}; expected one")
        }
        [root, ..] => return Ok((*root).to_owned()),
    };
    Err(PipelineError::Content { path: place.to_owned(), message })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(names: &[&str]) -> Result<PipelineFiles, String> {
        let files = names.iter().map(|name| ((*name).to_owned(), name.as_bytes().to_vec())).collect();
        PipelineFiles::in_memory(Path::new("x.whl"), files).map_err(|error| error.to_string())
    }

    #[test]
    fn the_pipeline_is_found_wherever_it_is_inside() {
        let package = ["a/__init__.py", "a/a-1/config.cfg", "a/a-1/ner/config.cfg", "a-1.dist-info/RECORD"];
        let mut files = open(&package).unwrap();
        assert_eq!(files.path("meta.json"), Path::new("x.whl/a/a-1/meta.json"));
        assert_eq!(files.take("config.cfg").unwrap(), b"a/a-1/config.cfg");
        assert!(files.take("config.cfg").is_err());
        assert_eq!(files.take_all(|_| true).unwrap().into_keys().collect::<Vec<_>>(), ["ner/config.cfg"]);
        assert!(open(&["config.cfg", "a/config.cfg"]).is_ok());
        assert!(open(&["a/config.cfg", "b/config.cfg"]).unwrap_err().contains("a/ and b/"));
        assert_eq!(
            open(&["a/my_config.cfg"]).unwrap_err(),
            "x.whl: no pipeline is inside: config.cfg is missing"
        );
    }
}
