//! The paths that a Rust source names: its imports, and those in its code.

use super::rust::code;

/// A name that an import brings into a module.
#[derive(Debug, PartialEq)]
pub(crate) struct Import {
    /// The name in the module; `*` for all names.
    pub(crate) name: String,
    /// The segments of the path that it stands for.
    pub(crate) path: Vec<String>,
    /// Whether others see it, such as by `pub(crate) use`.
    pub(crate) is_public: bool,
}

/// The imports of a source, each brace written out, and the paths of at least two segments in the rest of its code.
pub(crate) fn of_source(text: &str) -> (Vec<Import>, Vec<Vec<String>>) {
    let (mut imports, mut named) = (Vec::new(), Vec::new());
    let mut lines = code(text).map(|(_, line)| line.trim());
    while let Some(line) = lines.next() {
        let Some((tree, is_public)) = import_start(line) else {
            named.extend(paths_in(line));
            continue;
        };
        // rustfmt breaks a long import after a comma, and ends it with the only semicolon.
        let mut tree = tree.to_owned();
        while !tree.ends_with(';') {
            let Some(line) = lines.next() else { break };
            tree.push_str(line);
        }
        write_out(&[], tree.trim_end_matches(';'), is_public, &mut imports);
    }
    (imports, named)
}

/// What an import brings in, if the line begins one, and whether it is public.
fn import_start(line: &str) -> Option<(&str, bool)> {
    let private = line.strip_prefix("use ").map(|tree| (tree, false));
    private.or_else(|| {
        let (_, tree) = line.strip_prefix("pub")?.split_once("use ").filter(|(scope, _)| {
            let scope = scope.trim();
            scope.is_empty() || scope.starts_with('(') && scope.ends_with(')')
        })?;
        Some((tree, true))
    })
}

/// Adds a name for each leaf of an import's tree, such as `a::{self, b as c}`.
fn write_out(prefix: &[&str], tree: &str, is_public: bool, into: &mut Vec<Import>) {
    let (head, branches) = match tree.split_once('{') {
        Some((head, rest)) => (head, rest.strip_suffix('}')),
        None => (tree, None),
    };
    let (head, renamed) = head.split_once(" as ").map_or((head, None), |(head, name)| (head, Some(name)));
    let segments = head.split("::").map(str::trim).filter(|segment| !segment.is_empty());
    let mut path: Vec<_> = prefix.iter().copied().chain(segments).collect();
    if let Some(branches) = branches {
        split_branches(branches).for_each(|branch| write_out(&path, branch, is_public, into));
        return;
    }
    // `a::{self}` stands for `a`; a path of `self` alone does not occur.
    if path.len() > 1 && path.last() == Some(&"self") {
        path.pop();
    }
    let Some(last) = path.last() else { return };
    let name = renamed.unwrap_or(last).to_owned();
    into.push(Import { name, path: path.iter().map(|&segment| segment.to_owned()).collect(), is_public });
}

/// The parts between the commas that stand in no inner brace.
fn split_branches(branches: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0;
    let split = branches.split(move |sign| {
        depth += i32::from(sign == '{') - i32::from(sign == '}');
        sign == ',' && depth == 0
    });
    split.map(str::trim).filter(|branch| !branch.is_empty())
}

/// The paths in a line of code. Those in string literals are found too: none names a module of its own crate.
fn paths_in(line: &str) -> impl Iterator<Item = Vec<String>> {
    let line = line.split(" // ").next().unwrap_or_default();
    let words = line.split(|sign: char| !(sign.is_alphanumeric() || sign == '_' || sign == ':'));
    let paths = words.filter(|word| word.contains("::") && !word.starts_with(':'));
    paths.map(|path| {
        let segments = path.split(':').filter(|segment| !segment.is_empty());
        segments.map(str::to_owned).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_written_out() {
        let text = "use a::{self, b::{C, D as E},\n    f};\npub(crate) use g::H;\npub use i::*;\n";
        let (imports, named) = of_source(text);
        let shown: Vec<_> = imports
            .iter()
            .map(|import| {
                let scope = if import.is_public { "pub " } else { "" };
                format!("{scope}{} = {}", import.name, import.path.join("::"))
            })
            .collect();
        let expected = ["a = a", "C = a::b::C", "E = a::b::D", "f = a::f", "pub H = g::H", "pub * = i::*"];
        assert_eq!(shown, expected);
        assert!(named.is_empty());
    }

    #[test]
    fn paths_stand_in_code_but_not_in_comments() {
        let (_, named) = of_source("// a::b\nlet x: Vec<crate::c::D> = e::f(g, <H>::i()); // j::k\n");
        let named: Vec<_> = named.iter().map(|path| path.join("::")).collect();
        assert_eq!(named, ["crate::c::D", "e::f"]);
    }
}
