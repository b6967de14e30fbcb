//! What a package says of itself: meta.json, checked and completed.

use std::io::{self, BufRead, Write};
use std::path::Path;

use anyhow::{Context, bail};
use ner_config::{Document, Value as ConfigValue};
use ner_files::FileMap;
use ner_pipeline::Meta;
use serde_json::{Map, Value, json};

use crate::report;

pub(super) struct Description {
    values: Map<String, Value>,
    /// Packages whose functions the config names.
    packages: Vec<String>,
}

/// What can be asked for, with the question.
const QUESTIONS: [(&str, &str); 8] = [
    ("lang", "Code of the language"),
    ("name", "Name, without the language"),
    ("version", "Version"),
    ("description", "What the pipeline is for"),
    ("author", "Author"),
    ("email", "Author's mail address"),
    ("url", "Web page"),
    ("license", "Licence"),
];

impl Description {
    /// The pipeline's meta.json, or another in its place.
    pub(super) fn read(files: &FileMap, other: Option<&Path>) -> anyhow::Result<Description> {
        let (place, bytes) = match other {
            Some(path) => {
                let place = path.display().to_string();
                (place.clone(), std::fs::read(path).context(place)?)
            }
            None => ("meta.json".to_owned(), files.get("meta.json").context("meta.json is missing")?.clone()),
        };
        let values = serde_json::from_slice(&bytes).with_context(|| place)?;
        let config = files.get("config.cfg").map(Vec::as_slice).unwrap_or_default();
        let config = Document::from_cfg_str(&String::from_utf8_lossy(config)).context("config.cfg")?;
        let sections = ["nlp", "components"].into_iter().filter_map(|section| config.get(section));
        let mut packages = Vec::new();
        sections.for_each(|section| add_packages(section, &mut packages));
        packages.sort();
        packages.dedup();
        Ok(Description { values, packages })
    }

    /// Takes another name and version.
    pub(super) fn rename(&mut self, name: Option<&str>, version: Option<&str>) {
        for (key, value) in [("name", name), ("version", version)] {
            self.values.extend(value.map(|value| (key.to_owned(), json!(value))));
        }
    }

    /// Asks on the terminal. An empty answer keeps what is there.
    pub(super) fn ask(&mut self) -> anyhow::Result<()> {
        let mut answers = io::stdin().lock().lines();
        for (key, question) in QUESTIONS {
            // Without stderr there is no one to ask.
            let _ = write!(io::stderr(), "{question} [{}]: ", self.text(key));
            match answers.next().transpose().context("stdin")? {
                Some(answer) if !answer.trim().is_empty() => {
                    self.values.insert(key.to_owned(), json!(answer.trim()));
                }
                Some(_) => {}
                None => break,
            }
        }
        report::line("");
        Ok(())
    }

    /// Checks what a package needs, and adds what is missing.
    pub(super) fn complete(&mut self, require_parent: bool) -> anyhow::Result<()> {
        let lang = self.text("lang").to_owned();
        for (key, value) in Meta::new(&lang).values() {
            self.values.entry(key.clone()).or_insert_with(|| value.clone());
        }
        // spaCy: looks for the data in a folder named after language and name, and so fails for a name that begins
        // with the language itself.
        let bare = self.text("name").strip_prefix(&format!("{lang}_")).map(|name| json!(name));
        self.values.extend(bare.map(|name| ("name".to_owned(), name)));
        self.check()?;
        let mut requirements = self.requirements();
        let spacy = ("spacy", format!("spacy{}", self.text("spacy_version")));
        let parent = require_parent.then_some(spacy);
        let others = self.packages.iter().map(|package| (package.as_str(), package.clone()));
        for (package, requirement) in others.chain(parent) {
            if !requirements.iter().any(|other| package_of(other) == package) {
                requirements.push(requirement);
            }
        }
        self.values.insert("requirements".to_owned(), json!(requirements));
        Ok(())
    }

    fn check(&self) -> anyhow::Result<()> {
        let (lang, name, version) = (self.text("lang"), self.text("name"), self.text("version"));
        let is_word = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if lang.is_empty() || !is_word(lang) || lang.starts_with(|first: char| first.is_ascii_digit()) {
            bail!("lang: expected the code of a language such as \"en\", found {lang:?}");
        }
        if name.is_empty() || !is_word(name) || name.ends_with('_') {
            bail!(
                "name: expected letters A-Z and a-z, digits and _, not _ at the end, found {name:?}; choose one with \
                 --name"
            );
        }
        if name.contains("__") {
            report::warn(format_args!("{name}: pip does not tell __ from _ in the name of a package"));
        }
        if !is_version(version) {
            bail!(
                "version: expected one such as 1.0.2, 2.1a3 or 1.0.dev4, found {version:?}; choose one with --version"
            );
        }
        Ok(())
    }

    /// A value that is text; empty if there is none.
    pub(super) fn text(&self, key: &str) -> &str {
        self.values.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    /// A value of any kind.
    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.values.get(key)
    }

    /// The names in a list.
    pub(super) fn list(&self, key: &str) -> Vec<String> {
        let items = self.values.get(key).and_then(Value::as_array).into_iter().flatten();
        items.filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// The packages that this one needs, with their versions.
    pub(super) fn requirements(&self) -> Vec<String> {
        self.list("requirements")
    }

    /// The package's name, as Python imports it.
    pub(super) fn package(&self) -> String {
        format!("{}_{}", self.text("lang"), self.text("name"))
    }

    /// Name and version: the folder of the data, and of the whole.
    pub(super) fn folder(&self) -> String {
        format!("{}-{}", self.package(), self.text("version"))
    }

    /// The file meta.json.
    pub(super) fn json(&self) -> Vec<u8> {
        serde_json::to_vec_pretty(&self.values).expect("strings and numbers are always JSON")
    }
}

/// The package that a requirement such as `spacy>=3.8` names.
fn package_of(requirement: &str) -> &str {
    let is_name = |letter: char| letter.is_alphanumeric() || ['-', '_', '.'].contains(&letter);
    requirement.find(|letter| !is_name(letter)).map_or(requirement, |end| &requirement[..end])
}

/// Adds the packages of spaCy's family whose functions a config names, such as `spacy-transformers`.
fn add_packages(value: &ConfigValue, packages: &mut Vec<String>) {
    match value {
        ConfigValue::Table(table) => {
            for (key, value) in table {
                let name = value.as_str().filter(|_| key.starts_with('@'));
                let package = name.and_then(|name| name.split('.').next());
                let is_foreign = |package: &&str| package.starts_with("spacy-") && *package != "spacy-legacy";
                packages.extend(package.filter(is_foreign).map(str::to_owned));
                add_packages(value, packages);
            }
        }
        ConfigValue::List(items) => items.iter().for_each(|item| add_packages(item, packages)),
        _ => {}
    }
}

/// Whether pip takes this for a version: numbers with dots, and perhaps a pre-release, post-release or development
/// release of them.
fn is_version(version: &str) -> bool {
    let public = version.split('+').next().unwrap_or_default();
    let mut rest = public.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
    let release = &public[..public.len() - rest.len()];
    let has_release = release.starts_with(|first: char| first.is_ascii_digit()) && !release.contains("..");
    for name in ["a", "b", "rc"] {
        if let Some(after) = rest.strip_prefix(name) {
            rest = after;
            break;
        }
    }
    let rest = rest.replacen("post", "", 1).replacen("dev", "", 1);
    has_release && rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_those_of_pip() {
        for good in
            ["0.0.0", "1", "1.0.2", "2.1a3", "1.0rc1", "1.0.dev4", "1.0.post1", "2025.08.03", "1.0+local.1"]
        {
            assert!(is_version(good), "{good}");
        }
        for bad in ["", "x", ".1", "1..2", "1.0 2", "2025_08", "1.0/2", "one"] {
            assert!(!is_version(bad), "{bad}");
        }
    }

    #[test]
    fn requirements_name_packages() {
        let packages = ["spacy>=3.8.18,<3.9.0", "spacy-transformers", "a_b[x]==1"].map(package_of);
        assert_eq!(packages, ["spacy", "spacy-transformers", "a_b"]);
    }
}
