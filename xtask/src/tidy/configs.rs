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
    // What a search may try is laid out as a config is, and is none; a test of the command tries each of these.
    let is_space = file.path.starts_with("configs/studies/");
    let resolved = document.and_then(|document| if is_space { Ok(()) } else { document.resolve().map(drop) });
    resolved.err().map(|error: ConfigError| error.to_string())
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
            ("configs/studies/d.toml", "[[variants]]\nname = \"a\""),
        ]);
        let problems = check(&tree);
        assert!(problems.len() == 2 && problems[0].starts_with("configs/b.cfg: "), "{problems:?}");
    }
}
