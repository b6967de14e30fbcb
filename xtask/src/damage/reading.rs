use std::io::Cursor;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use ner_formats::account::Level;
use ner_formats::{FormatError, Opened, ReadOptions, Reading};
use ner_tokenizer::Tokenizer;
use ner_vocab::Vocab;

/// What a reader makes of a file.
pub(super) enum Found {
    Refused(FormatError),
    Read { entities: Vec<Entities>, warnings: Vec<String> },
}

/// The text of a document, and its entities as words and label.
pub(super) type Entities = (String, Vec<(usize, String, String)>);

static TOKENIZER: LazyLock<Tokenizer> = LazyLock::new(|| {
    let vocab = Arc::new(Vocab::new("en").expect("English is known"));
    Tokenizer::for_language(vocab).expect("its rules are built in")
});

/// Reads the bytes of a file by its content and its suffix.
pub(super) fn read(bytes: &[u8], file: &Path) -> Found {
    match read_all(bytes, file) {
        Ok((entities, warnings)) => Found::Read { entities, warnings },
        Err(error) => Found::Refused(error),
    }
}

fn read_all(bytes: &[u8], file: &Path) -> Result<(Vec<Entities>, Vec<String>), FormatError> {
    let opened = Opened::of(Box::new(Cursor::new(bytes.to_vec())), file, None)?;
    let mut reading = Reading::of(opened, &TOKENIZER, &ReadOptions::default())?;
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
    Ok((entities, warnings.map(|message| message.text).collect()))
}

/// The first document in which two readings differ.
pub(super) fn difference(good: &[Entities], damaged: &[Entities]) -> String {
    let differs = good.iter().zip(damaged).position(|(good, damaged)| good != damaged);
    match differs {
        Some(index) => format!("document {}: {:?} became {:?}", index + 1, good[index], damaged[index]),
        None => format!("{} documents became {}", good.len(), damaged.len()),
    }
}
