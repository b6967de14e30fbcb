use indexmap::IndexMap;
use ner_thinc::Array;

use super::{AttentionInput, EncoderNames, LayerNames};
use crate::HubError;

type Weights = IndexMap<String, Array>;

/// Weights under Hugging Face's names as curated transformers have them: queries, keys and values stacked, without
/// pooler. `hugging_face` and `curated` are the names of one encoder.
///
/// # Errors
/// If one of the weights is not there, or if what is to be stacked does not fit together.
pub fn to_curated(
    mut weights: Weights,
    hugging_face: &EncoderNames,
    curated: &EncoderNames,
) -> Result<Weights, HubError> {
    let mut out = Weights::new();
    for (from, to) in renamed(hugging_face, curated) {
        if let Some(array) = weights.swap_remove(&from) {
            out.insert(to, array);
        }
    }
    for (from, to) in hugging_face.layers.iter().zip(&curated.layers) {
        let (AttentionInput::Apart(parts), AttentionInput::Stacked(whole)) =
            (&from.attention_input, &to.attention_input)
        else {
            continue;
        };
        for kind in ["weight", "bias"] {
            let parts = parts.each_ref().map(|name| weights.swap_remove(&format!("{name}.{kind}")));
            let [Some(query), Some(key), Some(value)] = parts else { continue };
            out.insert(format!("{whole}.{kind}"), stacked([query, key, value])?);
        }
    }
    Ok(out)
}

/// The other way round; the pooler stays missing.
///
/// # Errors
/// If stacked rows do not divide into three.
pub fn from_curated(
    mut weights: Weights,
    curated: &EncoderNames,
    hugging_face: &EncoderNames,
) -> Result<Weights, HubError> {
    let mut out = Weights::new();
    for (from, to) in renamed(curated, hugging_face) {
        if let Some(array) = weights.swap_remove(&from) {
            out.insert(to, array);
        }
    }
    for (from, to) in curated.layers.iter().zip(&hugging_face.layers) {
        let (AttentionInput::Stacked(whole), AttentionInput::Apart(parts)) =
            (&from.attention_input, &to.attention_input)
        else {
            continue;
        };
        for kind in ["weight", "bias"] {
            let Some(array) = weights.swap_remove(&format!("{whole}.{kind}")) else { continue };
            for (name, array) in parts.iter().zip(unstacked(array)?) {
                out.insert(format!("{name}.{kind}"), array);
            }
        }
    }
    Ok(out)
}

/// Names of the weights that differ in nothing but their names.
fn renamed(from: &EncoderNames, to: &EncoderNames) -> Vec<(String, String)> {
    let tables = [
        (Some(from.word_embeddings), Some(to.word_embeddings)),
        (Some(from.position_embeddings), Some(to.position_embeddings)),
        (from.token_type_embeddings, to.token_type_embeddings),
    ];
    let tables = tables.into_iter().filter_map(|(from, to)| Some((from?.to_owned(), to?.to_owned())));
    let embeddings =
        [(Some(from.embeddings_norm), Some(to.embeddings_norm)), (from.projection, to.projection)];
    let embeddings = embeddings.into_iter().filter_map(|(from, to)| Some((from?, to?)));
    let layers = from.layers.iter().zip(&to.layers);
    let layers = layers.flat_map(|(from, to)| parts(from).into_iter().zip(parts(to)));
    let layers = embeddings.chain(layers);
    let layers = layers.flat_map(|(from, to)| {
        ["weight", "bias"].map(|kind| (format!("{from}.{kind}"), format!("{to}.{kind}")))
    });
    tables.chain(layers).collect()
}

fn parts(layer: &LayerNames) -> [&str; 5] {
    let LayerNames {
        attention_input: _,
        attention_output,
        attention_norm,
        intermediate,
        output,
        output_norm,
    } = layer;
    [attention_output, attention_norm, intermediate, output, output_norm]
}

fn stacked(parts: [Array; 3]) -> Result<Array, HubError> {
    let mut shape = parts[0].shape().to_vec();
    *shape.first_mut().ok_or_else(no_rows)? *= 3;
    let data = parts.into_iter().flat_map(|part| part.into_parts().1);
    Ok(Array::new(shape, data.collect())?)
}

fn unstacked(whole: Array) -> Result<[Array; 3], HubError> {
    let (mut shape, mut data) = whole.into_parts();
    *shape.first_mut().ok_or_else(no_rows)? /= 3;
    let third = data.len() / 3;
    let values = data.split_off(2 * third);
    let keys = data.split_off(third);
    Ok([Array::new(shape.clone(), data)?, Array::new(shape.clone(), keys)?, Array::new(shape, values)?])
}

fn no_rows() -> HubError {
    HubError::content("a single number", "rows of queries, keys and values", "get the weights again")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::EncoderConfig;

    #[test]
    fn there_and_back_changes_nothing() {
        for family in ["bert", "roberta", "albert"] {
            let config = json!({
                "model_type": family, "vocab_size": 5, "hidden_size": 4, "num_attention_heads": 2,
                "num_hidden_layers": 2, "intermediate_size": 3, "embedding_size": 2, "max_position_embeddings": 6,
            });
            let config = EncoderConfig::from_json(&config).unwrap();
            let (theirs, curated) =
                (EncoderNames::hugging_face(&config), EncoderNames::curated(&config).unwrap());
            let mut next = 0.0;
            let weights =
                theirs.weights(&config).into_iter().filter(|weight| !weight.is_pooler).map(|weight| {
                    let n = weight.shape.iter().product::<usize>();
                    next += 100.0;
                    let data = (0..n).map(|index| next + index as f32).collect();
                    (weight.name, Array::new(weight.shape, data).unwrap())
                });
            let weights: Weights = weights.collect();
            let converted = to_curated(weights.clone(), &theirs, &curated).unwrap();
            for weight in curated.weights(&config) {
                assert_eq!(converted[&weight.name].shape(), weight.shape, "{}", weight.name);
            }
            assert_eq!(converted.len(), curated.weights(&config).len());
            assert_eq!(from_curated(converted, &curated, &theirs).unwrap(), weights);
        }
    }

    #[test]
    fn queries_keys_and_values_are_stacked_in_this_order() {
        let array = |first: f32| Array::new(vec![1, 2], vec![first, first + 1.0]).unwrap();
        let whole = stacked([array(0.0), array(2.0), array(4.0)]).unwrap();
        assert_eq!(whole, Array::new(vec![3, 2], vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.0]).unwrap());
        let scalar = Array::new(vec![], vec![1.0]).unwrap();
        assert!(
            unstacked(scalar.clone()).is_err() && stacked([scalar.clone(), scalar.clone(), scalar]).is_err()
        );
    }
}
