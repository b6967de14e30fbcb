const LINE_WIDTH: usize = 80;

/// The title of a result in a rule, after an empty line.
pub fn title(text: &str) -> String {
    // spaCy: the rule's halves are cut to whole numbers first, so that a line is seldom as wide as it should be (wasabi).
    let rule = "=".repeat((LINE_WIDTH.saturating_sub(text.chars().count()) / 2).saturating_sub(2));
    format!("\n{rule} {text} {rule}")
}
