use ner_formats::{Format, Opened, first_json};

use super::inputs::InputArgs;
use super::records::is_record;

/// What a file holds.
#[derive(Clone, Copy)]
pub(super) enum Form {
    /// spaCy's documents.
    DocBin,
    /// JSON objects with a text or tokens, whose other fields stay.
    Records,
    /// Annotated texts of another format that `convert` reads.
    Annotated(&'static Format),
    /// A row a text.
    Table,
    /// A line a text.
    Lines,
    /// One text.
    Text,
}

impl Form {
    /// The form that the content shows, or else the options or the suffix.
    pub(super) fn of(opened: &Opened, args: &InputArgs, is_stdin: bool) -> Form {
        let by_content = Format::of_content(opened);
        if let Some(first) = first_json(opened) {
            return match by_content {
                Some(format) if !is_record(&first, args.text_key()) => Form::Annotated(format),
                _ => Form::Records,
            };
        }
        if args.text_column.is_some() {
            return Form::Table;
        }
        let suffix = opened.suffix();
        // Prose is never asked whether it looks like columns: a list of words may.
        if args.lines || is_stdin {
            return Form::Lines;
        }
        match (by_content.or_else(|| Format::of_suffix(&suffix)), suffix.as_str()) {
            (_, "txt") => Form::Text,
            (Some(format), _) if by_content.is_some() => Form::of_format(format),
            (_, "csv" | "tsv") => Form::Table,
            // Suffixes that annotated data share with prose: the content would have shown the data.
            (_, "md" | "yml" | "yaml" | "xml") => Form::Text,
            (Some(format), _) => Form::of_format(format),
            (None, _) => Form::Text,
        }
    }

    fn of_format(format: &'static Format) -> Form {
        match format.name {
            "spacy" => Form::DocBin,
            // Damaged, or it would have been JSON: the error is about the line.
            "jsonl" => Form::Records,
            _ => Form::Annotated(format),
        }
    }

    /// What to say of a file whose form is another than its name says.
    pub(super) fn note(self, opened: &Opened, args: &InputArgs) -> Option<String> {
        let suffix = opened.suffix();
        if let Some(format) = self.format() {
            let is_named = format.suffixes.contains(&suffix.as_str());
            return (!is_named).then(|| format!("{}, {}", format.name, format.about));
        }
        match self {
            Form::Table if args.text_column.is_none() => {
                Some("a table, with the texts in the column text (--text-column)".to_owned())
            }
            Form::Text if !matches!(suffix.as_str(), "txt" | "") => {
                Some("one text (--lines: a text a line)".to_owned())
            }
            _ => None,
        }
    }

    fn format(self) -> Option<&'static Format> {
        match self {
            Form::DocBin => Format::named("spacy"),
            Form::Records => Format::named("jsonl"),
            Form::Annotated(format) => Some(format),
            Form::Table | Form::Lines | Form::Text => None,
        }
    }
}
