use std::fs;
use std::io::Read;

use flate2::read::GzDecoder;
use serde_json::Value;
use zip::ZipArchive;

use crate::workshop::{Workshop, files, model};

const ADA: &str = "Ada lives in Paris .";

fn annotated(workshop: &Workshop, model: &str) -> String {
    workshop.run_with_input(&format!("apply {model} - -"), ADA).succeeded().stdout
}

fn packaged(options: &str) -> Workshop {
    let workshop = Workshop::new();
    workshop.run(&format!("package {} out --name people --version 1.2.0 {options}", model())).succeeded();
    workshop
}

fn names(workshop: &Workshop, folder: &str) -> Vec<String> {
    let files = files(&workshop.path(folder));
    files.into_iter().map(|(name, _)| name.to_str().unwrap().to_owned()).collect()
}

#[test]
fn a_package_has_the_form_of_spacys() {
    let workshop = packaged("--build none");
    let found = names(&workshop, "out/en_people-1.2.0");
    for name in [
        "MANIFEST.in",
        "README.md",
        "meta.json",
        "setup.py",
        "en_people/__init__.py",
        "en_people/meta.json",
        "en_people/en_people-1.2.0/README.md",
        "en_people/en_people-1.2.0/config.cfg",
        "en_people/en_people-1.2.0/ner/model",
        "en_people/en_people-1.2.0/vocab/strings.json",
    ] {
        assert!(found.iter().any(|found| found == name), "{name}\n{found:?}");
    }
    let meta: Value = serde_json::from_str(&workshop.read("out/en_people-1.2.0/meta.json")).unwrap();
    assert_eq!((&meta["name"], &meta["version"]), (&"people".into(), &"1.2.0".into()));
    assert!(meta["requirements"][0].as_str().unwrap().starts_with("spacy>="), "{meta}");
    let readme = workshop.read("out/en_people-1.2.0/README.md");
    for part in ["| **Name** | `en_people` |", "| `ner` | `GPE`, `PERSON` |", "| `ENTS_F` | "] {
        assert!(readme.contains(part), "{part}\n{readme}");
    }
}

#[test]
fn every_form_of_a_package_opens_and_is_the_same_each_time() {
    let workshop = packaged("--build sdist,wheel");
    let dist = "out/en_people-1.2.0/dist";
    let (wheel, sdist) =
        (format!("{dist}/en_people-1.2.0-py3-none-any.whl"), format!("{dist}/en_people-1.2.0.tar.gz"));
    let expected = annotated(&workshop, &model());
    assert!(expected.contains("PERSON"));
    for form in [&wheel, &sdist, "out/en_people-1.2.0", "out/en_people-1.2.0/en_people"] {
        assert_eq!(annotated(&workshop, form), expected, "{form}");
    }
    let again = packaged("--build wheel,sdist");
    for archive in [&wheel, &sdist] {
        assert!(fs::read(workshop.path(archive)).unwrap() == fs::read(again.path(archive)).unwrap());
    }
    let mut wheel = ZipArchive::new(fs::File::open(workshop.path(&wheel)).unwrap()).unwrap();
    let mut read = |name: &str| {
        let mut text = String::new();
        wheel
            .by_name(&format!("en_people-1.2.0.dist-info/{name}"))
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        text
    };
    assert_eq!(read("entry_points.txt"), "[spacy_models]\nen_people = en_people\n");
    assert!(read("METADATA").starts_with("Metadata-Version: 2.1\nName: en_people\nVersion: 1.2.0\n"));
    let record = read("RECORD");
    assert_eq!(record.lines().count(), wheel.len());
    assert!(record.contains("en_people/__init__.py,sha256=") && record.ends_with("/RECORD,,\n"), "{record}");
    let mut archive = tar::Archive::new(GzDecoder::new(fs::File::open(workshop.path(&sdist)).unwrap()));
    let mut names = archive.entries().unwrap().map(|entry| entry.unwrap().path().unwrap().into_owned());
    assert!(names.any(|name| name.ends_with("en_people-1.2.0/PKG-INFO")));
}

/// A pipeline of layers that spaCy lacks, as spaCy saved it: without the module that registers them.
const OWN_LAYERS: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../ner-pipeline/tests/golden/data/model/own_layers/pipeline");

#[test]
fn layers_that_spacy_lacks_are_in_the_package() {
    let workshop = Workshop::new();
    let options = "--name people --version 1.2.0 --build wheel";
    workshop.run(&format!("package {OWN_LAYERS} out {options}")).succeeded();
    let read = |name: &str| workshop.read(&format!("out/xx_people-1.2.0/{name}"));
    assert!(read("xx_people/__init__.py").contains("from . import ner_layers\n"));
    assert!(read("xx_people/ner_layers.py").contains("@spacy.registry.architectures(\"ner.WordEmbed.v1\")"));
    for readme in ["README.md", "xx_people/xx_people-1.2.0/README.md"] {
        assert!(read(readme).contains("spaCy alone cannot open this pipeline"), "{readme}");
    }
    let wheel = workshop.path("out/xx_people-1.2.0/dist/xx_people-1.2.0-py3-none-any.whl");
    let wheel = ZipArchive::new(fs::File::open(wheel).unwrap()).unwrap();
    assert!(wheel.index_for_name("xx_people/ner_layers.py").is_some());
    let plain = packaged("--build none");
    assert!(names(&plain, "out").iter().all(|name| !name.contains("ner_layers")));
    assert!(!plain.read("out/en_people-1.2.0/README.md").contains("cannot open"));
}

#[test]
fn wrong_packages() {
    let workshop = packaged("--build none");
    for (arguments, part) in [
        ("out --name people --version 1.2.0", "--force"),
        ("out --name peo-ple", "--name"),
        ("out --version one", "--version"),
        ("out --meta-path out/en_people-1.2.0/setup.py", "setup.py"),
        ("out --code nope.py", "nope.py"),
    ] {
        let run = workshop.run(&format!("package {} {arguments}", model()));
        assert_eq!(run.code, Some(1), "{}", run.stderr);
        assert!(run.stderr.contains(part), "{part}\n{}", run.stderr);
    }
    let run = workshop.run("package nowhere out");
    assert!(run.code == Some(1) && run.stderr.contains("no such model"), "{}", run.stderr);
    workshop.write("file", "");
    let run = workshop.run(&format!("package {} file --name people", model()));
    assert!(run.code == Some(1) && run.stderr.contains("file"), "{}", run.stderr);
    assert_eq!(names(&workshop, "out").iter().filter(|name| name.ends_with("setup.py")).count(), 1);
    workshop.write("functions.py", "import spacy\n");
    let options = "--force --build none --code functions.py --no-require-parent";
    workshop.run(&format!("package {} out --name people --version 1.2.0 {options}", model())).succeeded();
    assert!(workshop.read("out/en_people-1.2.0/en_people/__init__.py").contains("from . import functions\n"));
    assert!(workshop.read("out/en_people-1.2.0/meta.json").contains("\"requirements\": []"));
}
