use std::io;
use std::path::{Path, PathBuf};

/// Why a file, a directory or an archive could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The operating system refused to read or write.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or the folder.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The file was cloned and not downloaded.
    #[error(
        "{}: this is a pointer of Git LFS, not the file itself: run `git lfs pull`, or download the file",
        path.display()
    )]
    LfsPointer {
        /// The file.
        path: PathBuf,
    },
    /// A directory was moved aside for a new one, which could not take its place, and it could not be moved back.
    #[error("{}: {source}; the directory is now {}, move it back", path.display(), old.display())]
    Displaced {
        /// Where the directory was.
        path: PathBuf,
        /// Where it is.
        old: PathBuf,
        /// Why the new one could not take its place.
        source: io::Error,
    },
    /// A directory is in use.
    #[error("{}: another process writes into this directory; wait for its end, or give another one", path.display())]
    Locked {
        /// The directory.
        path: PathBuf,
    },
    /// The bytes are not those of an archive.
    #[error("{}: expected an archive (.whl, .zip or .tar.gz)", path.display())]
    NoArchive {
        /// The file.
        path: PathBuf,
    },
    /// An archive is damaged or holds something that is not unpacked.
    #[error("{}: {problem}", path.display())]
    Archive {
        /// The archive.
        path: PathBuf,
        /// What is wrong with it.
        problem: ArchiveProblem,
    },
}

impl FileError {
    /// Wraps the operating system's errors about `path`.
    pub fn io(path: &Path) -> impl Fn(io::Error) -> FileError {
        move |source| FileError::Io { path: path.to_owned(), source }
    }
}

/// What is wrong with an archive. Names are those of files inside, with control characters escaped.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveProblem {
    /// The archive's own structure or a checksum is broken.
    #[error("the archive is damaged: {0}")]
    Damaged(io::Error),
    /// A file ends before the length that the archive gives for it.
    #[error("the archive is damaged: {0} is cut short")]
    CutShort(String),
    /// Two files have one name.
    #[error("the archive holds {0} twice")]
    Twice(String),
    /// A name in another encoding.
    #[error("the name of a file in the archive is not UTF-8")]
    Name,
    /// A path that is absolute, leads upwards, or means another place on another system.
    #[error("{0} in the archive is no path within it")]
    Outside(String),
    /// A link or a device.
    #[error("{0} in the archive is a link or a device; expected files and folders alone")]
    Link(String),
    /// The bound on unpacked bytes is exceeded.
    #[error("{0} in the archive makes it unpack to far more than an archive of its size can hold")]
    TooLarge(String),
}
