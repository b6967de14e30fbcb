const LINE_WIDTH: usize = 80;

/// The title of a result in a rule, after an empty line.
pub fn title(text: &str) -> String {
    // spaCy: each half is one character shorter than would fit (divider in wasabi/printer.py).
    let rule = "=".repeat((LINE_WIDTH.saturating_sub(text.chars().count()) / 2).saturating_sub(2));
    format!("\n{rule} {text} {rule}")
}
