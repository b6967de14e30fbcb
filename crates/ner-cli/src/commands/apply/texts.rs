use std::sync::Arc;

use ner::Content;
use ner_formats::{EveryLine, Opened, Place};

use super::inputs::{ReadError, Source, without_record};

/// A text for each line.
pub(super) fn lines(opened: Opened) -> Source {
    let file = opened.file().clone();
    let lines = EveryLine::new(opened.into_reader(), file);
    Box::new(lines.map(|line| {
        let (place, line) = line?;
        Ok(without_record(Content::Text(line), place))
    }))
}

/// One text.
pub(super) fn whole(opened: Opened) -> Result<Source, ReadError> {
    let place = Place::file(Arc::clone(opened.file()));
    let text = opened.into_text()?;
    Ok(Box::new(std::iter::once(Ok(without_record(Content::Text(text), place)))))
}
