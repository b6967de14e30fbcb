use std::path::{Path, PathBuf};
use std::sync::Arc;

use ner_doc::Doc;
use ner_vocab::Vocab;

use super::detect::detect_ner_format;
use super::job::Job;
use super::output::{DocWriter, Output};
use super::source::Source;
use super::{ConvertError, ConvertOptions, Converter, Message, conllu, iob, json_lines, training_json};
use crate::FormatError;
use crate::docbin::DocBin;

/// Reads the documents of one file.
pub fn convert_file(
    input: &Path,
    options: &ConvertOptions,
    report: &mut dyn FnMut(Message),
) -> Result<Vec<Doc>, FormatError> {
    let converter = choose_converter(input, options, report)?;
    let mut docs = Vec::new();
    read_docs(input, converter, options, report, &mut |doc| {
        docs.push(doc);
        Ok(())
    })?;
    Ok(docs)
}

/// Converts a file, or every file of a directory and those below it, and writes one file for each, or one for all
/// if the options say so. A file is complete when it appears under its name.
pub fn convert_path(
    input: &Path,
    mut output: Output<'_>,
    options: &ConvertOptions,
    report: &mut dyn FnMut(Message),
) -> Result<(), FormatError> {
    output.check(options.file_type)?;
    let files = input_files(input, options)?;
    // spaCy: the first file decides for all of a folder, whatever is in the others (cli/convert.py).
    let converter = choose_converter(&files[0], options, report)?;
    let mut writer = DocWriter::new(options.file_type, input);
    for file in &files {
        read_docs(file, converter, options, report, &mut |doc| writer.add(&doc, file))?;
        if !options.concatenate {
            writer.finish(input, file, &mut output, report)?;
            writer = DocWriter::new(options.file_type, input);
        }
    }
    if options.concatenate {
        writer.finish(input, input, &mut output, report)?;
    }
    Ok(())
}

/// The files to convert, in order: hidden ones are left out, and with a converter named those of other suffixes.
fn input_files(input: &Path, options: &ConvertOptions) -> Result<Vec<PathBuf>, FormatError> {
    if !input.exists() {
        return Err(ConvertError::InputNotFound(input.to_owned()).into());
    }
    if !input.is_dir() {
        return Ok(vec![input.to_owned()]);
    }
    let mut files = ner_files::files_below(input)?;
    if let Some(converter) = options.converter {
        // spaCy: the end of the name without a dot, so that `conll` takes `a.xconll` too (cli/convert.py).
        files.retain(|file| file.as_os_str().as_encoded_bytes().ends_with(converter.name().as_bytes()));
    }
    if files.is_empty() {
        return Err(ConvertError::NoInputFiles(input.to_owned()).into());
    }
    let mut types: Vec<String> = files.iter().map(|file| suffix(file)).collect();
    types.sort();
    types.dedup();
    if options.converter.is_none() && types.len() > 1 {
        return Err(ConvertError::MixedTypes(types.join(",")).into());
    }
    Ok(files)
}

fn suffix(file: &Path) -> String {
    file.extension().unwrap_or_default().to_string_lossy().into_owned()
}

/// The converter that was named or goes with the suffix; of the two IOB formats, the one that the text looks like.
fn choose_converter(
    file: &Path,
    options: &ConvertOptions,
    report: &mut dyn FnMut(Message),
) -> Result<Converter, FormatError> {
    let converter = match options.converter {
        Some(converter) => converter,
        None => suffix(file).parse::<Converter>()?,
    };
    // `.iob` and `.ner` are used for both layouts, and `-c ner` is given for both.
    if !matches!(converter, Converter::Ner | Converter::Iob) {
        return Ok(converter);
    }
    let detected = detect_ner_format(Source::read(file)?.text());
    report(match detected {
        Some(Converter::Iob) => Message::info("Auto-detected sentence-per-line NER format"),
        Some(_) => Message::info("Auto-detected token-per-line NER format"),
        None => Message::warn(
            "Can't automatically detect NER format. Conversion may not succeed. See https://spacy.io/api/cli#convert",
        ),
    });
    Ok(detected.unwrap_or(converter))
}

/// The table of formats: passes the documents of a file to `keep`.
fn read_docs(
    file: &Path,
    converter: Converter,
    options: &ConvertOptions,
    report: &mut dyn FnMut(Message),
    keep: &mut dyn FnMut(Doc) -> Result<(), FormatError>,
) -> Result<(), FormatError> {
    let convert = match converter {
        // These two are read as streams; the others need their text as a whole, since annotation refers back to it.
        Converter::Spacy => {
            return DocBin::open(file)?.into_docs(new_vocab("xx")?).try_for_each(|doc| keep(doc?));
        }
        Converter::Jsonl => {
            return json_lines::convert(file, new_vocab(&options.lang)?, options, report, keep);
        }
        Converter::Conll | Converter::Ner => iob::convert_token_lines,
        Converter::Iob => iob::convert_sentence_lines,
        Converter::Conllu | Converter::Conllubio => conllu::convert,
        Converter::Json => training_json::convert,
    };
    let source = Source::read(file)?;
    // spaCy: the words of converted files are those of no language in particular, whatever the options say.
    let mut job = Job::new(&source, options, new_vocab("xx")?, report, keep);
    convert(&mut job)?;
    job.finish();
    Ok(())
}

fn new_vocab(lang: &str) -> Result<Arc<Vocab>, FormatError> {
    let vocab = Vocab::new(lang).ok_or_else(|| ConvertError::UnknownLanguage(lang.to_owned()))?;
    Ok(Arc::new(vocab))
}
