//! Files of a crate that need each other.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::modules::Modules;
use super::tree::Tree;

/// A file, the files below a path that it may need although they need it, and the reason.
type Accepted = (&'static str, &'static str, &'static str);

/// The needs that close a circle and stay.
const ACCEPTED: [Accepted; 12] = [
    (
        "crates/ner-cli/src/args.rs",
        "crates/ner-cli/src/commands/",
        "clap's one tree of arguments holds those of each command, which read the options that all have",
    ),
    (
        "crates/ner-formats/src/formats/format.rs",
        "crates/ner-formats/src/read/options.rs",
        "a format reads by options, and one of them names the format",
    ),
    (
        "crates/ner-formats/src/formats/format.rs",
        "crates/ner-formats/src/formats/job.rs",
        "a format's reader takes a job, which holds those options",
    ),
    (
        "crates/ner-package/src/package.rs",
        "crates/ner-package/src/sdist.rs",
        "a package is asked for its archives, and they are made of all that it holds",
    ),
    ("crates/ner-package/src/package.rs", "crates/ner-package/src/wheel.rs", "the same"),
    (
        "crates/ner-pipeline/src/components/sentencizer.rs",
        "crates/ner-pipeline/src/registrations.rs",
        "a factory's default is a registered name, and those stand in one file",
    ),
    ("crates/ner-pipeline/src/components/tok2vec.rs", "crates/ner-pipeline/src/registrations.rs", "the same"),
    (
        "crates/ner-pipeline/src/components/transformer.rs",
        "crates/ner-pipeline/src/registrations.rs",
        "the same",
    ),
    (
        "crates/ner-pipeline/src/recognizer/factories.rs",
        "crates/ner-pipeline/src/registrations.rs",
        "the same",
    ),
    (
        "crates/ner-pipeline/src/recognizer/entity_recognizer.rs",
        "crates/ner-pipeline/src/recognizer/learn.rs",
        "a trait is implemented in one place; its longest method has a file of its own",
    ),
    (
        "crates/ner-pipeline/src/recognizer/entity_recognizer.rs",
        "crates/ner-pipeline/src/recognizer/files.rs",
        "the same",
    ),
    (
        "crates/ner-pipeline/src/recognizer/entity_recognizer.rs",
        "crates/ner-pipeline/src/recognizer/tutors/",
        "the same",
    ),
];

/// Circles of files, each with the needs that close it, and accepted needs that are gone.
pub(crate) fn check(tree: &Tree) -> Vec<String> {
    check_but(tree, &ACCEPTED)
}

fn check_but(tree: &Tree, accepted: &[Accepted]) -> Vec<String> {
    let names = tree.crates();
    let needs: Vec<_> =
        names.iter().chain(&["xtask"]).map(|name| Modules::read(tree, name).needs()).collect();
    let is_accepted =
        |(file, needed): (&str, &str), (from, to, _): &Accepted| file == *from && needed.starts_with(to);
    let gone =
        // An exception that has lost its reason would hide the next circle between the same files.
        accepted.iter().filter(|accepted| !needs.iter().flatten().any(|need| is_accepted(*need, accepted)));
    let gone =
        gone.map(|(from, to, _)| format!("{from}: the accepted need of {to} is gone; take it off the list"));
    let left = needs.iter().map(|needs| {
        let left = needs.iter().copied();
        left.filter(|need| !accepted.iter().any(|accepted| is_accepted(*need, accepted))).collect()
    });
    gone.chain(left.flat_map(|needs| circles(&needs))).collect()
}

/// The shortest circle through each file that is in one.
fn circles(needs: &BTreeSet<(&str, &str)>) -> Vec<String> {
    let files: BTreeSet<_> = needs.iter().map(|(file, _)| *file).collect();
    let mut circles = BTreeMap::new();
    for circle in files.into_iter().filter_map(|file| shortest_circle(file, needs)) {
        let members: BTreeSet<_> = circle.iter().copied().collect();
        // Found from each of its files; told once.
        circles.entry(members).or_insert(circle);
    }
    circles.into_values().map(|circle| format!("{}, in a circle", circle.join(" needs "))).collect()
}

/// The files on the shortest way from a file back to it, which stands at both ends.
fn shortest_circle<'a>(start: &'a str, needs: &BTreeSet<(&'a str, &'a str)>) -> Option<Vec<&'a str>> {
    let mut came_from = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(file) = queue.pop_front() {
        // Pairs are sorted by the file that needs, so its needs stand side by side.
        for &(_, needed) in needs.range((file, "")..).take_while(|(from, _)| *from == file) {
            if needed == start {
                let mut way = vec![start, file];
                while let Some(&file) =
                    came_from.get(way[way.len() - 1]).filter(|_| way[way.len() - 1] != start)
                {
                    way.push(file);
                }
                way.reverse();
                return Some(way);
            }
            if !came_from.contains_key(needed) {
                came_from.insert(needed, file);
                queue.push_back(needed);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: [(&str, &str); 4] = [
        ("crates/ner-a/src/a.rs", "use crate::b::B;"),
        ("crates/ner-a/src/b.rs", "use crate::c::C;"),
        ("crates/ner-a/src/c.rs", "use crate::a::A;\nuse crate::d::D;"),
        ("crates/ner-a/src/d.rs", ""),
    ];

    #[test]
    fn a_circle_is_shown_with_all_its_files() {
        let [a, b, c, _] = FILES.map(|(file, _)| file);
        let expected = format!("{a} needs {b} needs {c} needs {a}, in a circle");
        assert_eq!(check_but(&Tree::of(&FILES), &[]), [expected]);
    }

    #[test]
    fn an_accepted_need_closes_no_circle_and_must_be_there() {
        let accepted = [("crates/ner-a/src/c.rs", "crates/ner-a/src/a.rs", "as a test")];
        assert!(check_but(&Tree::of(&FILES), &accepted).is_empty());
        let gone = [accepted[0], ("crates/ner-a/src/d.rs", "crates/ner-a/src/a.rs", "as a test")];
        let expected =
            "crates/ner-a/src/d.rs: the accepted need of crates/ner-a/src/a.rs is gone; take it off the list";
        assert_eq!(check_but(&Tree::of(&FILES), &gone), [expected]);
    }
}
