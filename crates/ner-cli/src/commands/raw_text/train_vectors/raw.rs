use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use indicatif::ProgressBar;
use ner_corpus::reader::UnannotatedTexts;
use ner_doc::Token;
use ner_tokenizer::Tokenizer;
use ner_vectors::{Origin, Source, TextWriter};

use crate::failure::Interrupted;
use crate::interrupt::Interrupt;

/// What the text is read from: all files of what was given.
pub(super) fn origin(raw: &[PathBuf], lang: &str) -> anyhow::Result<Origin> {
    let mut sources = Vec::new();
    for path in raw {
        let files = if path.is_dir() { ner_files::files_below(path)? } else { vec![path.clone()] };
        for file in files {
            sources.push(Source::of(&file)?);
        }
    }
    Ok(Origin { lang: lang.to_owned(), sources })
}

/// Adds the texts of a file or folder, as the recogniser will see them.
pub(super) fn read(
    path: &Path,
    tokenizer: &Tokenizer,
    writer: &mut TextWriter<'_>,
    bar: &ProgressBar,
    interrupt: &Interrupt,
) -> anyhow::Result<()> {
    let mut has_words = false;
    for example in UnannotatedTexts::new(path, "RAW").examples(tokenizer) {
        let doc = example?.predicted;
        let words = doc.tokens.iter().filter(|token| !token.is_space()).map(Token::text);
        has_words |= doc.tokens.iter().any(|token| !token.is_space());
        writer.add(words).context("cannot write the numbers of the text")?;
        bar.inc(1);
        if interrupt.is_raised() {
            return Err(Interrupted.into());
        }
    }
    if !has_words {
        bail!(
            "RAW {}: no text with a word was found; give raw text: .txt with a text a line, or any file that `ner convert` \
             reads",
            path.display()
        );
    }
    Ok(())
}
