//! Encoders that are got from a hub, and what may go wrong on the way.

use std::fs;
use std::path::PathBuf;

use ner_hub::{EncoderName, EncoderPlaces, Hub, HubError};
use serde_json::json;

use crate::hub::{Answer, Asked, Server, sha256};
use crate::tiny::{Folder, f32_safetensors, settings, weights};

const COMMIT: &str = "0123456789012345678901234567890123456789";

/// The files of a whole encoder.
fn whole(asked: &Asked) -> Answer {
    let file = asked.path.rsplit('/').next().unwrap();
    match file {
        "config.json" => Answer::file(settings().to_string().as_bytes(), asked).with("x-repo-commit", COMMIT),
        "vocab.txt" => Answer::file(b"[PAD]\n", asked),
        "model.safetensors" => {
            let bytes = f32_safetensors(&weights());
            let hash = format!("\"{}\"", sha256(&bytes));
            Answer::file(&bytes, asked).with("x-linked-etag", hash)
        }
        _ => Answer::status(404),
    }
}

fn hub(server: &Server) -> Hub {
    Hub { endpoint: server.address.clone(), token: None, proxy: None }
}

fn download(hub: &Hub, folder: &Folder) -> Result<PathBuf, HubError> {
    hub.download(&EncoderName::parse("org/name").unwrap(), "main", folder.path(), &mut |_| {})
}

/// Fails unless the download does, with such a message, and leaves an older encoder as it was.
#[track_caller]
fn check_refused(answer: impl Fn(&Asked) -> Option<Answer> + Send + 'static, parts: &[&str]) {
    let server = Server::start(move |asked| answer(asked).unwrap_or_else(|| whole(asked)));
    let folder = Folder::empty();
    folder.put("org/name/config.json", "old");
    let message = download(&hub(&server), &folder).unwrap_err().to_string();
    assert!(parts.iter().all(|part| message.contains(part)), "{message}");
    assert_eq!(fs::read(folder.path().join("org/name/config.json")).unwrap(), b"old");
    assert_eq!(fs::read_dir(folder.path().join("org")).unwrap().count(), 1, "something is left beside");
}

fn is(asked: &Asked, file: &str) -> bool {
    asked.path.ends_with(&format!("/{file}"))
}

#[test]
fn an_encoder_is_got_and_found() {
    let server = Server::start(whole);
    let folder = Folder::empty();
    let mut reports = Vec::new();
    let name = EncoderName::parse("org/name").unwrap();
    let hub = Hub { token: Some("secret".to_owned()), ..hub(&server) };
    let place = hub
        .download(&name, "refs/pr/1", folder.path(), &mut |progress| {
            reports.push((progress.file.to_owned(), progress.received, progress.total));
        })
        .unwrap();
    assert_eq!(place, folder.path().join("org/name"));
    let places = EncoderPlaces { folders: vec![folder.path().to_owned()], caches: vec![] };
    let files = places.find("org/name", "main").unwrap();
    assert_eq!(files.weights().unwrap(), weights());
    assert_eq!(files.tokenizer_files().unwrap()["vocab.txt"], b"[PAD]\n");
    let size = f32_safetensors(&weights()).len() as u64;
    assert_eq!(reports.last().unwrap(), &("model.safetensors".to_owned(), size, Some(size)));
    // After the first file the commit is known.
    let asked = server.asked();
    assert_eq!(asked[0].path, "/org/name/resolve/refs%2Fpr%2F1/config.json");
    assert!(asked[1..].iter().all(|asked| asked.path.starts_with(&format!("/org/name/resolve/{COMMIT}/"))));
    assert!(asked.iter().all(|asked| asked.token.as_deref() == Some("Bearer secret")));
}

#[test]
fn a_broken_connection_is_taken_up_where_it_broke() {
    let server = Server::start(|asked| {
        let answer = whole(asked);
        match is(asked, "model.safetensors") {
            true => {
                let length = answer.body.len();
                answer.cut((length / 2).max(500).min(length))
            }
            false => answer,
        }
    });
    let folder = Folder::empty();
    let place = download(&hub(&server), &folder).unwrap();
    assert_eq!(fs::read(place.join("model.safetensors")).unwrap(), f32_safetensors(&weights()));
    let asked = server.asked();
    let from: Vec<_> =
        asked.iter().filter(|asked| is(asked, "model.safetensors")).map(|asked| asked.from).collect();
    assert!(from.len() > 1 && from[0].is_none() && from[1..].iter().all(Option::is_some), "{from:?}");
}

#[test]
fn a_storage_that_begins_anew_gives_the_same_file() {
    let storage = Server::start(|asked| {
        let bytes = f32_safetensors(&weights());
        // It knows no ranges, and breaks the first time.
        let answer = Answer::file(&bytes, &Asked { from: None, ..asked.clone() });
        if asked.from.is_none() { answer.cut(100) } else { answer }
    });
    let address = storage.address.clone();
    let server = Server::start(move |asked| match is(asked, "model.safetensors") {
        true => Answer::status(302)
            .with("location", format!("{address}/blob"))
            .with("x-linked-etag", sha256(&f32_safetensors(&weights()))),
        false => whole(asked),
    });
    let folder = Folder::empty();
    let hub = Hub { token: Some("secret".to_owned()), ..hub(&server) };
    let place = download(&hub, &folder).unwrap();
    assert_eq!(fs::read(place.join("model.safetensors")).unwrap(), f32_safetensors(&weights()));
    // The token is for the hub, not for where it sends on to.
    assert!(storage.asked().iter().all(|asked| asked.token.is_none()));
}

#[test]
fn an_encoder_in_several_files_comes_as_a_whole() {
    let server = Server::start(|asked| {
        let part = |part: usize| {
            let weights = weights().into_iter().enumerate().filter(|(index, _)| index % 2 == part);
            Answer::file(&f32_safetensors(&weights.map(|(_, weight)| weight).collect()), asked)
        };
        let index = || {
            let names = weights().into_keys().enumerate();
            let map: serde_json::Map<_, _> =
                names.map(|(index, name)| (name, json!(format!("{}.safetensors", index % 2)))).collect();
            Answer::file(json!({"weight_map": map}).to_string().as_bytes(), asked)
        };
        match asked.path.rsplit('/').next().unwrap() {
            "model.safetensors" => Answer::status(404),
            "model.safetensors.index.json" => index(),
            "0.safetensors" => part(0),
            "1.safetensors" => part(1),
            _ => whole(asked),
        }
    });
    let folder = Folder::empty();
    let place = download(&hub(&server), &folder).unwrap();
    let mut found =
        EncoderPlaces::default().find(place.to_str().unwrap(), "main").unwrap().weights().unwrap();
    found.sort_keys();
    let mut expected = weights();
    expected.sort_keys();
    assert_eq!(found, expected);
}

#[test]
fn what_a_hub_does_not_have_is_told() {
    check_refused(
        |_| Some(Answer::status(404)),
        &["/org/name: no config.json in revision main: look at the name and the revision"],
    );
    check_refused(
        |asked| is(asked, "model.safetensors").then(|| Answer::status(404)),
        &["no model.safetensors or pytorch_model.bin in revision"],
    );
    check_refused(
        |asked| is(asked, "vocab.txt").then(|| Answer::status(404)),
        &["no tokenizer.json or vocab.txt"],
    );
    check_refused(
        |asked| {
            let index = r#"{"weight_map": {"a": "a.safetensors"}}"#;
            match asked.path.rsplit('/').next().unwrap() {
                "model.safetensors" => Some(Answer::status(404)),
                "model.safetensors.index.json" => Some(Answer::file(index.as_bytes(), asked)),
                _ => None,
            }
        },
        &["no a.safetensors in revision"],
    );
}

#[test]
fn an_encoder_that_is_not_for_everyone_needs_a_token() {
    check_refused(
        |_| Some(Answer::status(401)),
        &["status 401: no such encoder, or not for everyone", "token"],
    );
    check_refused(
        |asked| is(asked, "model.safetensors").then(|| Answer::status(403)),
        &["status 403: not for everyone: accept the encoder's terms on its page"],
    );
}

#[test]
fn damage_on_the_way_is_found() {
    check_refused(
        |asked| {
            let wrong = Answer::file(b"other bytes", asked).with("x-linked-etag", sha256(b"the bytes"));
            is(asked, "model.safetensors").then_some(wrong)
        },
        &["model.safetensors: SHA-256", "in place of", "what came is damaged"],
    );
    check_refused(
        |asked| is(asked, "model.safetensors").then(|| whole(asked).cut(0)),
        &["after 0 bytes: look at the connection"],
    );
    check_refused(
        |asked| is(asked, "vocab.txt").then(|| Answer::status(503)),
        &["status 503: try again later"],
    );
    check_refused(
        |asked| is(asked, "vocab.txt").then(|| Answer::status(302).with("location", "file:///etc/passwd")),
        &["redirected to \"file:///etc/passwd\""],
    );
    check_refused(
        |asked| is(asked, "vocab.txt").then(|| Answer::status(302).with("location", asked.path.clone())),
        &["redirected more than 10 times"],
    );
}

#[test]
fn an_encoder_that_is_not_computed_here_is_not_got() {
    check_refused(
        |asked| is(asked, "config.json").then(|| Answer::file(br#"{"model_type": "gpt2"}"#, asked)),
        &["config.json: model_type: found \"gpt2\", expected bert"],
    );
}

#[test]
fn an_address_that_is_none_is_told() {
    for endpoint in ["hub", "ftp://hub"] {
        let hub = Hub { endpoint: endpoint.to_owned(), token: None, proxy: None };
        let message = download(&hub, &Folder::empty()).unwrap_err().to_string();
        assert!(message.contains("give one such as https://huggingface.co"), "{message}");
    }
    let gone = Hub { endpoint: "http://127.0.0.1:1".to_owned(), token: None, proxy: None };
    let message = download(&gone, &Folder::empty()).unwrap_err().to_string();
    assert!(message.starts_with("http://127.0.0.1:1/org/name/resolve/main/config.json: "), "{message}");
    assert!(
        message.ends_with("look at the connection and the address of the hub, and try again"),
        "{message}"
    );
}
