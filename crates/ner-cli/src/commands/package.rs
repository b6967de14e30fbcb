//! `ner package`

mod description;
mod readme;
mod sdist;
mod sources;
mod wheel;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::ValueEnum;
use ner_files::{FileError, FileMap, replace_directory};

use self::description::Description;
use crate::{model, path, report};

/// Make a Python package of a pipeline, which pip installs and `spacy.load` finds by its name.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The pipeline: its directory, or a Python package of it.
    #[arg(value_parser = path::existing())]
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

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let files = model::open(&args.input)?.into_map()?;
    let mut description = Description::read(&files, args.meta_path.as_deref())?;
    description.rename(args.name.as_deref(), args.version.as_deref());
    if args.create_meta {
        description.ask()?;
    }
    description.complete(args.require_parent || !args.no_require_parent)?;
    let project = project(&description, files, &read_code(&args.code)?)?;
    let folder = args.output.join(description.folder());
    if folder.exists() && !args.force {
        bail!("{}: the package is there already; to replace it, add --force", folder.display());
    }
    let archives = archives(&description, &project, &args.build)?;
    replace_directory::<FileError>(&folder, |new| {
        project.iter().try_for_each(|(name, bytes)| new.write(name, bytes))?;
        archives.iter().try_for_each(|(name, bytes)| new.write(&format!("dist/{name}"), bytes))
    })?;
    tell(&description, &folder, &archives);
    Ok(())
}

/// The folder that a package is built from: the package itself, and the files beside it that say how.
fn project(description: &Description, files: FileMap, code: &FileMap) -> anyhow::Result<FileMap> {
    let (package, data) = (description.package(), description.folder());
    let mut project = FileMap::new();
    for name in ["LICENSE", "LICENSES_SOURCES", "README.md"] {
        project.extend(files.get(name).map(|bytes| (name.to_owned(), bytes.clone())));
    }
    let readme = project.get("README.md").cloned().unwrap_or_else(|| readme::write(description).into_bytes());
    project.insert("README.md".to_owned(), readme.clone());
    project.insert(format!("{package}/{data}/README.md"), readme);
    project.extend(files.into_iter().map(|(name, bytes)| (format!("{package}/{data}/{name}"), bytes)));
    let meta = description.json();
    for folder in [String::new(), format!("{package}/"), format!("{package}/{data}/")] {
        project.insert(format!("{folder}meta.json"), meta.clone());
    }
    let modules: Vec<&str> = code.keys().filter_map(|name| name.strip_suffix(".py")).collect();
    project.insert(format!("{package}/__init__.py"), sources::init(&modules).into_bytes());
    project.insert("setup.py".to_owned(), sources::SETUP.into());
    project.insert("MANIFEST.in".to_owned(), sources::MANIFEST.into());
    project.extend(code.iter().map(|(name, bytes)| (format!("{package}/{name}"), bytes.clone())));
    Ok(project)
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

/// The archives that are asked for, by their names.
fn archives(
    description: &Description,
    project: &FileMap,
    builds: &[Build],
) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let is_asked = |build| builds.contains(&build) && !builds.contains(&Build::None);
    let mut archives = Vec::new();
    if is_asked(Build::Sdist) {
        archives.push(sdist::build(description, project)?);
    }
    if is_asked(Build::Wheel) {
        archives.push(wheel::build(description, project)?);
    }
    Ok(archives)
}

fn tell(description: &Description, folder: &Path, archives: &[(String, Vec<u8>)]) {
    let requirements = description.requirements();
    if !requirements.is_empty() {
        report::good(format_args!("Requirements: {}", requirements.join(", ")));
    }
    report::good(format_args!("Created package: {}", folder.display()));
    for (name, _) in archives {
        report::good(format_args!("Built {}", folder.join("dist").join(name).display()));
    }
}
