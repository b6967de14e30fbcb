//! The configurations that people start from.

use ner_config::{ConfigError, Document};

use super::tree::{File, Tree};

/// Files of `configs` that cannot be read, or whose variables refer to nothing.
pub(crate) fn check(tree: &Tree) -> Vec<String> {
    let files = tree.files.iter().filter(|file| file.path.starts_with("configs/"));
    files.filter_map(|file| Some(format!("{}: {}", file.path, problem(file)?))).collect()
}

fn problem(file: &File) -> Option<String> {
    let document = match file.path.rsplit('.').next() {
        Some("toml") => Document::from_toml_str(&file.text),
        Some("cfg") => Document::from_cfg_str(&file.text),
        _ => return None,
    };
    document.and_then(|document| document.resolve()).err().map(|error: ConfigError| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_refer_to_something() {
        let tree = Tree::of(&[
            ("configs/a.toml", "[paths]\ntrain = \"null\"\n[corpora]\npath = \"${paths.train}\""),
            ("configs/b.cfg", "[corpora]\npath = ${paths.train}"),
            ("configs/c.cfg", "path"),
        ]);
        let problems = check(&tree);
        assert!(problems.len() == 2 && problems[0].starts_with("configs/b.cfg: "), "{problems:?}");
    }
}
