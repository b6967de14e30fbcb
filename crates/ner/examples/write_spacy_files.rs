//! Annotates the lines of stdin and writes them as a `.spacy` file, which spaCy's `DocBin` reads and both programs train
//! on; then reads the file back.
//!
//!     cargo run --release --example write_spacy_files -- output/model-best annotated.spacy < texts.txt
#![expect(clippy::print_stdout, reason = "the output of the program")]

use std::env;
use std::error::Error;
use std::io;
use std::path::Path;

use ner::DocBinWriter;

fn main() -> Result<(), Box<dyn Error>> {
    let (Some(pipeline), Some(file)) = (env::args_os().nth(1), env::args_os().nth(2)) else {
        return Err("usage: write_spacy_files PIPELINE FILE".into());
    };
    let (pipeline, file) = (ner::load(Path::new(&pipeline))?, Path::new(&file));
    let mut docs = Vec::new();
    for line in io::stdin().lines() {
        docs.push(pipeline.tokenizer().tokenize(&line?)?);
    }
    // All at once, so that all cores have work; one text after the other is what `Pipeline::annotate` is for.
    pipeline.predict(&mut docs)?;

    let mut writer = DocBinWriter::new();
    docs.iter().for_each(|doc| writer.add(doc));
    writer.save(file)?;

    let mut n_entities = 0;
    for doc in ner::read_docs(file, pipeline.tokenizer(), &ner::ReadOptions::default())? {
        n_entities += doc?.entities()?.len();
    }
    println!("{}: {} texts, {n_entities} entities", file.display(), docs.len());
    Ok(())
}
