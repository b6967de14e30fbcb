mod notes;
mod options;
mod recommended;

pub use self::notes::with_notes;
pub use self::options::{Encoder, InitOptions, Optimize};
pub use self::recommended::recommended_vectors;

use self::recommended::Recommended;
use crate::{ConfigError, Document, Registry, Table, Value};

/// The factories that spaCy's template adds where a component listens to one of them.
const SHARED: [&str; 2] = ["tok2vec", "transformer"];

/// A complete configuration for a new pipeline.
///
/// Fails if a component or a function that it needs is not in `registry`.
pub fn init_config(options: &InitOptions, registry: &Registry) -> Result<Document, ConfigError> {
    let mut document = template(include_str!("../defaults/init.toml"));
    document.set("nlp.lang", options.lang.as_str());
    if options.gpu {
        document.set("nlp.batch_size", 128);
    }
    let recommended = Recommended::of(&options.lang);
    let shared = match options.transformer(recommended) {
        Some(name) => {
            document = with_transformer(&document, name, options);
            "transformer"
        }
        None => {
            document = with_accuracy(document, options);
            "tok2vec"
        }
    };
    add_components(&mut document, &options.pipeline, shared);
    let filled = document.fill(registry)?;
    Ok(if options.pretraining { filled.with_pretraining() } else { filled })
}

fn template(text: &str) -> Document {
    Document::from_toml_str(text).expect("our own file is TOML")
}

/// The document with what favours accuracy, if that is asked for: word vectors and a larger network, as spaCy has it, or
/// without vectors larger tables and another way to train.
fn with_accuracy(mut document: Document, options: &InitOptions) -> Document {
    if options.optimize != Optimize::Accuracy {
        return document;
    }
    // Without vectors spaCy's config cannot be trained: it names some, or says that there are some. And the recipe is about a
    // recogniser.
    if options.vectors.is_none() && options.pipeline.iter().any(|name| name == "ner") {
        return document.merge(&template(include_str!("../defaults/init_accurate.toml")));
    }
    // spaCy: the widths, depths and vectors of its quickstart template
    // (spacy/cli/templates/quickstart_training.jinja).
    document.set("paths.vectors", options.vectors.as_deref().map_or(Value::Null, Value::from));
    document.set("components.tok2vec.model.embed.include_static_vectors", true);
    document.set("components.tok2vec.model.encode.width", 256);
    document.set("components.tok2vec.model.encode.depth", 8);
    document
}

/// The document with the pretrained encoder `name` in place of a `tok2vec`.
fn with_transformer(document: &Document, name: &str, options: &InitOptions) -> Document {
    let mut document = document.merge(&template(include_str!("../defaults/init_transformer.toml")));
    document.set("components.transformer.model.name", name);
    match &options.encoder {
        Some(encoder) if !options.gpu => {
            let mut document = document.merge(&template(include_str!("../defaults/init_encoder.toml")));
            document.set("training.optimizer.learn_rate.initial_rate", encoder.learn_rate());
            document
        }
        _ => document,
    }
}

/// Puts the components of `pipeline` in order, after the `shared` one if one of them listens to it. Those that the template
/// lacks are taken for names of factories.
fn add_components(document: &mut Document, pipeline: &[String], shared: &str) {
    let needs_shared = pipeline.iter().any(|name| name == "ner");
    let others = pipeline.iter().map(String::as_str).filter(|name| !SHARED.contains(name));
    let names: Vec<&str> = needs_shared.then_some(shared).into_iter().chain(others).collect();
    let template = |name: &str| document.get(&format!("components.{name}")).cloned();
    let by_factory = |name: &str| Table::from_iter([("factory".to_owned(), name.into())]).into();
    let components: Table = names
        .iter()
        .map(|name| ((*name).to_owned(), template(name).unwrap_or_else(|| by_factory(name))))
        .collect();
    document.set("components", components);
    document.set("nlp.pipeline", names);
}
