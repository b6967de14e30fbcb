//! What helps in a message: the name that was probably meant, and the beginning of a long text.

/// The beginning of a text on one line, as a message quotes it.
pub(crate) fn excerpt(text: &str) -> String {
    const MAX_CHARS: usize = 60;
    let line = text.lines().next().unwrap_or_default();
    let is_whole = line.len() == text.len() && line.chars().count() <= MAX_CHARS;
    let start: String = line.chars().take(MAX_CHARS).collect();
    let start = start.trim_end();
    if is_whole { start.to_owned() } else { format!("{start}…") }
}

/// The end of a sentence that suggests `nearest`; empty if there is none.
pub(crate) fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map(|nearest| format!(", did you mean `{nearest}`?")).unwrap_or_default()
}

/// The known name that `wrong` was probably meant to be.
pub(crate) fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let similarity = |name: &str| strsim::jaro_winkler(&bare(wrong), &bare(name));
    known
        .into_iter()
        .map(|name| (similarity(name), name))
        .filter(|(similarity, _)| *similarity > 0.85)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, name)| name)
}

/// A name without what all names of spaCy's functions have in common, which some are given and some lack.
fn bare(name: &str) -> String {
    let name = name.to_lowercase();
    name.strip_prefix("spacy.").unwrap_or(&name).to_owned()
}

/// What is wrong with a text that was meant to be another value in JSON, if that can be told.
pub(crate) fn slip(text: &str) -> Option<&'static str> {
    let packed: String = text.chars().filter(|character| !character.is_whitespace()).collect();
    let starts = |starts: &[&str]| starts.iter().any(|start| packed.starts_with(start));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if starts(&["'", "['", "{'"]) {
        Some("strings take double quotes: \"..\"")
    } else if starts(&["\u{201c}", "\u{201d}", "\u{201e}", "\u{2018}", "\u{2019}", "[\u{201c}", "[\u{201d}"])
    {
        Some("write straight double quotes: \"..\"")
    } else if [" #", "\t#", " ;", "\t;"].iter().any(|mark| text.contains(mark)) {
        Some("a comment needs a line of its own")
    } else if packed.ends_with(",]") || packed.ends_with(",}") {
        Some("no comma may follow the last item")
    } else if packed.starts_with('[') && !packed.ends_with(']') {
        Some("the list is not closed; lines that continue it must be indented")
    } else if packed.split_once(',').is_some_and(|(whole, rest)| is_number(whole) && is_number(rest)) {
        Some("decimals take a point, not a comma")
    } else {
        match packed.to_lowercase().as_str() {
            "none" | "nil" | "~" => Some("nothing is written null"),
            "yes" | "no" | "on" | "off" | "true" | "false" => Some("write true or false"),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_near_with_and_without_what_all_have() {
        let known = ["Adam.v1", "RAdam.v1", "spacy.HashEmbedCNN.v1", "spacy.HashEmbedCNN.v2"];
        for (wrong, near) in [
            ("spacy.Adam.v1", Some("Adam.v1")),
            ("Adam.v2", Some("Adam.v1")),
            ("spacy.HashEmbedCnn.v1", Some("spacy.HashEmbedCNN.v1")),
            ("HashEmbedCNN.v2", Some("spacy.HashEmbedCNN.v2")),
            ("transformer", None),
        ] {
            assert_eq!(nearest(wrong, known), near, "{wrong}");
        }
    }

    #[test]
    fn a_long_text_is_quoted_shortened() {
        assert_eq!(excerpt("x = 1"), "x = 1");
        assert_eq!(excerpt("x\ny"), "x…");
        assert_eq!(excerpt(&"é".repeat(100)), format!("{}…", "é".repeat(60)));
    }

    #[test]
    fn slips_are_named() {
        for (text, part) in [
            ("['ner']", "double quotes"),
            ("“en”", "straight"),
            ("[\"ner\", ]", "comma"),
            ("4 # few", "comment"),
            ("0,1", "point"),
            ("none", "null"),
            ("yes", "true or false"),
            ("[\"ner\"", "not closed"),
        ] {
            assert!(slip(text).unwrap_or_default().contains(part), "{text}");
        }
        assert_eq!(slip("many"), None);
    }
}
