use std::fmt;
use std::num::NonZeroU32;
use std::path::Path;
use std::sync::Arc;

/// A position in a file, as precise as the reader knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: Arc<Path>,
    /// The document, counted from 1.
    pub document: Option<NonZeroU32>,
    /// The line, counted from 1.
    pub line: Option<NonZeroU32>,
    /// The column in bytes, counted from 1.
    pub column: Option<NonZeroU32>,
}

impl Place {
    /// The file as a whole.
    pub fn file(file: impl Into<Arc<Path>>) -> Place {
        Place { file: file.into(), document: None, line: None, column: None }
    }

    /// A document of the file, counted from 1.
    pub fn document(self, document: usize) -> Place {
        Place { document: count(document), ..self }
    }

    /// A line of the file, counted from 1.
    pub fn line(self, line: usize) -> Place {
        Place { line: count(line), ..self }
    }

    /// A column of the line, counted from 1.
    pub fn column(self, column: usize) -> Place {
        Place { column: count(column), ..self }
    }
}

fn count(number: usize) -> Option<NonZeroU32> {
    // Kept small, since each record has one; numbers beyond 2³² are all the last one.
    NonZeroU32::new(u32::try_from(number).unwrap_or(u32::MAX))
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(column) = self.column {
            write!(f, ":{column}")?;
        }
        match self.document {
            Some(document) => write!(f, ": document {document}"),
            None => Ok(()),
        }
    }
}
