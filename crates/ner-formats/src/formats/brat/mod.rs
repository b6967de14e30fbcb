//! brat's standoff format: a text, and a file of annotations beside it (<https://brat.nlplab.org/standoff.html>).

mod writer;

pub(crate) use writer::BratWriter;

use std::path::Path;

use super::Records;
use crate::account::SpanLoss;
use crate::read::ReadOptions;
use crate::record::{Bounds, RawSpan, Record};
use crate::source::{Opened, Sample, Source, suffix};
use crate::{FormatError, Place};

/// What a line that is no span holds, by the first letter of its id.
const OTHER_LINES: [(char, &str); 7] = [
    ('R', "relations"),
    ('*', "equivalences"),
    ('E', "events"),
    ('A', "attributes"),
    ('M', "attributes"),
    ('N', "normalisations"),
    ('#', "notes"),
];

pub(super) fn looks_like(sample: &Sample<'_>) -> bool {
    match sample.suffix().as_str() {
        "ann" => sample.lines().next().is_none_or(is_annotation),
        "txt" => is_text_of_pair(sample.file),
        _ => false,
    }
}

/// Whether a file is the text to the annotations beside it.
pub(crate) fn is_text_of_pair(file: &Path) -> bool {
    suffix(file) == "txt" && file.with_extension("ann").is_file()
}

fn is_annotation(line: &str) -> bool {
    let is_known = |first| first == 'T' || OTHER_LINES.iter().any(|(letter, _)| *letter == first);
    line.starts_with(is_known) && line.contains('\t')
}

/// Reads a pair of files, of which either is given.
pub(super) fn read(source: &Source, options: &ReadOptions) -> Result<Records, FormatError> {
    let given = source.file();
    // Declared here so that it lives as long as a reference to it.
    let opened: Source;
    let annotations = if suffix(given) == "txt" {
        opened = open_beside(given, "ann", options)?.into_source()?;
        &opened
    } else {
        source
    };
    // The text is opened even if it is the file that was given: offsets count its characters as they stand, `\r\n` as two,
    // and a source has line ends of one kind.
    let text = open_beside(given, "txt", options)?.into_raw_text()?;
    Ok(vec![record(annotations, text)])
}

fn open_beside(given: &Path, suffix: &str, options: &ReadOptions) -> Result<Opened, FormatError> {
    let file = given.with_extension(suffix);
    if file.is_file() {
        return Opened::open(&file, options.encoding);
    }
    let message = format!(
        "the other file of the pair, {}, is missing; brat keeps a text and its annotations side by side, as .txt and .ann",
        file.display()
    );
    Err(FormatError::Malformed { place: Place::file(given), message, code: None })
}

fn record(annotations: &Source, text: String) -> Result<Record, FormatError> {
    let mut record = Record::new(annotations.first());
    let chars: Vec<char> = text.chars().collect();
    let mut spans = Vec::new();
    for line in annotations.text().lines().filter(|line| !line.trim().is_empty()) {
        if line.starts_with('T') {
            let bound = TextBound::parse(line).ok_or_else(|| malformed(annotations, line))?;
            match bound.span(&chars) {
                Some(span) => spans.push(span),
                None => {
                    record.lost.push((SpanLoss::Discontinuous, bound.describe()));
                    // Its tokens are of an entity that cannot be shown, so they are not outside either.
                    record
                        .unknown
                        .extend(bound.fragments.iter().map(|&(start, end)| Bounds::Own(start, end)));
                }
            }
        } else if is_annotation(line) {
            let kind = OTHER_LINES.iter().find(|(letter, _)| line.starts_with(*letter));
            record.left_out.extend(kind.map(|(_, name)| (*name, 1)));
        } else {
            return Err(malformed(annotations, line));
        }
    }
    record.text = Some(text);
    record.spans = Some(spans);
    Ok(record)
}

fn malformed(annotations: &Source, line: &str) -> FormatError {
    let message = format!(
        "{:?} is no annotation of brat; expected columns separated by tabs, as in \"T1<tab>PERSON 0 4<tab>Mira\", or an id \
         that begins with R, E, A, M, N, # or *",
        line.chars().take(80).collect::<String>()
    );
    annotations.error(line, None, message)
}

/// A text-bound annotation: `T1<tab>PERSON 0 4<tab>Mira`, or with several fragments `0 4;10 14`.
struct TextBound<'a> {
    id: &'a str,
    label: &'a str,
    fragments: Vec<(usize, usize)>,
    text: Option<&'a str>,
}

impl<'a> TextBound<'a> {
    fn parse(line: &'a str) -> Option<TextBound<'a>> {
        // The text of an annotation may hold tabs.
        let mut columns = line.splitn(3, '\t');
        let id = columns.next()?;
        let (label, bounds) = columns.next()?.trim().split_once(' ')?;
        let fragment = |fragment: &str| {
            let (start, end) = fragment.trim().split_once(' ')?;
            Some((start.parse().ok()?, end.parse().ok()?))
        };
        let fragments = bounds.split(';').map(fragment).collect::<Option<Vec<_>>>()?;
        Some(TextBound { id, label, fragments, text: columns.next() })
    }

    /// The one stretch that it selects. Fragments with white space alone between them are one: brat cuts what runs over a
    /// line end there.
    fn span(&self, chars: &[char]) -> Option<RawSpan> {
        let is_joint = |[(_, end), (start, _)]: &[(usize, usize); 2]| {
            let gap = chars.get(*end..*start);
            gap.is_some_and(|gap| gap.iter().all(|c| c.is_whitespace()))
        };
        let ((start, _), (_, end)) = (self.fragments.first()?, self.fragments.last()?);
        let text = self.text.map(str::to_owned);
        let span = RawSpan { text, ..RawSpan::new(*start, *end, self.label) };
        self.fragments.array_windows().all(is_joint).then_some(span)
    }

    fn describe(&self) -> String {
        let fragments: Vec<_> = self.fragments.iter().map(|(start, end)| format!("{start}..{end}")).collect();
        let TextBound { id, label, text, .. } = self;
        format!("the span {id} ({label}) {}, {:?}", fragments.join(" and "), text.unwrap_or_default())
    }
}
