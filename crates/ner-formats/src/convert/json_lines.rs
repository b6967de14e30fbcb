use std::path::Path;
use std::sync::Arc;

use ner_doc::Doc;
use ner_tokenizer::Tokenizer;
use ner_vocab::Vocab;

use super::{ConvertOptions, Message};
use crate::jsonl::{JsonlReader, Report};
use crate::{FormatError, Place};

/// Converts JSON Lines; texts without tokens are split by the language's tokenizer.
pub(super) fn convert(
    file: &Path,
    vocab: Arc<Vocab>,
    options: &ConvertOptions,
    report: &mut dyn FnMut(Message),
    keep: &mut dyn FnMut(Doc) -> Result<(), FormatError>,
) -> Result<(), FormatError> {
    let unknown = |source| FormatError::Tokenizer { place: Place::file(file), source };
    let tokenizer = Tokenizer::for_language(vocab).map_err(unknown)?;
    let mut reader = JsonlReader::new(ner_files::open(file)?, file, &tokenizer, options.jsonl.clone());
    for doc in reader.by_ref() {
        keep(doc?)?;
    }
    // At the end, not as they are found: answers about one text may lie anywhere in the file.
    summarize(&reader.into_report(), report);
    Ok(())
}

/// Reports the losses of a file, and the outcome of the decisions in it.
fn summarize(found: &Report, report: &mut dyn FnMut(Message)) {
    for misfit in &found.misfits {
        report(Message::warn(misfit.to_string()));
    }
    for conflict in &found.conflicts {
        report(Message::warn(conflict.to_string()));
    }
    let [accept, reject, ignore] = found.n_answers;
    if accept + reject + ignore == 0 {
        return;
    }
    let (n_conflicts, n_excluded, n_unknown) =
        (found.conflicts.len(), found.n_excluded, found.n_unknown_tokens);
    report(Message::info(format!(
        "Answers: {accept} accept, {reject} reject, {ignore} ignore; {n_conflicts} contradict others, {n_excluded} refuse \
         a whole text. Nothing is known of {n_unknown} tokens."
    )));
    for (label, counts) in &found.labels {
        let (accepted, rejected) = (counts.n_accepted, counts.n_rejected);
        report(Message::info(format!("{label}: {accepted} entities, {rejected} spans known to be wrong")));
    }
}
