use crate::EncoderName;

/// The address of a file of an encoder.
pub(super) fn file_url(endpoint: &str, name: &EncoderName, revision: &str, file: &str) -> String {
    format!("{endpoint}/{name}/resolve/{}/{}", escaped(revision), escaped(file))
}

/// A text as one part of a path: a revision such as `refs/pr/1` has slashes.
fn escaped(text: &str) -> String {
    let escape = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(escape).collect()
}

/// Scheme and host of an address.
pub(super) fn origin(url: &str) -> &str {
    let host = url.find("://").map_or(0, |place| place + 3);
    let end = url[host..].find(['/', '?', '#']).map_or(url.len(), |end| host + end);
    &url[..end]
}

/// The address that a redirection from `url` leads to.
pub(super) fn redirected(url: &str, location: &str) -> Option<String> {
    if location.starts_with('/') && !location.starts_with("//") {
        return Some(format!("{}{location}", origin(url)));
    }
    let is_safe = location.starts_with("https://");
    // Never from an encrypted connection to a plain one.
    (is_safe || (location.starts_with("http://") && url.starts_with("http://"))).then(|| location.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_put_together() {
        let name = EncoderName::parse("org/name").unwrap();
        assert_eq!(
            file_url("https://hub", &name, "refs/pr/1", "config.json"),
            "https://hub/org/name/resolve/refs%2Fpr%2F1/config.json"
        );
        assert_eq!(origin("https://hub:8080/a/b"), "https://hub:8080");
        assert_eq!(origin("https://hub"), "https://hub");
    }

    #[test]
    fn redirections_stay_encrypted() {
        let redirected = |location| redirected("https://hub/a", location);
        assert_eq!(redirected("/b").as_deref(), Some("https://hub/b"));
        assert_eq!(redirected("https://cdn/b").as_deref(), Some("https://cdn/b"));
        assert_eq!(redirected("http://cdn/b"), None);
        assert_eq!(redirected("//cdn/b"), None);
        assert_eq!(redirected("file:///etc/passwd"), None);
    }
}
