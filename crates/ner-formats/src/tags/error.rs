use super::tag::is_letter;
use super::{Scheme, SchemeError};
use crate::FormatError;
use crate::source::Source;

impl SchemeError<'_> {
    /// The error about a file that the tags are parts of.
    pub(crate) fn at(self, source: &Source) -> FormatError {
        match self {
            SchemeError::NoTag(text, given) => {
                let (scheme, expected) = match given {
                    Some(scheme) => (format!(" of the scheme {scheme}"), scheme.expected()),
                    None => (String::new(), ANY_TAG.to_owned()),
                };
                let mend = mend(text, given);
                source.error(
                    text,
                    Some("E177"),
                    format!("{text:?} is no tag{scheme}; expected {expected}; {mend}"),
                )
            }
            SchemeError::Mixed(one, other) => {
                let line = source.line_of(one);
                source.error(
                    other,
                    Some("E177"),
                    format!(
                        "the tag {other:?} is of another scheme than {one:?} in line {line}; expected tags of one: B-, I-, L-, \
                         U- (BILUO), B-, I-, E-, S- (BIOES) or B-, M-, E-, S- (BMES)"
                    ),
                )
            }
        }
    }
}

/// What a tag is, in messages.
pub(crate) const ANY_TAG: &str =
    "O, - (unknown), or a letter of IOB, BILUO, BIOES or BMES, a hyphen and a label";

/// What to do about a text that is no tag.
pub(crate) fn mend(text: &str, given: Option<Scheme>) -> String {
    match text.rsplit_once(['-', '_']) {
        Some((label, end)) if is_letter(end) && !label.is_empty() => format!("write it as {end}-{label}"),
        Some((start, "")) if is_letter(start) => "its label is missing".to_owned(),
        None if is_letter(text) => "its label is missing".to_owned(),
        Some(("", "")) => "write O, or - where nothing is known".to_owned(),
        _ if given.is_some() => "name another scheme with --scheme".to_owned(),
        _ => "if labels stand alone, say --scheme io".to_owned(),
    }
}
