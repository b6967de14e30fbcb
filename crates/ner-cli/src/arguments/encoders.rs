use std::env;
use std::path::PathBuf;

/// Where the pretrained encoders are that a config names.
#[derive(clap::Args)]
pub(crate) struct EncoderArgs {
    /// A folder with a folder for each pretrained encoder, called by its name; may be given several times. The folders that
    /// the variable NER_ENCODERS names come next, then what `ner download-encoder` has got, then Hugging Face's cache.
    #[arg(long = "encoders", value_name = "DIR", value_parser = crate::path::existing())]
    folders: Vec<PathBuf>,
}

impl EncoderArgs {
    /// The option as it was given, with a space before.
    pub(crate) fn as_given(&self) -> String {
        self.folders.iter().map(|folder| format!(" --encoders {}", folder.display())).collect()
    }
}

/// The folders in which encoders are looked for: those of the command line, of the variable NER_ENCODERS, and of this
/// program's own.
pub(crate) fn folders(arguments: Option<&EncoderArgs>) -> Vec<PathBuf> {
    let given = arguments.map_or(&[][..], |arguments| &arguments.folders);
    given.iter().cloned().chain(named()).chain(own()).collect()
}

/// The folder that a downloaded encoder goes to unless it is said where.
#[cfg(feature = "download")]
pub(crate) fn for_downloads() -> Option<PathBuf> {
    named().next().or_else(own)
}

/// The caches of Hugging Face's libraries, which `huggingface_hub` finds by the same variables.
pub(crate) fn caches() -> Vec<PathBuf> {
    let home = || variable("HF_HOME").or_else(|| Some(user_cache()?.join("huggingface")));
    variable("HF_HUB_CACHE").or_else(|| Some(home()?.join("hub"))).into_iter().collect()
}

fn named() -> impl Iterator<Item = PathBuf> {
    let named = env::var_os("NER_ENCODERS").unwrap_or_default();
    let named: Vec<PathBuf> = env::split_paths(&named).collect();
    named.into_iter().filter(|folder| !folder.as_os_str().is_empty())
}

fn own() -> Option<PathBuf> {
    Some(user_cache()?.join("ner").join("encoders"))
}

/// Where programs keep what they can get again; the same on every system, as Hugging Face's libraries have it.
fn user_cache() -> Option<PathBuf> {
    variable("XDG_CACHE_HOME").or_else(|| Some(env::home_dir()?.join(".cache")))
}

fn variable(name: &str) -> Option<PathBuf> {
    env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}
