//! `ner download-encoder`

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};
use ner_hub::{EncoderName, EncoderPlaces, Hub, Progress};

use crate::{encoders, report};

/// Get a pretrained encoder from Hugging Face's hub, for configs that name it. No other command opens a connection.
///
/// The variables HF_ENDPOINT, HF_TOKEN, https_proxy, http_proxy, all_proxy and no_proxy mean what they usually do.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The name, such as bert-base-uncased or sentence-transformers/all-MiniLM-L6-v2.
    name: String,
    /// The branch, tag or commit.
    #[arg(long, default_value = EncoderPlaces::MAIN)]
    revision: String,
    /// The folder to put the encoder's folder into; the first one that the variable NER_ENCODERS names unless given, else
    /// one in the user's cache. All commands look at both.
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
    /// The address of the hub. [default: that of the variable HF_ENDPOINT, or https://huggingface.co]
    #[arg(long, value_name = "URL")]
    endpoint: Option<String>,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let name = EncoderName::parse(&args.name)?;
    let to = args.to.clone().or_else(encoders::for_downloads);
    let to =
        to.context("no folder of the user is known: say where to put the encoder, as in --to encoders")?;
    check_place(&to.join(name.to_string()))?;
    let endpoint = args.endpoint.clone().or_else(|| variable(&["HF_ENDPOINT"]));
    let endpoint = endpoint.unwrap_or_else(|| Hub::HUGGING_FACE.to_owned());
    let proxy = proxy(&endpoint, variable);
    let hub = Hub { endpoint, token: variable(&["HF_TOKEN"]), proxy };
    let bar = bar();
    let place = hub.download(&name, &args.revision, &to, &mut |progress| show(&bar, progress))?;
    drop(bar);
    report::good(format_args!("Saved encoder to {}", place.display()));
    report::line("You can now write a config with it:");
    report::line(format_args!(
        "ner init config config.toml --encoder {name}{}",
        told_where(args.to.as_deref())
    ));
    Ok(())
}

/// The option that a later command needs, if the encoder lies where nobody looks unasked.
fn told_where(to: Option<&Path>) -> String {
    match to {
        Some(to) if !encoders::folders(None).iter().any(|folder| folder == to) => {
            format!(" --encoders {}", to.display())
        }
        _ => String::new(),
    }
}

/// Fails if the encoder would replace anything but an encoder.
fn check_place(place: &Path) -> anyhow::Result<()> {
    let is_free = ner_files::entries(place).is_ok_and(|entries| entries.is_empty());
    if place.exists() && !is_free && !place.join("config.json").is_file() {
        bail!("{}: it is there already, and is no encoder; name another place with --to", place.display());
    }
    Ok(())
}

/// The proxy that the environment names for an address; `variable` gives the first of some variables that is set.
fn proxy(endpoint: &str, variable: impl Fn(&[&str]) -> Option<String>) -> Option<String> {
    let (scheme, rest) = endpoint.split_once("://")?;
    let host = rest.split(['/', ':']).next()?;
    let excepted = variable(&["no_proxy", "NO_PROXY"]).unwrap_or_default();
    let is_excepted = |pattern: &str| {
        let domain = pattern.trim_start_matches("*.").trim_start_matches('.');
        pattern == "*" || host == domain || (!domain.is_empty() && host.ends_with(&format!(".{domain}")))
    };
    if excepted.split(',').map(str::trim).any(is_excepted) {
        return None;
    }
    // Only the name in small letters for plain HTTP, as in curl: a web server sets HTTP_PROXY from what a stranger asks.
    let own: &[&str] = if scheme == "https" { &["https_proxy", "HTTPS_PROXY"] } else { &["http_proxy"] };
    variable(own).or_else(|| variable(&["all_proxy", "ALL_PROXY"]))
}

fn variable(names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| env::var(name).ok().filter(|value| !value.is_empty()))
}

/// A bar on stderr, gone at the end; nothing where that is no terminal.
fn bar() -> ProgressBar {
    let template = "{msg}: {wide_bar} {bytes}/{total_bytes} ({bytes_per_sec}, {eta})";
    let style = ProgressStyle::with_template(template).expect("the template is ours");
    ProgressBar::new(0).with_style(style).with_finish(ProgressFinish::AndClear)
}

fn show(bar: &ProgressBar, progress: Progress<'_>) {
    if bar.message() != progress.file {
        bar.set_message(progress.file.to_owned());
        bar.reset_eta();
    }
    bar.set_length(progress.total.unwrap_or(progress.received));
    bar.set_position(progress.received);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_are_those_of_the_environment() {
        let find = |endpoint, variables: &[(&str, &str)]| {
            proxy(endpoint, |names| {
                let found = names.iter().find_map(|name| variables.iter().find(|(set, _)| set == name));
                found.map(|(_, value)| (*value).to_owned())
            })
        };
        let set = [("https_proxy", "a:1"), ("http_proxy", "b:1"), ("all_proxy", "c:1")];
        assert_eq!(find("https://hub.org/x", &set).as_deref(), Some("a:1"));
        assert_eq!(find("http://hub.org:80", &set).as_deref(), Some("b:1"));
        assert_eq!(find("https://hub.org", &set[1..]).as_deref(), Some("c:1"));
        assert_eq!(find("http://hub.org", &[("HTTP_PROXY", "b:1")]), None);
        for (excepted, is_excepted) in [
            ("hub.org", true),
            (".org", true),
            ("x.org, *.org", true),
            ("*", true),
            ("ub.org", false),
            (",", false),
        ] {
            let found = find("https://hub.org", &[("https_proxy", "a:1"), ("no_proxy", excepted)]);
            assert_eq!(found.is_none(), is_excepted, "{excepted}");
        }
    }
}
