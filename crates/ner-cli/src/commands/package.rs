//! `ner package`

use std::fs;
use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use clap::ValueEnum;
use ner_files::FileMap;
use ner_package::{Archive, Description, Package, PackageError};

use crate::{model, path, report};

/// Make a Python package of a pipeline, which pip installs and `spacy.load` finds by its name.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The pipeline: its directory, a Python package of it, or the name of an installed one.
    input: PathBuf,
    /// Directory for the package, which gets a folder of its own there.
    output: PathBuf,
    /// Python files with functions that the pipeline needs, with commas between.
    #[arg(short, long, value_delimiter = ',')]
    code: Vec<PathBuf>,
    /// A meta.json to take in place of the pipeline's own.
    #[arg(short, long, visible_alias = "meta", value_parser = path::existing())]
    meta_path: Option<PathBuf>,
    /// Ask for the description on the terminal, beginning from what meta.json says.
    #[arg(short = 'C', long)]
    create_meta: bool,
    /// The package's name, without the language.
    #[arg(short, long)]
    name: Option<String>,
    /// The package's version.
    #[arg(short, long)]
    version: Option<String>,
    /// Archives to make in the folder `dist`, with commas between.
    #[arg(short, long, value_enum, value_delimiter = ',', default_value = "sdist")]
    build: Vec<Build>,
    /// Replace a package that is there already.
    #[arg(short, long, short_alias = 'F')]
    force: bool,
    /// Name spaCy itself among the requirements; this is the default.
    #[arg(short = 'R', long, conflicts_with = "no_require_parent")]
    require_parent: bool,
    /// Leave spaCy out of the requirements.
    #[arg(long)]
    no_require_parent: bool,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq, ValueEnum)]
enum Build {
    /// A source archive, .tar.gz.
    Sdist,
    /// A wheel, .whl.
    Wheel,
    /// The folder alone.
    None,
}

/// The fields that can be asked for, with the question.
// spaCy: in this order (cli/package.py), so that answers from a pipe suit both.
const QUESTIONS: [(&str, &str); 8] = [
    ("lang", "Code of the language"),
    ("name", "Name, without the language"),
    ("version", "Version"),
    ("description", "What the pipeline is for"),
    ("author", "Author"),
    ("email", "Author's mail address"),
    ("url", "Web page"),
    ("license", "Licence"),
];

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let files = model::open(&args.input)?.into_map()?;
    let mut description = describe(args, &files)?;
    description.complete(args.require_parent || !args.no_require_parent).map_err(with_option)?;
    if description.has_ambiguous_name() {
        let name = description.text("name");
        report::warn(format_args!("{name}: pip treats __ and _ in the name of a package alike"));
    }
    let package = Package::new(description, files, read_code(&args.code)?);
    let folder = args.output.join(package.folder());
    if folder.exists() && !args.force {
        bail!("{}: the package is there already; to replace it, add --force", folder.display());
    }
    let archives = package.write(&folder, &args.archives())?;
    show(&package, &folder, &archives);
    Ok(())
}

impl Args {
    /// The archives to make: each kind once, in a fixed order, and none of them beside `none`.
    fn archives(&self) -> Vec<Archive> {
        let is_asked = |build| self.build.contains(&build) && !self.build.contains(&Build::None);
        let kinds = [(Build::Sdist, Archive::Sdist), (Build::Wheel, Archive::Wheel)];
        kinds.into_iter().filter(|(build, _)| is_asked(*build)).map(|(_, archive)| archive).collect()
    }
}

/// The description as the options and the answers change it.
fn describe(args: &Args, files: &FileMap) -> anyhow::Result<Description> {
    let mut description = match &args.meta_path {
        Some(path) => {
            let meta = fs::read(path).with_context(|| path.display().to_string())?;
            Description::of_meta(files, path, &meta)?
        }
        None => Description::of_pipeline(files)?,
    };
    for (key, value) in [("name", &args.name), ("version", &args.version)] {
        value.iter().for_each(|value| description.set(key, value));
    }
    if args.create_meta {
        ask(&mut description)?;
    }
    Ok(description)
}

/// Asks on the terminal. An empty answer keeps the field as it is.
fn ask(description: &mut Description) -> anyhow::Result<()> {
    let mut answers = io::stdin().lock().lines();
    for (key, question) in QUESTIONS {
        // A question that cannot be shown can still be answered.
        let _ = write!(io::stderr(), "{question} [{}]: ", description.text(key));
        match answers.next().transpose().context("stdin")? {
            Some(answer) if !answer.trim().is_empty() => description.set(key, answer.trim()),
            Some(_) => {}
            None => break,
        }
    }
    report::line("");
    Ok(())
}

/// Names the option that mends an error.
fn with_option(error: PackageError) -> anyhow::Error {
    match error {
        PackageError::Name { .. } => anyhow!("{error}; choose one with --name"),
        PackageError::Version { .. } => anyhow!("{error}; choose one with --version"),
        other => other.into(),
    }
}

/// Python files by their names.
fn read_code(paths: &[PathBuf]) -> anyhow::Result<FileMap> {
    let read = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).filter(|name| name.ends_with(".py"));
        let name = name.with_context(|| format!("{}: expected a file of Python, .py", path.display()))?;
        let bytes = fs::read(path).with_context(|| path.display().to_string())?;
        Ok((name.to_owned(), bytes))
    };
    paths.iter().map(read).collect()
}

fn show(package: &Package, folder: &Path, archives: &[String]) {
    let requirements = package.requirements();
    if !requirements.is_empty() {
        report::good(format_args!("Requirements: {}", requirements.join(", ")));
    }
    report::good(format_args!("Created package: {}", folder.display()));
    for name in archives {
        report::good(format_args!("Built {}", folder.join("dist").join(name).display()));
    }
}
