//! WebAnno TSV 3, as INCEpTION and WebAnno export documents
//! (<https://inception-project.github.io/releases/36.2/docs/user-guide.html#sect_formats_webannotsv3>).

mod layers;
mod reader;
mod sentences;
mod values;

pub(super) use reader::read;

use crate::source::Sample;

const MARK: &str = "#FORMAT=WebAnno TSV 3";

pub(super) fn looks_like(sample: &Sample<'_>) -> bool {
    sample.text.starts_with(MARK)
}
