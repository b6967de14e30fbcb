use std::path::{Path, PathBuf};

use ner_config::{Document, Table, Value};

use crate::StudyError;

/// What a search varies, as a TOML file says.
///
/// ```toml
/// [fixed]                      # values of all trials
/// "training.max_steps" = 2000
///
/// [space]                      # trials are drawn from these
/// "training.dropout" = { uniform = [0.05, 0.4] }
/// "training.optimizer.learn_rate" = { log_uniform = [3e-4, 1e-2] }
/// "components.tok2vec.model.encode.depth" = { integers = [2, 6] }
/// "training.optimizer.use_averages" = [true, false]
/// ```
///
/// or, in place of `[space]`, a list of trials:
///
/// ```toml
/// [[variants]]
/// name = "as it is"
///
/// [[variants]]
/// name = "dropout 0.3"
/// "training.dropout" = 0.3
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Space {
    /// The file.
    pub file: PathBuf,
    /// Values of all trials, by their dotted keys.
    pub fixed: Table,
    /// From what the values of a trial are drawn.
    pub ranges: Vec<(String, Range)>,
    /// Trials with their names and values.
    pub variants: Vec<(String, Table)>,
}

/// From what a value is drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum Range {
    /// One of these.
    Choice(Vec<Value>),
    /// A number between these, each as likely as any other.
    Uniform(f64, f64),
    /// A number between these, whose logarithm is as likely as any other.
    LogUniform(f64, f64),
    /// A whole number from the first to the last.
    Integers(i64, i64),
}

impl Space {
    /// Reads a file.
    ///
    /// # Errors
    /// If it cannot be read, has other keys, or a range is none.
    pub fn read(file: &Path) -> Result<Space, StudyError> {
        let document = Document::read(file)?;
        Space::of(file, document.root())
            .map_err(|message| StudyError::Space { file: file.to_owned(), message })
    }

    fn of(file: &Path, root: &Table) -> Result<Space, String> {
        let mut space =
            Space { file: file.to_owned(), fixed: Table::new(), ranges: Vec::new(), variants: Vec::new() };
        for (name, value) in root {
            match (name.as_str(), value) {
                ("fixed", Value::Table(values)) => space.fixed = keys("fixed", values)?,
                ("space", Value::Table(ranges)) => {
                    for (key, range) in keys("space", ranges)? {
                        let range =
                            Range::of(&range).map_err(|message| format!("[space] {key:?}: {message}"))?;
                        space.ranges.push((key, range));
                    }
                }
                ("variants", Value::List(variants)) => {
                    for (index, variant) in variants.iter().enumerate() {
                        space.variants.push(read_variant(index, variant)?);
                    }
                }
                _ => {
                    return Err(format!(
                        "found {name:?}, expected the sections [fixed] and [space], or [[variants]]"
                    ));
                }
            }
        }
        match (space.ranges.is_empty(), space.variants.is_empty()) {
            (true, true) => {
                Err("there is nothing to try; give it a section [space], or [[variants]]".to_owned())
            }
            (false, false) => Err("found [space] and [[variants]], expected one of them".to_owned()),
            _ => Ok(space),
        }
    }
}

/// The dotted keys of a section.
fn keys(section: &str, values: &Table) -> Result<Table, String> {
    match values.keys().find(|key| !key.contains('.')) {
        Some(key) => Err(format!(
            "[{section}] {key}: expected the whole key of the config in quotes, as in \"training.dropout\" = 0.3"
        )),
        None => Ok(values.clone()),
    }
}

fn read_variant(index: usize, variant: &Value) -> Result<(String, Table), String> {
    let section = format!("variant {}", index + 1);
    let mut values = variant.as_table().ok_or_else(|| format!("{section}: expected a section"))?.clone();
    let name = values.shift_remove("name");
    let name = name.as_ref().and_then(Value::as_str).ok_or_else(|| format!("{section}: expected a name"))?;
    Ok((name.to_owned(), keys(&format!("variants {name:?}"), &values)?))
}

impl Range {
    fn of(value: &Value) -> Result<Range, String> {
        let expected = || {
            "expected a list of values, or one of { uniform = [0.1, 0.5] }, { log_uniform = [1e-4, 1e-2] }, { integers = [1, 8] }"
                .to_owned()
        };
        if let Value::List(values) = value {
            return if values.is_empty() { Err(expected()) } else { Ok(Range::Choice(values.clone())) };
        }
        let [(kind, Value::List(bounds))] = value.as_table().into_iter().flatten().collect::<Vec<_>>()[..]
        else {
            return Err(expected());
        };
        let number = |value: &Value| match value {
            Value::Integer(number) => Some(*number as f64),
            Value::Float(number) => Some(*number).filter(|number| number.is_finite()),
            _ => None,
        };
        let bounds: Vec<f64> = bounds.iter().map(number).collect::<Option<_>>().ok_or_else(expected)?;
        let [low, high] = bounds[..] else { return Err(expected()) };
        let is_whole = low.fract() == 0.0 && high.fract() == 0.0;
        match kind.as_str() {
            _ if low > high => Err(format!("found {low} before {high}, expected the lower bound first")),
            "uniform" => Ok(Range::Uniform(low, high)),
            "log_uniform" if low > 0.0 => Ok(Range::LogUniform(low, high)),
            "log_uniform" => Err(format!("found {low}, expected bounds above 0, which have a logarithm")),
            "integers" if is_whole => Ok(Range::Integers(low as i64, high as i64)),
            "integers" => Err("expected whole numbers as bounds".to_owned()),
            _ => Err(expected()),
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Expect) {
        let document = Document::from_toml_str(text).unwrap_or_default();
        let found = match Space::of(Path::new("space.toml"), document.root()) {
            Ok(space) => format!("{:?} {:?} {:?}", space.fixed, space.ranges, space.variants),
            Err(message) => message,
        };
        expected.assert_eq(&found);
    }

    #[test]
    fn a_space_has_ranges_or_variants() {
        check(
            "[space]\n\"a.b\" = [1, true]\n\"a.c\" = { log_uniform = [1e-3, 1] }",
            expect![[
                r#"{} [("a.b", Choice([Integer(1), Bool(true)])), ("a.c", LogUniform(0.001, 1.0))] []"#
            ]],
        );
        check(
            "[fixed]\n\"a.b\" = 1\n[[variants]]\nname = \"x\"\n\"a.c\" = {d = 2}",
            expect![[r#"{"a.b": Integer(1)} [] [("x", {"a.c": Table({"d": Integer(2)})})]"#]],
        );
    }

    #[test]
    fn what_is_no_space_is_told() {
        check("", expect!["there is nothing to try; give it a section [space], or [[variants]]"]);
        check(
            "[spaces]",
            expect![[r#"found "spaces", expected the sections [fixed] and [space], or [[variants]]"#]],
        );
        check(
            "[space]\ntraining.dropout = [1]",
            expect![[
                r#"[space] training: expected the whole key of the config in quotes, as in "training.dropout" = 0.3"#
            ]],
        );
        check(
            "[space]\n\"a.b\" = 1",
            expect![[
                r#"[space] "a.b": expected a list of values, or one of { uniform = [0.1, 0.5] }, { log_uniform = [1e-4, 1e-2] }, { integers = [1, 8] }"#
            ]],
        );
        check(
            "[space]\n\"a.b\" = { uniform = [2, 1] }",
            expect![[r#"[space] "a.b": found 2 before 1, expected the lower bound first"#]],
        );
        check(
            "[space]\n\"a.b\" = { log_uniform = [0, 1] }",
            expect![[r#"[space] "a.b": found 0, expected bounds above 0, which have a logarithm"#]],
        );
        check(
            "[space]\n\"a.b\" = { integers = [0.5, 1] }",
            expect![[r#"[space] "a.b": expected whole numbers as bounds"#]],
        );
        check("[[variants]]\n\"a.b\" = 1", expect!["variant 1: expected a name"]);
    }
}
