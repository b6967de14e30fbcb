//! The marks of variables in the text of a value: `${section.key}`, and `$$` for a dollar.

/// Whether `text` holds a variable such as `${paths.train}`.
pub(crate) fn has_variable(text: &str) -> bool {
    let is_name = |character: char| character.is_alphanumeric() || matches!(character, '_' | '.' | ':');
    text.match_indices("${").any(|(start, _)| {
        let after = text[start + 2..].trim_start_matches(is_name);
        after.len() < text.len() - start - 2 && after.starts_with('}')
    })
}

/// Doubles each `$` that begins no `${`. Fails if a `${` is not closed.
pub(crate) fn escape_dollars(text: &str) -> Result<String, String> {
    let mut escaped = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(dollar) = rest.find('$') {
        let after = &rest[dollar + 1..];
        escaped.push_str(&rest[..=dollar]);
        match after.strip_prefix('{').map(|after| after.find('}')) {
            None => escaped.push('$'),
            Some(Some(1..)) => {}
            Some(_) => return Err(format!("`${after}` opens a variable and does not close it")),
        }
        rest = after;
    }
    escaped.push_str(rest);
    Ok(escaped)
}
