//! Which crate may depend on which.

use toml::{Table, Value};

use super::tree::Tree;

/// The floors from the ground up: a crate depends only on crates of floors below its own.
const FLOORS: [&[&str]; 13] = [
    &["ner-cpython", "ner-files"],
    &["ner-vocab", "ner-config", "ner-thinc"],
    &["ner-doc", "ner-hub", "ner-vectors"],
    &["ner-tokenizer", "ner-transitions", "ner-scorer", "ner-optim", "ner-pieces"],
    &["ner-formats", "ner-layers"],
    &["ner-corpus", "ner-transformer"],
    &["ner-model"],
    &["ner-pipeline"],
    &["ner-evaluation", "ner-package"],
    &["ner-training"],
    &["ner", "ner-report", "ner-studies"],
    &["ner-cli"],
    &["xtask"],
];

/// The crates that know tensors; nobody else depends on Burn, directly or through them.
const WITH_BURN: [&str; 11] = [
    "ner-layers",
    "ner-transformer",
    "ner-model",
    "ner-pipeline",
    "ner-evaluation",
    "ner-package",
    "ner-training",
    "ner-report",
    "ner-studies",
    "ner",
    "ner-cli",
];

/// The crates that talk to people: they alone print, read the environment and parse arguments.
pub(crate) const SPEAKERS: [&str; 2] = ["ner-cli", "xtask"];

/// What only they depend on. Others may have clap as an optional dependency, to describe options for them to parse.
const SPEECH: [&str; 3] = ["clap", "anyhow", "tracing-subscriber"];

/// Arrows that point up or sideways, and dependencies that do not belong to a crate.
pub(crate) fn check(tree: &Tree) -> Vec<String> {
    let crates = tree.crates();
    let gone = FLOORS.into_iter().flatten().filter(|name| **name != "xtask" && !crates.contains(name));
    let gone =
        gone.map(|name| format!("xtask/src/tidy/floors.rs: {name} stands on a floor, but is no crate"));
    let arrows = crates.iter().chain(&["xtask"]).flat_map(|name| check_crate(tree, name));
    gone.chain(arrows).collect()
}

fn check_crate(tree: &Tree, name: &str) -> Vec<String> {
    let path =
        if name == "xtask" { "xtask/Cargo.toml".to_owned() } else { format!("crates/{name}/Cargo.toml") };
    let Some(floor) = floor(name) else {
        return vec![format!("{path}: {name} stands on no floor; give it one in xtask/src/tidy/floors.rs")];
    };
    let manifest = match tree.get(&path).map(|file| file.text.parse::<Table>()) {
        Some(Ok(manifest)) => manifest,
        Some(Err(error)) => return vec![format!("{path}: {error}")],
        None => return vec![format!("{path}: missing")],
    };
    // A crate may name itself: that is how its tests switch its own features on.
    let others = dependencies(&manifest).into_iter().filter(|(dependency, _)| *dependency != name);
    let wrong = others.filter_map(|dependency| wrong(name, floor, dependency));
    wrong.map(|problem| format!("{path}: {problem}")).collect()
}

/// Why a crate may not have this dependency, if so.
fn wrong(name: &str, own_floor: usize, (dependency, is_optional): (&str, bool)) -> Option<String> {
    if let Some(floor) = floor(dependency).filter(|floor| *floor >= own_floor) {
        return Some(format!(
            "{name} (floor {own_floor}) depends on {dependency} (floor {floor}), which is not below"
        ));
    }
    let is_burn = dependency == "burn" || dependency.starts_with("burn-") || WITH_BURN.contains(&dependency);
    if is_burn && !WITH_BURN.contains(&name) {
        return Some(format!("{name} depends on {dependency}, but is to build without Burn"));
    }
    let is_described = dependency == "clap" && is_optional;
    let is_speech = SPEECH.contains(&dependency) && !SPEAKERS.contains(&name) && !is_described;
    is_speech.then(|| format!("{name} depends on {dependency}, which is for {} only", SPEAKERS.join(" and ")))
}

fn floor(name: &str) -> Option<usize> {
    FLOORS.iter().position(|crates| crates.contains(&name))
}

/// The names of all that a manifest depends on, for tests, builds and single targets too, and whether it is optional.
fn dependencies(manifest: &Table) -> Vec<(&str, bool)> {
    let targets = manifest.get("target").and_then(|targets| targets.as_table());
    let targets = targets.into_iter().flat_map(Table::values).filter_map(|target| target.as_table());
    let sections = ["dependencies", "dev-dependencies", "build-dependencies"];
    let tables = targets.chain([manifest]).flat_map(|table| sections.map(|section| table.get(section)));
    let tables = tables.flatten().filter_map(|table| table.as_table());
    let is_optional = |value: &Value| value.get("optional").and_then(Value::as_bool).unwrap_or(false);
    tables.flatten().map(|(name, value)| (name.as_str(), is_optional(value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_manifest(name: &str, manifest: &str, expected: &[&str]) {
        let path = format!("crates/{name}/Cargo.toml");
        assert_eq!(check_crate(&Tree::of(&[(&path, manifest)]), name), expected);
    }

    #[test]
    fn arrows_point_down() {
        check_manifest(
            "ner-corpus",
            "[dependencies]\nner-doc.workspace = true\nner-tokenizer.workspace = true",
            &[],
        );
        check_manifest(
            "ner-doc",
            "[dev-dependencies]\nner-tokenizer.workspace = true",
            &[
                "crates/ner-doc/Cargo.toml: ner-doc (floor 2) depends on ner-tokenizer (floor 3), which is not below",
            ],
        );
    }

    #[test]
    fn burn_and_speech_stay_where_they_belong() {
        check_manifest(
            "ner-corpus",
            "[dependencies]\nner-layers = {}\n[target.'cfg(unix)'.build-dependencies]\nclap = \"4\"",
            &[
                "crates/ner-corpus/Cargo.toml: ner-corpus depends on clap, which is for ner-cli and xtask only",
                "crates/ner-corpus/Cargo.toml: ner-corpus depends on ner-layers, but is to build without Burn",
            ],
        );
        check_manifest("ner-formats", "[dependencies]\nclap = { workspace = true, optional = true }", &[]);
    }

    #[test]
    fn every_crate_has_a_floor() {
        let expected =
            "crates/ner-new/Cargo.toml: ner-new stands on no floor; give it one in xtask/src/tidy/floors.rs";
        check_manifest("ner-new", "", &[expected]);
    }
}
