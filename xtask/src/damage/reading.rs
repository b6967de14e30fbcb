use std::io::Cursor;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use ner_formats::account::Level;
use ner_formats::{FormatError, Opened, ReadOptions};
use ner_tokenizer::Tokenizer;
use ner_vocab::Vocab;

/// What a reader makes of a file.
pub(super) enum Found {
    Refused(FormatError),
    Read(Reading),
}

/// What was read, and what was said of it.
pub(super) struct Reading {
    pub(super) format: String,
    entities: Vec<Entities>,
    pub(super) warnings: Vec<String>,
}

/// The text of a document, and its entities as words and label.
type Entities = (String, Vec<(usize, String, String)>);

static TOKENIZER: LazyLock<Tokenizer> = LazyLock::new(|| {
    let vocab = Arc::new(Vocab::new("en").expect("English is known"));
    Tokenizer::for_language(vocab).expect("its rules are built in")
});

/// Reads the bytes of a file by its content and its suffix.
pub(super) fn read(bytes: &[u8], file: &Path) -> Found {
    read_all(bytes, file).map_or_else(Found::Refused, Found::Read)
}

fn read_all(bytes: &[u8], file: &Path) -> Result<Reading, FormatError> {
    let opened = Opened::of(Box::new(Cursor::new(bytes.to_vec())), file, None)?;
    let mut reading = ner_formats::Reading::of(opened, &TOKENIZER, &ReadOptions::default())?;
    let mut entities = Vec::new();
    for doc in reading.by_ref() {
        let doc = doc?;
        let string = |id| doc.vocab().strings().get(id).unwrap_or_default().to_string();
        let found = doc.entities().map_err(|source| FormatError::Doc {
            place: ner_formats::Place::file(file).document(entities.len() + 1),
            source,
        })?;
        let found = found.iter().map(|it| (it.start, doc.span_text(it.start..it.end), string(it.label)));
        entities.push((doc.text(), found.collect()));
    }
    let mut messages = std::mem::take(&mut reading.messages);
    let account = reading.into_account();
    if account.records == 0 {
        return Err(FormatError::NoDocuments { file: file.into(), format: account.format });
    }
    messages.extend(account.messages());
    // Remarks count as well where they are about this file: that it was read as another format, for instance.
    let warnings = messages.into_iter().filter(|message| {
        message.level == Level::Warn || message.text.starts_with(&file.display().to_string())
    });
    let warnings = warnings.map(|message| message.text).collect();
    Ok(Reading { format: account.format, entities, warnings })
}

impl Reading {
    /// The first document in which another reading differs; `None` if all entities are the same.
    pub(super) fn difference(&self, other: &Reading) -> Option<String> {
        if self.entities == other.entities {
            return None;
        }
        let mut pairs = self.entities.iter().zip(&other.entities).enumerate();
        let Some((index, (good, damaged))) = pairs.find(|(_, (good, damaged))| good != damaged) else {
            return Some(format!("{} documents became {}", self.entities.len(), other.entities.len()));
        };
        let only = |here: &Entities, there: &Entities| {
            here.1.iter().filter(|entity| !there.1.contains(entity)).cloned().collect::<Vec<_>>()
        };
        let (lost, new) = (only(good, damaged), only(damaged, good));
        let text = if good.0 == damaged.0 { "" } else { ", and another text" };
        Some(format!("document {}: without {lost:?}, with {new:?}{text}", index + 1))
    }
}
