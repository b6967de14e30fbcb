//! Finds the entities of texts: reads a text from each line of stdin, and prints an entity on each line.
//!
//!     echo "Ada Lovelace lives in London." | cargo run --release --example apply_to_text -- output/model-best
#![expect(clippy::print_stdout, reason = "the output of the program")]

use std::env;
use std::error::Error;
use std::io;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let pipeline = env::args_os().nth(1).ok_or("usage: apply_to_text PIPELINE")?;
    let pipeline = ner::load(Path::new(&pipeline))?;
    for line in io::stdin().lines() {
        let doc = pipeline.annotate(&line?)?;
        for entity in doc.entities()? {
            // Labels are numbers in a document; the vocabulary that it shares with the pipeline has their texts.
            let label = doc.vocab().strings().get(entity.label).unwrap_or_default();
            println!("{label}\t{}", doc.span_text(entity.start..entity.end));
        }
    }
    Ok(())
}
