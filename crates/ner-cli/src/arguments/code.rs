/// spaCy's option for functions of a config that are written in Python.
#[derive(clap::Args)]
pub(crate) struct CodeArgs {
    /// Refused: Python does not run here.
    #[arg(short, long, hide = true, value_parser = refuse)]
    code: Option<()>,
}

fn refuse(_: &str) -> Result<(), &'static str> {
    Err(
        "code of Python does not run here: delete the option if the config names nothing of that file; else write the \
         function in Rust and register it, as the example register_an_architecture of the crate ner shows",
    )
}
