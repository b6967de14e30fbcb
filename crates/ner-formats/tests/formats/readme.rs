//! The table of formats in the README of the workspace.

use ner_formats::FORMATS;
use ner_formats::convert::FileType;

#[test]
fn the_readme_has_a_row_for_each_format() {
    let readme = include_str!("../../../../README.md");
    let is_written = |name| FileType::all().any(|file_type| file_type.name() == name);
    let row = |format: &ner_formats::Format| {
        let about = format.about.replace('|', "\\|").replace('[', "\\[");
        format!("| {} | {about} | {} |\n", format.name, if is_written(format.name) { "yes" } else { "" })
    };
    let rows: String = FORMATS.iter().map(row).collect();
    assert!(readme.contains(&rows), "README.md is to have these rows, and no others between them:\n{rows}");
}
