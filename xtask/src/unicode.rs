//! `cargo xtask unicode`: writes the table of characters' classes as CPython 3.11 has them.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};

const TABLE: &str = "crates/ner-cpython/src/unicode/unicode_14.txt";

/// Arguments of `cargo xtask unicode`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A CPython with Unicode 14.0, which is any 3.11.
    #[arg(long, default_value = "python3.11")]
    python: PathBuf,
    /// Write nothing; fail unless the table is what that Python gives.
    #[arg(long)]
    check: bool,
}

/// Writes the table, or checks it.
pub(crate) fn run(args: &Args) -> Result<()> {
    let path = crate::workspace::root().join(TABLE);
    let table = table(args)?;
    if !args.check {
        return fs::write(&path, table).context(TABLE);
    }
    let found = fs::read_to_string(&path).context(TABLE)?;
    ensure!(found == table, "{TABLE}: not what {} gives", args.python.display());
    Ok(())
}

fn table(args: &Args) -> Result<String> {
    let mut command = Command::new(&args.python);
    command.args(["-c", include_str!("unicode/classes.py")]);
    let output = command.output().with_context(|| args.python.display().to_string())?;
    let stderr = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{}: {}", args.python.display(), stderr.trim());
    Ok(String::from_utf8(output.stdout)?)
}
