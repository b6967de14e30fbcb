use super::section::{Example, Section};

/// The kind of a section by its head: `intent` of `## intent:greet`.
fn kind(line: &str) -> Option<&str> {
    let (kind, _) = line.strip_prefix("##")?.trim_start().split_once(':')?;
    matches!(kind, "intent" | "synonym" | "regex" | "lookup").then_some(kind)
}

pub(super) fn is_head(line: &str) -> bool {
    kind(line).is_some()
}

/// The sections of a file, whose examples are items of lists.
pub(super) fn sections(text: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if let Some(kind) = kind(line) {
            sections.push(Section { kind: kind.to_owned(), examples: Vec::new() });
        } else if let (Some(item), Some(section)) = (item(line), sections.last_mut()) {
            section.examples.push(Example { line: index + 1, text: item.to_owned() });
        }
    }
    sections
}

/// The text of an item of a list; `None` for another line.
pub(super) fn item(line: &str) -> Option<&str> {
    // All three begin items in markdown; Rasa itself writes hyphens.
    let text = line.trim_start().strip_prefix(['-', '*', '+'])?.trim();
    (!text.is_empty()).then_some(text)
}
