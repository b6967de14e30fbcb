use super::sentences::TokenLine;
use crate::FormatError;
use crate::formats::dkpro::{NAMED_ENTITY, is_syntax, label_feature, short_name};
use crate::source::Source;

/// A layer of spans: its name, and the columns of its features.
pub(super) struct Layer<'a> {
    name: &'a str,
    features: Vec<&'a str>,
    /// The column of the first feature; the first three of a line are index, offsets and token.
    first_column: usize,
}

/// Which column holds the labels.
pub(super) struct LabelColumn<'a> {
    pub(super) index: usize,
    /// What an annotation without a value is called: the layer's name without the packages before it.
    pub(super) unnamed: &'a str,
    /// Other layers with spans.
    pub(super) n_other_layers: usize,
    /// What was chosen, where the file leaves a choice.
    pub(super) finding: Option<String>,
}

const FIRST_COLUMN: usize = 3;

/// The layers of spans that the header declares, and how many columns a line has for all layers.
pub(super) fn span_layers(text: &str) -> (Vec<Layer<'_>>, usize) {
    let mut column = FIRST_COLUMN;
    let mut layers = Vec::new();
    for line in text.lines().take_while(|line| !line.starts_with("#Text=")) {
        let kinds = ["#T_SP=", "#T_RL=", "#T_CH="];
        let Some((kind, declared)) = kinds.iter().find_map(|kind| Some((*kind, line.strip_prefix(kind)?)))
        else {
            continue;
        };
        let mut parts = declared.trim_end().split('|');
        let name = parts.next().unwrap_or_default();
        let features: Vec<_> = parts.filter(|feature| !feature.is_empty()).collect();
        // A layer without features has one column for whether it is there. The last name of a relation is that of the
        // layer that it joins, and its column says which tokens.
        let n_columns = features.len().max(1);
        if kind == "#T_SP=" {
            layers.push(Layer { name, features, first_column: column });
        }
        column += n_columns;
    }
    (layers, column)
}

impl<'a> Layer<'a> {
    /// The column of the label; that of the first feature if none of them says that it is one.
    fn label_column(&self) -> usize {
        self.first_column + label_feature(short_name(self.name), &self.features).unwrap_or(0)
    }

    /// Whether a column of the layer has a value in some of the lines.
    fn is_used(&self, lines: &[&TokenLine<'_>]) -> bool {
        let columns = self.first_column..self.first_column + self.features.len().max(1);
        let has_value = |line: &&TokenLine<'_>| {
            columns
                .clone()
                .any(|column| line.columns.get(column).is_some_and(|value| !matches!(*value, "_" | "")))
        };
        lines.iter().any(has_value)
    }
}

/// The column of the layer of named entities, or of the only layer that has values and is not of syntax.
pub(super) fn label_column<'a>(
    source: &Source,
    layers: &[Layer<'a>],
    lines: &[&TokenLine<'_>],
) -> Result<Option<LabelColumn<'a>>, FormatError> {
    let used: Vec<_> = layers.iter().filter(|layer| layer.is_used(lines)).collect();
    let is_entities = |layer: &&&Layer<'_>| short_name(layer.name) == NAMED_ENTITY;
    let candidates: Vec<_> = match used.iter().find(is_entities) {
        Some(layer) => vec![*layer],
        None => used.iter().copied().filter(|layer| !is_syntax(short_name(layer.name))).collect(),
    };
    let layer = match candidates.as_slice() {
        [] => return Ok(None),
        [layer] => *layer,
        several => {
            let names: Vec<_> = several.iter().map(|layer| layer.name).collect();
            let message = format!(
                "the span layers {} all have values, and one is read; export the document with one of them enabled",
                names.join(", ")
            );
            return Err(source.error(source.text(), None, message));
        }
    };
    let index = layer.label_column();
    let feature = layer.features.get(index - layer.first_column).copied().unwrap_or_default();
    let finding = (!is_entities(&&layer)).then(|| format!("entities are the layer {}|{feature}", layer.name));
    Ok(Some(LabelColumn { index, unnamed: short_name(layer.name), n_other_layers: used.len() - 1, finding }))
}
