use crate::account::Message;
use crate::convert::ConvertError;
use crate::formats::token_lines::{Lines, detect_lines};
use crate::formats::{FORMATS, Reader};
use crate::source::{Opened, Sample};
use crate::{Format, FormatError};

impl Format {
    /// The format that the content of a file shows; of several the one that its suffix names.
    pub fn of_content(opened: &Opened) -> Option<&'static Format> {
        let sample = Sample::of(opened.file(), opened.head(), opened.is_all_head());
        of_content(&sample)
    }
}

fn of_content(sample: &Sample<'_>) -> Option<&'static Format> {
    // The format of the suffix is asked first: several formats may take the same lines, and its name says what is meant.
    // Of JSON it says nothing: all tools call their files so.
    let by_suffix = Format::of_suffix(&sample.suffix()).filter(|_| sample.json.is_none());
    let named_first = by_suffix.into_iter().chain(FORMATS);
    named_first.into_iter().find(|format| (format.looks_like)(sample))
}

/// The format of a file: the one that its content shows, or else the one that its suffix names. `report` gets a line
/// where these differ.
pub(crate) fn choose_format(
    opened: &Opened,
    messages: &mut Vec<Message>,
) -> Result<&'static Format, FormatError> {
    let sample = Sample::of(opened.file(), opened.head(), opened.is_all_head());
    let suffix = sample.suffix();
    // spaCy: these two suffixes are used for both layouts of IOB files, and the first lines tell which (cli/convert.py).
    if let Some(named @ Format { name: "ner" | "iob", .. }) = Format::of_suffix(&suffix) {
        return Ok(named_format(named, opened, messages));
    }
    let by_suffix = Format::of_suffix(&suffix);
    let Some(format) = of_content(&sample).or(by_suffix) else {
        let file = opened.file().to_path_buf();
        return Err(ConvertError::UnknownFormat { file, suffix, known: Format::names() }.into());
    };
    // `.jsonl` stands for records of whatever tool.
    let are_both_json =
        |named: &Format| matches!((&named.reader, &format.reader), (Reader::Json(_), Reader::Json(_)));
    // Told where a person might be surprised.
    if by_suffix.is_none_or(|named| named != format && !are_both_json(named)) {
        let file = opened.file().display();
        messages.push(Message::info(format!("{file}: read as {}, {}", format.name, format.about)));
    }
    Ok(format)
}

/// The format that was named; of the two layouts of IOB files, which both go by either name, the one that the text has.
pub(crate) fn named_format(
    named: &'static Format,
    opened: &Opened,
    messages: &mut Vec<Message>,
) -> &'static Format {
    if !matches!(named.name, "ner" | "iob") {
        return named;
    }
    let sample = Sample::of(opened.file(), opened.head(), opened.is_all_head());
    let (text, name) = match detect_lines(sample.text) {
        Some(Lines::Sentences) => ("Auto-detected sentence-per-line NER format", "iob"),
        Some(Lines::Tokens) => ("Auto-detected token-per-line NER format", "conll"),
        None => {
            messages.push(Message::warn(
                "Can't automatically detect NER format. Conversion may not succeed. See https://spacy.io/api/cli#convert",
            ));
            return named;
        }
    };
    messages.push(Message::info(text));
    Format::named(name).unwrap_or(named)
}
