use std::process::ExitCode;

/// The command was called in a wrong way.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Usage(pub(crate) String);

/// The user stopped the work.
#[derive(Debug, thiserror::Error)]
#[error("interrupted")]
pub(crate) struct Interrupted;

/// The exit code of a failure: 2 for wrong usage, 130 for an interruption, else 1.
pub(crate) fn exit_code(error: &anyhow::Error) -> ExitCode {
    if error.is::<Usage>() {
        ExitCode::from(2)
    } else if is_interruption(error) {
        // 128 + SIGINT, which shells give for a program that Ctrl-C has ended.
        ExitCode::from(130)
    } else {
        ExitCode::FAILURE
    }
}

fn is_interruption(error: &anyhow::Error) -> bool {
    error.is::<Interrupted>() || matches!(error.downcast_ref(), Some(ner::Error::Interrupted))
}

/// The error and its causes, except for those whose text it already contains.
pub(crate) fn message(error: &anyhow::Error) -> String {
    let mut message = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        // Many errors here show their source in their own text, and have it as their source, too.
        if !message.contains(&cause) {
            message = format!("{message}: {cause}");
        }
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;
    use ner_config::ConfigError;

    #[test]
    fn no_cause_is_told_twice() {
        let cause = ConfigError::Syntax { line: 3, message: "expected a value".to_owned() };
        let error = ConfigError::InFile { path: "a.cfg".into(), source: Box::new(cause) };
        assert_eq!(message(&error.into()), "a.cfg: line 3: expected a value");
        let error = anyhow::anyhow!("no more room").context("cannot write a.jsonl");
        assert_eq!(message(&error), "cannot write a.jsonl: no more room");
    }
}
