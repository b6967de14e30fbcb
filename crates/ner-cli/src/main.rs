//! The command `ner`, with everything that is built in and nothing else.

use std::process::ExitCode;

fn main() -> ExitCode {
    ner_cli::run(ner_cli::builtin())
}
