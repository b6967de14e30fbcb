use std::ffi::OsStr;
use std::io::{self, Write};
use std::path::Path;

use ner_cpython::is_space;
use ner_doc::{Doc, DocError, Entity};
use ner_files::{entries, replace_directory};

use crate::FormatError;
use crate::account::{OutputAccount, Unsaid};
use crate::convert::ConvertError;
use crate::formats::DocWriter;
use crate::formats::markup::Markup;

/// A folder with a text and its annotations for each document, under the name of the folder and a number.
pub(crate) struct BratWriter {
    docs: Vec<Pair>,
}

struct Pair {
    text: String,
    annotations: String,
}

impl BratWriter {
    /// A writer without documents.
    pub(crate) fn new() -> BratWriter {
        BratWriter { docs: Vec::new() }
    }
}

impl DocWriter for BratWriter {
    fn add(&mut self, doc: &Doc, account: &mut OutputAccount) -> Result<(), DocError> {
        let markup = Markup::of(doc)?;
        account.leave_out(doc, &[Unsaid::Unknown, Unsaid::Rejected, Unsaid::Links, Unsaid::Ids]);
        account.leave_out(doc, &Unsaid::BESIDE_ENTITIES);
        let is_changed = |entity: &&Entity| markup.text(entity.label).contains(is_space);
        account.lose(Unsaid::Labels, markup.entities.iter().filter(is_changed).count());
        let lines = markup.entities.iter().enumerate();
        let annotations = lines.map(|(index, entity)| text_bound(&markup, index + 1, entity)).collect();
        self.docs.push(Pair { text: doc.text(), annotations });
        Ok(())
    }

    fn n_documents(&self) -> usize {
        self.docs.len()
    }

    fn write(&self, _: &mut dyn Write, path: &Path) -> Result<(), FormatError> {
        Err(FormatError::io(path)(io::ErrorKind::IsADirectory.into()))
    }

    fn save(&self, path: &Path) -> Result<(), FormatError> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        check_replaced(path, &name)?;
        replace_directory(path, |folder| {
            // With zeros, so that the order of names is that of the documents.
            for (index, Pair { text, annotations }) in self.docs.iter().enumerate() {
                let name = format!("{name}-{:04}", index + 1);
                folder.write(&format!("{name}.txt"), text.as_bytes())?;
                folder.write(&format!("{name}.ann"), annotations.as_bytes())?;
            }
            Ok(())
        })
    }
}

/// Fails if there is something at `path` that no earlier conversion wrote: it would be gone.
fn check_replaced(path: &Path, name: &str) -> Result<(), FormatError> {
    let is_own = |file: &Path| {
        let stem = file.file_stem().and_then(OsStr::to_str).and_then(|stem| stem.strip_prefix(name));
        let suffix = file.extension().and_then(OsStr::to_str);
        stem.is_some_and(|stem| stem.starts_with('-')) && matches!(suffix, Some("txt" | "ann"))
    };
    let is_replaced = !path.exists() || path.is_dir() && entries(path)?.iter().all(|file| is_own(file));
    if is_replaced { Ok(()) } else { Err(ConvertError::NotReplaced(path.to_owned()).into()) }
}

/// A line such as `T1<tab>PERSON 0 4<tab>Mira`. A label has no white space in it.
fn text_bound(markup: &Markup<'_>, number: usize, entity: &Entity) -> String {
    let label = markup.text(entity.label).replace(is_space, "_");
    let text = markup.entity_text(entity);
    let (start, end) = markup.bounds(entity.start..entity.end);
    let bounds = fragments(&text, start).unwrap_or_else(|| format!("{start} {end}"));
    format!("T{number}\t{label} {bounds}\t{}\n", text.replace(LINE_ENDS, " "))
}

const LINE_ENDS: [char; 2] = ['\n', '\r'];

/// The bounds of the lines of a text, since brat draws no annotation over a line end; `None` if the text begins or ends
/// with one, which would not be covered then.
fn fragments(text: &str, start: usize) -> Option<String> {
    if text.starts_with(LINE_ENDS) || text.ends_with(LINE_ENDS) {
        return None;
    }
    let mut bounds = Vec::new();
    let mut at = start;
    for line in text.split(LINE_ENDS) {
        let end = at + line.chars().count();
        if end > at {
            bounds.push(format!("{at} {end}"));
        }
        at = end + 1;
    }
    Some(bounds.join(";"))
}
