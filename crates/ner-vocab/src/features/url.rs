//! Whether a word looks like a web address or an e-mail address.
//!
//! spaCy's patterns are followed by hand: the crate `url` accepts other texts, and a regular expression of this size would
//! be run on every new word.

use std::collections::HashSet;
use std::sync::LazyLock;

use ner_cpython::{CharClass, is_space};

static TOP_LEVEL_DOMAINS: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("languages/top_level_domains.txt").lines().collect());

/// Ranges of code points in ascending order; both ends belong.
static TOP_LEVEL_LETTERS: LazyLock<Vec<(u32, u32)>> = LazyLock::new(|| {
    let number = |text| u32::from_str_radix(text, 16).expect("the table is written in hexadecimal");
    let ranges =
        include_str!("languages/top_level_letters.txt").lines().filter_map(|line| line.split_once(' '));
    ranges.map(|(first, last)| (number(first), number(last))).collect()
});

/// Whether the text looks like a web address.
pub(crate) fn like_url(text: &str) -> bool {
    if text.starts_with("http://") || text.starts_with("https://") {
        return true;
    }
    // spaCy: like_url tests for these beginnings before its pattern (lang/lex_attrs.py).
    if text.starts_with("www.") && text.chars().nth(4).is_some() {
        return true;
    }
    if text.starts_with('.') || text.ends_with('.') || text.contains('@') {
        return false;
    }
    let Some((_, after_dot)) = text.rsplit_once('.') else { return false };
    let top_level = after_dot.split_once(':').map_or(after_dot, |(before, _)| before);
    top_level.ends_with('/') || TOP_LEVEL_DOMAINS.contains(top_level) || is_url(text)
}

/// Whether the text starts with an e-mail address.
pub(crate) fn like_email(text: &str) -> bool {
    // spaCy: the pattern has no end, so anything may follow the address (lang/lex_attrs.py).
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let rest = text.trim_start_matches(|c| is_word(c) || "_.+".contains(c));
    let Some(host) = rest.strip_prefix('@').filter(|_| rest.len() < text.len()) else { return false };
    let rest = host.trim_start_matches(is_word);
    rest.len() < host.len()
        && rest.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c| is_word(c) || c == '.'))
}

/// Whether the text, which holds no `@`, is a URL: `[scheme://]host[:port][/path]`. The host is a public IPv4
/// address or a domain (after Diego Perini's expression of 2010).
fn is_url(text: &str) -> bool {
    // spaCy: its expression ends with `$`, which allows for a line break (lang/tokenizer_exceptions.py).
    let text = text.strip_suffix('\n').unwrap_or(text);
    let rest = match text.split_once("://") {
        Some((scheme, rest)) if is_scheme(scheme) => rest,
        _ => text,
    };
    let end = rest.find([':', '/', '?', '#']).unwrap_or(rest.len());
    let (host, rest) = rest.split_at(end);
    let path = match rest.strip_prefix(':') {
        Some(rest) => rest.trim_start_matches(|c| CharClass::DECIMAL.has(c)),
        None => rest,
    };
    // A colon with two to five digits, in characters, since decimal digits of any script will do.
    let port_length = rest.chars().count() - path.chars().count();
    (port_length == 0 || (3..=6).contains(&port_length))
        && (path.is_empty() || path.starts_with(['/', '?', '#']))
        && !path.contains(is_space)
        && (is_public_ip(host) || is_domain(host))
}

fn is_scheme(text: &str) -> bool {
    let letters = CharClass::ALPHA | CharClass::DECIMAL | CharClass::DIGIT | CharClass::NUMERIC;
    text.chars().nth(1).is_some() && text.chars().all(|c| letters.has(c) || "_+-.".contains(c))
}

fn is_domain(host: &str) -> bool {
    let Some((labels, top_level)) = host.rsplit_once('.') else { return false };
    (2..=63).contains(&top_level.chars().count())
        && top_level.chars().all(is_top_level_letter)
        && labels.split('.').all(is_label)
}

/// Whether the character may stand in a top-level domain: one of spaCy's lower-case letters, or of its scripts without
/// case.
fn is_top_level_letter(c: char) -> bool {
    let index = TOP_LEVEL_LETTERS.partition_point(|&(_, last)| last < c as u32);
    TOP_LEVEL_LETTERS.get(index).is_some_and(|&(first, _)| first <= c as u32)
}

fn is_label(label: &str) -> bool {
    let is_outer = |c: char| c.is_ascii_alphanumeric() || ('\u{a1}'..='\u{ffff}').contains(&c);
    (1..=64).contains(&label.chars().count())
        && label.starts_with(is_outer)
        && label.ends_with(is_outer)
        && label.chars().all(|c| is_outer(c) || c == '_' || c == '-')
}

/// Whether the host is an IPv4 address that is neither private nor local nor a network's or broadcast address.
fn is_public_ip(host: &str) -> bool {
    const FIRST: [&str; 5] = ["n", "nd", "1dd", "2[01]d", "22[0123]"];
    const MIDDLE: [&str; 6] = ["d", "dd", "1d", "1dd", "2[01234]d", "25[012345]"];
    const LAST: [&str; 5] = ["n", "nd", "1dd", "2[01234]d", "25[01234]"];
    let octets: Vec<&str> = host.split('.').collect();
    let &[first, second, third, last] = octets.as_slice() else { return false };
    let is_any = |patterns: &[&str], octet| patterns.iter().any(|pattern| matches(pattern, octet));
    // The first octets are enough: the others must pass the stricter tests below in any case.
    let is_private = is_any(&["10", "127"], first)
        || matches!((first, second), ("169", "254") | ("192", "168"))
        || first == "172" && is_any(&["1[6789]", "2d", "3[01]"], second);
    !is_private
        && is_any(&FIRST, first)
        && is_any(&MIDDLE, second)
        && is_any(&MIDDLE, third)
        && is_any(&LAST, last)
}

/// Matches a tiny pattern: `d` any decimal digit, `n` one of 1 to 9, `[..]` one of these, else the digit itself.
fn matches(pattern: &str, text: &str) -> bool {
    let mut pattern = pattern.chars();
    let is_same = text.chars().all(|c| match pattern.next() {
        Some('d') => CharClass::DECIMAL.has(c),
        Some('n') => ('1'..='9').contains(&c),
        Some('[') => pattern.by_ref().take_while(|&p| p != ']').filter(|&p| p == c).count() > 0,
        other => other == Some(c),
    });
    is_same && pattern.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls() {
        let urls = [
            "a.com",
            "a.com:80",
            "x://a.b/",
            "ab://a.bc/d e.f/",
            "www.x",
            "8.8.8.8",
            "é_é.ελ?q",
            "x.y/",
            "a.bc:65535",
        ];
        let others = [
            "a@b.com",
            ".com",
            "com.",
            "10.0.0.1",
            "172.20.1.1",
            "0.8.8.8",
            "Upper.Lower",
            "a..bc/d",
            "a.bcd:1",
            "1.5",
        ];
        assert_eq!(urls.map(like_url), [true; 9]);
        assert_eq!(others.map(like_url), [false; 10]);
    }

    #[test]
    fn emails() {
        let emails = ["a@b.c", "a.b+c@d-e.f..", "a@b.c and more"];
        let others = ["@b.c", "a@b", "a@.c", "é@b.c", "a@b."];
        assert_eq!(emails.map(like_email), [true; 3]);
        assert_eq!(others.map(like_email), [false; 5]);
    }
}
