use std::path::{Path, PathBuf};
use std::sync::Arc;

use ner_tokenizer::{Characters, Tokenizer};
use ner_vocab::Vocab;

use super::output::Output;
use super::{ConvertError, ConvertOptions};
use crate::account::{Account, Message, OutputAccount};
use crate::formats::brat::is_text_of_pair;
use crate::read::{choose_format, named_format, read_each};
use crate::source::{Opened, suffix};
use crate::{Format, FormatError, Place};

/// Converts a file, or every file of a directory and those below it, and writes one file for each, or one for all
/// if the options say so. A file is complete when it appears under its name. Returns an account for each file that was
/// read; their messages are for the caller to show.
pub fn convert_path(
    input: &Path,
    output: Output<'_>,
    options: &ConvertOptions,
    report: &mut dyn FnMut(Message),
) -> Result<Vec<Account>, FormatError> {
    let mut accounts = Vec::new();
    let converted = convert_files(input, output, options, report, &mut accounts);
    // Also of a run that fails: the account of a file of which too much is lost says what.
    accounts.extend(converted.as_ref().err().and_then(FormatError::account).cloned());
    if let Some(path) = &options.report {
        ner_files::write(path, |file| {
            serde_json::to_writer_pretty(file, &accounts).map_err(|error| FormatError::io(path)(error.into()))
        })?;
    }
    converted.map(|()| accounts)
}

fn convert_files(
    input: &Path,
    mut output: Output<'_>,
    options: &ConvertOptions,
    report: &mut dyn FnMut(Message),
    accounts: &mut Vec<Account>,
) -> Result<(), FormatError> {
    output.check(options.file_type)?;
    let files = input_files(input, options)?;
    let mut splitter: Option<Tokenizer> = None;
    // spaCy: the first file decides for all of a folder, whatever is in the others (cli/convert.py).
    let mut format: Option<&'static Format> = None;
    let mut writer = options.file_type.writer(options.as_predictions)?;
    for file in &files {
        let opened = Opened::open(file, options.read.encoding)?;
        let mut messages = Vec::new();
        let chosen = match (format, options.read.format) {
            (Some(format), _) => format,
            (None, Some(named)) => named_format(named, &opened, &mut messages),
            (None, None) => choose_format(&opened, &mut messages)?,
        };
        format = Some(chosen);
        // Made when the first text comes without tokens: there are no rules for most languages, and most files have tokens.
        if chosen.has_texts() && splitter.is_none() {
            splitter = Some(tokenizer(input, &options.read.lang)?);
        }
        let mut output_account = OutputAccount::of(options.file_type.name());
        let read = read_each(opened, chosen, splitter.as_ref(), &options.read, &mut messages, &mut |doc| {
            output_account.documents += 1;
            writer.add(&doc, &mut output_account).map_err(|source| {
                let place = Place::file(file.as_path()).document(output_account.documents);
                FormatError::Doc { place, source }
            })
        });
        messages.into_iter().for_each(&mut *report);
        let account = Account { output: Some(output_account), ..read? };
        if account.documents == 0 && account.records > 0 || account.records == 0 {
            check_emptiness(&account)?;
        }
        if options.read.strict && account.output.as_ref().is_some_and(OutputAccount::has_losses) {
            return Err(FormatError::StrictOutput { account: Box::new(account) });
        }
        account.messages().into_iter().for_each(&mut *report);
        accounts.push(account);
        if !options.concatenate {
            output.write(input, file, options.file_type, &*writer, report)?;
            writer = options.file_type.writer(options.as_predictions)?;
        }
    }
    if options.concatenate {
        output.write(input, input, options.file_type, &*writer, report)?;
    }
    Ok(())
}

/// Refuses a file without any record: it is empty, or is not of the format that it was read as.
fn check_emptiness(account: &Account) -> Result<(), FormatError> {
    if account.records > 0 {
        return Ok(());
    }
    Err(FormatError::NoDocuments { file: account.file.as_path().into(), format: account.format.clone() })
}

fn tokenizer(input: &Path, lang: &str) -> Result<Tokenizer, FormatError> {
    let vocab = Vocab::new(lang).ok_or_else(|| ConvertError::UnknownLanguage(lang.to_owned()))?;
    let vocab = Arc::new(vocab);
    // spaCy: a token a character, unless another segmenter is asked for (lang/zh/__init__.py).
    if lang == "zh" {
        return Ok(Tokenizer::with_splitter(vocab, Arc::new(Characters)));
    }
    let unknown = |source| FormatError::Tokenizer { place: Place::file(input), source };
    Tokenizer::for_language(vocab).map_err(unknown)
}

/// The files to convert, in order: hidden ones are left out, and with a converter named those of other suffixes.
fn input_files(input: &Path, options: &ConvertOptions) -> Result<Vec<PathBuf>, FormatError> {
    if !input.exists() {
        return Err(ConvertError::InputNotFound(input.to_owned()).into());
    }
    if !input.is_dir() {
        return Ok(vec![input.to_owned()]);
    }
    let mut files = without_companions(ner_files::files_below(input)?);
    if let Some(format) = options.read.format {
        // spaCy: the end of the name without a dot, so that `conll` takes `a.xconll` too (cli/_util.py).
        let is_named =
            |file: &&PathBuf| file.as_os_str().as_encoded_bytes().ends_with(format.name.as_bytes());
        // The names of most formats that spaCy lacks are no suffixes.
        let has_suffix = |file: &PathBuf| format.suffixes.contains(&suffix(file).as_str());
        let any_is_named = files.iter().any(|file| is_named(&file));
        files.retain(|file| if any_is_named { is_named(&file) } else { has_suffix(file) });
    }
    if files.is_empty() {
        return Err(ConvertError::NoInputFiles(input.to_owned()).into());
    }
    let mut types: Vec<String> = files.iter().map(|file| suffix(file)).collect();
    types.sort();
    types.dedup();
    if options.read.format.is_none() && types.len() > 1 {
        return Err(ConvertError::MixedTypes(types.join(",")).into());
    }
    Ok(files)
}

/// Leaves out what belongs to another file: in folders of brat the texts that have annotations beside them, and the
/// settings of the tool.
fn without_companions(mut files: Vec<PathBuf>) -> Vec<PathBuf> {
    if files.iter().any(|file| suffix(file) == "ann") {
        files.retain(|file| suffix(file) != "conf" && !is_text_of_pair(file));
    }
    files
}
