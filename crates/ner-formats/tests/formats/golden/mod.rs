//! What real spaCy computed. A small slice lies in `tests/golden`; set `NER_GOLDEN` to the folder of the full suite
//! to run over that too.

use std::path::PathBuf;

mod convert;
mod doc_json;
mod docbin;

/// The folders that hold `area`: the slice, and the full suite if there is one.
fn golden_dirs(area: &str) -> Vec<PathBuf> {
    let slice = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let full = std::env::var_os("NER_GOLDEN").map(PathBuf::from);
    let dirs: Vec<_> = [Some(slice), full]
        .into_iter()
        .flatten()
        .map(|dir| dir.join(area))
        .filter(|dir| dir.exists())
        .collect();
    assert!(!dirs.is_empty(), "no golden data for {area}");
    dirs
}
