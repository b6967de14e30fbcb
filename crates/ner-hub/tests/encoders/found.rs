//! Names, and the places in which they are looked for.

use std::fs;
use std::path::{Path, PathBuf};

use ner_hub::EncoderPlaces;

use crate::tiny::Folder;

fn places(folder: &Path) -> EncoderPlaces {
    EncoderPlaces { folders: vec![folder.join("encoders")], caches: vec![folder.join("hub")] }
}

#[track_caller]
fn check(folder: &Folder, name: &str, revision: &str, expected: &str) {
    let files = places(folder.path()).find(name, revision).unwrap();
    assert_eq!(files.folder(), folder.path().join(expected));
}

fn put_tiny(folder: &Folder, place: &str) {
    let tiny = Folder::tiny();
    for name in ["config.json", "model.safetensors"] {
        folder.put(&format!("{place}/{name}"), fs::read(tiny.path().join(name)).unwrap());
    }
}

#[test]
fn a_folder_is_taken_as_it_is() {
    let tiny = Folder::tiny();
    let files = EncoderPlaces::default().find(tiny.path().to_str().unwrap(), "main").unwrap();
    assert_eq!(files.weights().unwrap(), crate::tiny::weights());
    assert_eq!(files.settings()["vocab_size"], 5);
}

#[test]
fn a_name_is_looked_for_below_folders() {
    let folder = Folder::empty();
    put_tiny(&folder, "encoders/bert-tiny");
    check(&folder, "bert-tiny", "main", "encoders/bert-tiny");
    put_tiny(&folder, "encoders/org--name");
    check(&folder, "org/name", "main", "encoders/org--name");
    put_tiny(&folder, "encoders/org/name");
    check(&folder, "org/name", "main", "encoders/org/name");
}

#[test]
fn a_cache_says_which_commit_a_revision_is() {
    let folder = Folder::empty();
    put_tiny(&folder, "hub/models--org--name/snapshots/abc1");
    put_tiny(&folder, "hub/models--org--name/snapshots/abc2");
    folder.put("hub/models--org--name/refs/main", "abc1");
    folder.put("hub/models--org--name/refs/refs/pr/1", "abc2\n");
    check(&folder, "org/name", "main", "hub/models--org--name/snapshots/abc1");
    check(&folder, "org/name", "refs/pr/1", "hub/models--org--name/snapshots/abc2");
    check(&folder, "org/name", "abc2", "hub/models--org--name/snapshots/abc2");
    // Neither a revision nor what a file says of one leads out of the cache.
    folder.put("hub/models--org--name/refs/evil", "../../..");
    for revision in ["evil", "../snapshots/abc1", "/", "missing"] {
        assert!(places(folder.path()).find("org/name", revision).is_err(), "{revision}");
    }
}

#[cfg(unix)]
#[test]
fn links_into_blobs_are_followed() {
    let folder = Folder::empty();
    put_tiny(&folder, "hub/models--tiny/blobs");
    let snapshot = folder.path().join("hub/models--tiny/snapshots/abc");
    fs::create_dir_all(&snapshot).unwrap();
    folder.put("hub/models--tiny/refs/main", "abc");
    for name in ["config.json", "model.safetensors"] {
        std::os::unix::fs::symlink(Path::new("../../blobs").join(name), snapshot.join(name)).unwrap();
    }
    assert_eq!(
        places(folder.path()).find("tiny", "main").unwrap().weights().unwrap(),
        crate::tiny::weights()
    );
}

#[test]
fn a_name_that_is_nowhere_says_where_it_was_looked_for() {
    let folder = Folder::empty();
    let places =
        EncoderPlaces { folders: vec![PathBuf::from("encoders")], caches: vec![folder.path().join("hub")] };
    let message = places.find("org/name", "main").unwrap_err().to_string();
    let cache = folder.path().join("hub/models--org--name/snapshots/main");
    let expected = format!(
        "no encoder \"org/name\" was found; looked at org/name, encoders/org/name, encoders/org--name, {}: give the folder that \
         has its config.json, put the encoder's files into one of these places, or get them with `ner download-encoder \
         org/name`",
        cache.display()
    );
    assert_eq!(message, expected);
    let missing = places.find("./no/such/folder", "main").unwrap_err().to_string();
    assert!(missing.contains("looked at ./no/such/folder"), "{missing}");
    let wrong = places.find("a b", "main").unwrap_err().to_string();
    assert!(wrong.starts_with("found the name \"a b\", expected a folder, or a name such as"), "{wrong}");
}
