//! Annotates the `.txt` files of a folder on all cores, and writes a line of JSON for each to stdout, in the order of
//! their names. Memory does not grow with the number of files: they are read as they are needed.
//!
//!     cargo run --release --example stream_a_folder -- output/model-best texts > entities.jsonl

use std::env;
use std::error::Error;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ner::{Annotated, Content, Input, JsonlWriter, Place, StreamOptions};
use serde_json::{Map, Value};

/// Threads pass errors on, so these are `Send`.
type Failure = Box<dyn Error + Send + Sync>;

/// Fields for the record of a file beside its text and its entities.
type Fields = Map<String, Value>;

/// Files that one thread annotates together.
const N_FILES: usize = 16;

fn main() -> Result<(), Failure> {
    let (Some(pipeline), Some(folder)) = (env::args_os().nth(1), env::args_os().nth(2)) else {
        return Err("usage: stream_a_folder PIPELINE FOLDER".into());
    };
    let pipeline = Arc::new(ner::load(Path::new(&pipeline))?);
    let files = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    let is_text = |file: &PathBuf| file.extension().is_some_and(|suffix| suffix == "txt");
    let mut files: Vec<PathBuf> = files.into_iter().filter(is_text).collect();
    files.sort();

    let batches: Vec<Vec<PathBuf>> = files.chunks(N_FILES).map(<[PathBuf]>::to_vec).collect();
    let inputs = batches.into_iter().map(|batch| batch.into_iter().map(read).collect());
    for batch in ner::stream(pipeline, inputs, StreamOptions::default(), lines) {
        io::stdout().write_all(&batch?)?;
    }
    Ok(())
}

fn read(file: PathBuf) -> Result<Input<Fields>, Failure> {
    let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let name = Value::from(file.to_string_lossy());
    let extra = Map::from_iter([("file".to_owned(), name)]);
    Ok(Input { content: Content::Text(text), place: Place::file(file), extra })
}

/// Formats a batch on the thread that annotated it.
fn lines(batch: Vec<Annotated<Fields>>) -> Result<Vec<u8>, Failure> {
    let mut lines = Vec::new();
    let mut writer = JsonlWriter::new(&mut lines, Path::new("stdout"));
    for Annotated { doc, extra, .. } in batch {
        writer.write(&doc, extra)?;
    }
    Ok(lines)
}
