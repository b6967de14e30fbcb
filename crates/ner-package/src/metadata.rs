use crate::Package;

/// Python's description of a package ("core metadata"), with its README as the body.
pub(crate) fn metadata(package: &Package) -> String {
    // The first version that takes a description as the body (PEP 566).
    let mut text = "Metadata-Version: 2.1\n".to_owned();
    let mut add = |key: &str, value: &str| {
        // A line break would begin another field.
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        if !value.is_empty() {
            text += &format!("{key}: {value}\n");
        }
    };
    add("Name", &package.description.package());
    for (key, name) in [
        ("Version", "version"),
        ("Summary", "description"),
        ("Home-page", "url"),
        ("Author", "author"),
        ("Author-email", "email"),
        ("License", "license"),
    ] {
        add(key, package.description.text(name));
    }
    package.requirements().iter().for_each(|requirement| add("Requires-Dist", requirement));
    add("Description-Content-Type", "text/markdown");
    format!("{text}\n{}", String::from_utf8_lossy(package.readme()))
}
