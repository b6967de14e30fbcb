use std::path::Path;

use ner_config::{Document, Value as ConfigValue};
use ner_files::{FileMap, without_bom};
use ner_model::needs_python_layers;
use ner_pipeline::Meta;
use serde_json::{Map, Value, json};

use crate::PackageError;

/// The description of a package, `meta.json`: spaCy's own fields, of which name, version and requirements are those of
/// the package.
#[derive(Clone, Debug)]
pub struct Description {
    values: Map<String, Value>,
    /// Packages whose functions the config names.
    packages: Vec<String>,
    /// Whether spaCy needs layers of ours to open the pipeline.
    pub(crate) needs_layers: bool,
}

impl Description {
    /// The description among the files of a pipeline.
    pub fn of_pipeline(files: &FileMap) -> Result<Description, PackageError> {
        let meta = files.get("meta.json").ok_or(PackageError::NoMeta)?;
        Description::of_meta(files, Path::new("meta.json"), meta)
    }

    /// Another description for the files of a pipeline: the bytes of a `meta.json`; `path` is for messages.
    pub fn of_meta(files: &FileMap, path: &Path, meta: &[u8]) -> Result<Description, PackageError> {
        let json = |source| PackageError::Json { path: path.to_owned(), source };
        let values = serde_json::from_slice(without_bom(meta)).map_err(json)?;
        let config = files.get("config.cfg").map(Vec::as_slice).unwrap_or_default();
        let config = Document::from_bytes(config, Path::new("config.cfg"))?;
        // spaCy: what training needs is not required of those who only apply it (cli/package.py).
        let sections = ["nlp", "components"].into_iter().filter_map(|section| config.get(section));
        let mut packages = Vec::new();
        sections.for_each(|section| add_packages(section, &mut packages));
        packages.sort();
        packages.dedup();
        Ok(Description { values, packages, needs_layers: needs_python_layers(&config) })
    }

    /// Sets a field to a text.
    pub fn set(&mut self, key: &str, value: &str) {
        self.values.insert(key.to_owned(), json!(value));
    }

    /// Checks the fields that a package needs, and adds those that are missing. `require_parent` names spaCy among the
    /// requirements.
    pub fn complete(&mut self, require_parent: bool) -> Result<(), PackageError> {
        let lang = self.text("lang").to_owned();
        for (key, value) in Meta::new(&lang).values() {
            self.values.entry(key.clone()).or_insert_with(|| value.clone());
        }
        // spaCy: looks for the data in a folder named after language and name, and so fails for a name that begins
        // with the language itself (cli/package.py).
        let bare = self.text("name").strip_prefix(&format!("{lang}_")).map(|name| json!(name));
        self.values.extend(bare.map(|name| ("name".to_owned(), name)));
        self.check()?;
        let mut requirements = self.list("requirements");
        let spacy = ("spacy", format!("spacy{}", self.text("spacy_version")));
        let parent = require_parent.then_some(spacy);
        let others = self.packages.iter().map(|package| (package.as_str(), requirement(package)));
        for (package, requirement) in others.chain(parent) {
            if !requirements.iter().any(|other| package_of(other) == package) {
                requirements.push(requirement);
            }
        }
        self.values.insert("requirements".to_owned(), json!(requirements));
        Ok(())
    }

    fn check(&self) -> Result<(), PackageError> {
        let field = |key| self.text(key).to_owned();
        let (lang, name, version) = (field("lang"), field("name"), field("version"));
        let is_word = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if lang.is_empty() || !is_word(&lang) || lang.starts_with(|first: char| first.is_ascii_digit()) {
            return Err(PackageError::Language { found: lang });
        }
        if name.is_empty() || !is_word(&name) || name.ends_with('_') {
            return Err(PackageError::Name { found: name });
        }
        if !is_version(&version) {
            return Err(PackageError::Version { found: version });
        }
        Ok(())
    }

    /// Whether pip takes the name for that of another package: it does not distinguish `__` from `_`.
    pub fn has_ambiguous_name(&self) -> bool {
        self.text("name").contains("__")
    }

    /// A value that is text; empty if there is none.
    pub fn text(&self, key: &str) -> &str {
        self.values.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    /// A value of any kind.
    pub(crate) fn get(&self, key: &str) -> Option<&Value> {
        self.values.get(key)
    }

    /// The names in a list.
    pub(crate) fn list(&self, key: &str) -> Vec<String> {
        let items = self.values.get(key).and_then(Value::as_array).into_iter().flatten();
        items.filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// The package's name, as Python imports it.
    pub(crate) fn package(&self) -> String {
        format!("{}_{}", self.text("lang"), self.text("name"))
    }

    /// Name and version: the folder of the data, and of the whole.
    pub(crate) fn folder(&self) -> String {
        format!("{}-{}", self.package(), self.text("version"))
    }

    /// The file meta.json.
    pub(crate) fn json(&self) -> Vec<u8> {
        serde_json::to_vec_pretty(&self.values).expect("strings and numbers are always JSON")
    }
}

/// The requirement of one of these packages, with the versions whose pipelines are written here; of any version for others.
// spaCy: names the minor version that is installed where the pipeline is packaged (cli/package.py).
fn requirement(package: &str) -> String {
    let versions = match package {
        "spacy-transformers" => ">=1.4.0,<1.5.0",
        // Those after 0.3 go with spaCy 4.
        "spacy-curated-transformers" => ">=0.3.1,<0.4.0",
        _ => "",
    };
    format!("{package}{versions}")
}

/// The package that a requirement such as `spacy>=3.8` names. A parser of PEP 508 would do no more here, and would have to
/// be bridged over the requirements that pip takes beyond it.
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
                // spaCy: brings spacy-legacy with it (cli/package.py).
                let is_foreign = |package: &&str| package.starts_with("spacy-") && *package != "spacy-legacy";
                packages.extend(package.filter(is_foreign).map(str::to_owned));
                add_packages(value, packages);
            }
        }
        ConfigValue::List(items) => items.iter().for_each(|item| add_packages(item, packages)),
        _ => {}
    }
}

/// Whether this is a version for a package: numbers with dots, and perhaps a pre-release, post-release or development
/// release of them, and a local label.
///
/// PEP 440 is wider, and `pep440_rs` with it: it takes `1.0-1`, whose hyphen separates other things in the name of a wheel.
/// In its normal form it is narrower: `2025.08.03` becomes `2025.8.3`.
fn is_version(version: &str) -> bool {
    let (public, local) = version.split_once('+').unwrap_or((version, "local"));
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
    // The version is part of a path, so that nothing else may stand in the label.
    let is_label = local
        .split('.')
        .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    has_release && is_label && rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
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
        for bad in ["", "x", ".1", "1..2", "1.0 2", "2025_08", "1.0/2", "one", "1.0-1", "1.0+", "1.0+/../x"] {
            assert!(!is_version(bad), "{bad}");
        }
    }

    #[test]
    fn transformers_are_required_in_the_versions_that_read_what_is_written() {
        let config = b"[nlp]\nlang = \"en\"\n\n[components]\n[components.transformer]\n[components.transformer.model]\n\
            @architectures = \"spacy-transformers.TransformerModel.v3\"\n\n[components.ner]\n[components.ner.model]\n[components.ner.model.tok2vec]\n\
            @architectures = \"spacy-curated-transformers.LastTransformerLayerListener.v1\"\n";
        let files = FileMap::from([("config.cfg".to_owned(), config.to_vec())]);
        let meta = br#"{"lang": "en", "name": "people", "version": "1.0.0"}"#;
        let mut description = Description::of_meta(&files, Path::new("meta.json"), meta).unwrap();
        description.complete(false).unwrap();
        let expected = ["spacy-curated-transformers>=0.3.1,<0.4.0", "spacy-transformers>=1.4.0,<1.5.0"];
        assert_eq!(description.list("requirements"), expected);
    }

    #[test]
    fn requirements_name_packages() {
        let packages = ["spacy>=3.8.18,<3.9.0", "spacy-transformers", "a_b[x]==1"].map(package_of);
        assert_eq!(packages, ["spacy", "spacy-transformers", "a_b"]);
    }
}
