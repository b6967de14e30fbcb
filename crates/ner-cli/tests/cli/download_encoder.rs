//! `ner download-encoder`, from a hub on this machine.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use crate::tiny_encoder::{self, CONFIG};
use crate::workshop::{Run, Workshop, annotated_lines, files};

/// A hub with the files of some folder under any name, and the heads of the requests that it gets.
fn hub(folder: &Workshop) -> (String, Receiver<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let folder = folder.path("encoders/tiny");
    let (heads, asked) = channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let stream = stream.unwrap();
            let lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
            let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
            let path = head[0].split(' ').nth(1).unwrap();
            answer(stream, fs::read(folder.join(path.rsplit('/').next().unwrap())).ok());
            let _ = heads.send(head);
        }
    });
    (address, asked)
}

fn answer(mut stream: TcpStream, file: Option<Vec<u8>>) {
    let status = if file.is_some() { 200 } else { 404 };
    let body = file.unwrap_or_default();
    let head = format!("HTTP/1.1 {status} x\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
    // A client that has gone away is no fault of the hub.
    let _ = stream.write_all(&[head.as_bytes(), &body].concat());
}

fn with_encoder() -> Workshop {
    let source = Workshop::new();
    tiny_encoder::write(&source, "encoders/tiny");
    source
}

#[test]
fn an_encoder_is_got_and_trained_with() {
    let source = with_encoder();
    let (address, asked) = hub(&source);
    let workshop = Workshop::new();
    workshop.write("train.jsonl", annotated_lines());
    workshop.write("config.cfg", CONFIG.replace("encoders/tiny", "org/tiny"));
    let run = workshop.run("train config.cfg");
    assert!(run.code == Some(1) && run.stderr.contains("`ner download-encoder org/tiny`"), "{}", run.stderr);
    // As that message says, and nothing else.
    let mut command = workshop.command("download-encoder org/tiny");
    let run: Run = command.env("HF_ENDPOINT", &address).env("HF_TOKEN", "secret").output().unwrap().into();
    let run = run.succeeded();
    assert_eq!(run.stdout, "");
    assert!(run.stderr.contains("✔ Saved encoder to"), "{}", run.stderr);
    assert!(run.stderr.ends_with("ner init config config.toml --encoder org/tiny\n"), "{}", run.stderr);
    for head in asked.try_iter() {
        assert!(head[0].starts_with("GET /org/tiny/resolve/main/"), "{}", head[0]);
        assert!(head.iter().any(|line| line.eq_ignore_ascii_case("authorization: Bearer secret")));
    }
    workshop.run("train config.cfg").succeeded();
    // Elsewhere, and from another branch.
    let download = format!("download-encoder org/tiny --to here --revision other --endpoint {address}/");
    let run = workshop.run(&download).succeeded();
    assert!(run.stderr.ends_with(" --encoder org/tiny --encoders here\n"), "{}", run.stderr);
    assert!(files(&workshop.path("here/org/tiny")) == files(&source.path("encoders/tiny")));
    assert!(asked.try_iter().all(|head| head[0].starts_with("GET /org/tiny/resolve/other/")));
    let mut command = workshop.command("download-encoder tiny");
    let run: Run = command.env("HF_ENDPOINT", &address).env("NER_ENCODERS", "there").output().unwrap().into();
    run.succeeded();
    assert!(workshop.path("there/tiny/model.safetensors").is_file());
}

#[test]
fn what_cannot_be_got_leaves_nothing() {
    let source = with_encoder();
    let (address, _asked) = hub(&source);
    fs::remove_file(source.path("encoders/tiny/model.safetensors")).unwrap();
    let workshop = Workshop::new();
    workshop.write("full/org/tiny/letters.txt", "dear");
    for (arguments, parts) in [
        (
            format!("org/tiny --to out --endpoint {address}"),
            ["no model.safetensors or pytorch_model.bin", "main"],
        ),
        ("a/b/c".to_owned(), ["\"a/b/c\"", "organisation/name"]),
        (
            "org/tiny --to out --endpoint hub".to_owned(),
            ["hub: no address of a hub", "https://huggingface.co"],
        ),
        (
            "org/tiny --to out --endpoint http://127.0.0.1:1".to_owned(),
            ["http://127.0.0.1:1/org/tiny/resolve/main/config.json", "look at the connection"],
        ),
        (format!("org/tiny --to full --endpoint {address}"), ["full/org/tiny", "is no encoder"]),
    ] {
        let run = workshop.run(&format!("download-encoder {arguments}"));
        assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""), "{}", run.stderr);
        for part in parts {
            assert!(run.stderr.contains(part), "expected {part:?} in\n{}", run.stderr);
        }
        assert!(!workshop.path("out/org/tiny").exists());
    }
    assert_eq!(workshop.read("full/org/tiny/letters.txt"), "dear");
    assert_eq!(files(&workshop.path("")).len(), 1);
}
