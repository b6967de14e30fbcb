use std::ffi::OsString;

/// The arguments of the program in two parts: those that clap knows, and overrides of config values, whose names cannot
/// be declared in advance.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct CommandLine {
    /// The program's name, and all other arguments.
    pub(crate) arguments: Vec<OsString>,
    /// `--section.key`, `--section.key=value`, and values of the former.
    pub(crate) overrides: Vec<String>,
}

/// Options of spaCy with one dash and two letters, which are not bundles of one-letter options.
const TWO_LETTERS: [(&str, &str); 5] = [
    ("-er", "--epoch-resume"),
    ("-md", "--markdown"),
    ("-nm", "--ner-map"),
    ("-pt", "--pretraining"),
    ("-tk", "--text-key"),
];

impl CommandLine {
    /// Takes out each `--name` whose name has a dot, with the argument after it unless that begins with `--`.
    pub(crate) fn read(arguments: impl IntoIterator<Item = OsString>) -> CommandLine {
        let mut line = CommandLine { arguments: Vec::new(), overrides: Vec::new() };
        let mut arguments = arguments.into_iter().peekable();
        while let Some(argument) = arguments.next() {
            match argument.to_str() {
                Some("--") => line.arguments.extend([argument].into_iter().chain(arguments.by_ref())),
                Some(text) if is_override(text) => {
                    line.overrides.push(text.to_owned());
                    if !text.contains('=') {
                        // spaCy: only two dashes begin the next option, so -1 is a value (cli/_util.py).
                        let value = arguments.next_if(|next| next.to_str().is_some_and(is_value));
                        line.overrides.extend(value.and_then(|value| value.into_string().ok()));
                    }
                }
                Some(text) => line.arguments.push(written_out(text).into()),
                None => line.arguments.push(argument),
            }
        }
        line
    }
}

fn is_override(argument: &str) -> bool {
    // The name alone: a dot in a value, as in `--output=scores.json`, makes no override.
    let name = argument.split('=').next().unwrap_or_default();
    name.strip_prefix("--").is_some_and(|name| name.contains('.'))
}

fn is_value(argument: &str) -> bool {
    !argument.starts_with("--")
}

fn written_out(argument: &str) -> &str {
    TWO_LETTERS.iter().find(|(short, _)| *short == argument).map_or(argument, |(_, long)| long)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, arguments: &str, overrides: &str) {
        let line = CommandLine::read(line.split(' ').map(OsString::from));
        let words = |text: &str| text.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
        let arguments: Vec<String> = words(arguments);
        assert_eq!(line.arguments, arguments.into_iter().map(OsString::from).collect::<Vec<_>>());
        assert_eq!(line.overrides, words(overrides) as Vec<String>);
    }

    #[test]
    fn options_with_a_dot_are_overrides() {
        check("ner train a.toml -o out", "ner train a.toml -o out", "");
        check("ner train --a.b 1 a.toml --c.d=-2 -o x", "ner train a.toml -o x", "--a.b 1 --c.d=-2");
        check("ner train a --a.b -1 --a.c --a.d x", "ner train a", "--a.b -1 --a.c --a.d x");
        check(
            "ner apply m d o -tk body --output=a.json",
            "ner apply m d o --text-key body --output=a.json",
            "",
        );
        check("ner apply -- --a.b -tk", "ner apply -- --a.b -tk", "");
    }
}
