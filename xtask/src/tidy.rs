//! `cargo xtask tidy`: checks what this workspace promises about itself, and shows how large it is.

mod circles;
mod comments;
mod configs;
mod floors;
mod folders;
mod modules;
mod paths;
mod readme;
mod rust;
mod sizes;
mod strays;
mod tree;

use anyhow::{Result, ensure};

use tree::Tree;

/// Checks the tree below the workspace's root, prints what is wrong and the sizes, and fails if anything is wrong.
#[expect(clippy::print_stdout, reason = "the findings are what the task is asked for")]
pub(crate) fn run() -> Result<()> {
    let root = crate::workspace::root();
    let tree = Tree::read(root)?;
    let problems = problems(&tree);
    print!("{}{}", sizes::report(&tree), folders::same_names(&tree));
    problems.iter().for_each(|problem| println!("{problem}"));
    ensure!(problems.is_empty(), "found {} things to mend, shown above", problems.len());
    Ok(())
}

/// The findings, one line each, beginning with the file.
fn problems(tree: &Tree) -> Vec<String> {
    let checks = [
        floors::check,
        circles::check,
        folders::check,
        comments::check,
        strays::registered_names,
        strays::effects,
        strays::marks,
        strays::machine_paths,
        readme::check,
        configs::check,
    ];
    checks.iter().flat_map(|check| check(tree)).collect()
}
