use crate::{ConfigError, Document, Registry, Table, Value};

/// The published pipeline with the largest word vectors, for each language that has one.
const VECTORS: [(&str, &str); 15] = [
    ("da", "da_core_news_lg"),
    ("de", "de_core_news_lg"),
    ("el", "el_core_news_lg"),
    ("en", "en_core_web_lg"),
    ("es", "es_core_news_lg"),
    ("fr", "fr_core_news_lg"),
    ("it", "it_core_news_lg"),
    ("ja", "ja_core_news_lg"),
    ("lt", "lt_core_news_lg"),
    ("nb", "nb_core_news_lg"),
    ("nl", "nl_core_news_lg"),
    ("pl", "pl_core_news_lg"),
    ("pt", "pt_core_news_lg"),
    ("ro", "ro_core_news_lg"),
    ("zh", "zh_core_web_lg"),
];

/// Whether a new configuration favours speed or accuracy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Optimize {
    /// Small and fast: width 96, depth 4.
    Efficiency,
    /// Larger, with word vectors: width 256, depth 8.
    Accuracy,
}

/// The choices behind a new configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InitOptions {
    /// The code of the language, such as `en`.
    pub lang: String,
    /// The components; `tok2vec` is added where one needs it.
    pub pipeline: Vec<String>,
    /// Speed or accuracy.
    pub optimize: Optimize,
    /// Whether it will run on a GPU: 128 texts are then predicted at once instead of 1000.
    pub gpu: bool,
    /// Whether it gets the sections that pretraining needs.
    pub pretraining: bool,
}

/// A complete configuration for a new pipeline.
///
/// Fails if a component or a function that it needs is not in `registry`.
pub fn init_config(options: &InitOptions, registry: &Registry) -> Result<Document, ConfigError> {
    let mut document =
        Document::from_toml_str(include_str!("defaults/init.toml")).expect("our own file is TOML");
    document.set("nlp.lang", options.lang.as_str());
    if options.gpu {
        document.set("nlp.batch_size", 128);
    }
    // spaCy: the widths, depths and vectors of its quickstart template (spacy/cli/templates/quickstart_training.jinja).
    if options.optimize == Optimize::Accuracy {
        let vectors = VECTORS.iter().find(|(lang, _)| *lang == options.lang);
        document.set("paths.vectors", vectors.map_or(Value::Null, |(_, vectors)| (*vectors).into()));
        document.set("components.tok2vec.model.embed.include_static_vectors", true);
        document.set("components.tok2vec.model.encode.width", 256);
        document.set("components.tok2vec.model.encode.depth", 8);
    }
    add_components(&mut document, &options.pipeline);
    let filled = document.fill(registry)?;
    Ok(if options.pretraining { filled.with_pretraining() } else { filled })
}

/// Puts the components of `pipeline` in order. Those that the template lacks are taken for names of factories.
fn add_components(document: &mut Document, pipeline: &[String]) {
    let needs_tok2vec = pipeline.iter().any(|name| name == "ner");
    let others = pipeline.iter().map(String::as_str).filter(|name| *name != "tok2vec");
    let names: Vec<&str> = needs_tok2vec.then_some("tok2vec").into_iter().chain(others).collect();
    let template = |name: &str| document.get(&format!("components.{name}")).cloned();
    let by_factory = |name: &str| Table::from_iter([("factory".to_owned(), name.into())]).into();
    let components: Table = names
        .iter()
        .map(|name| ((*name).to_owned(), template(name).unwrap_or_else(|| by_factory(name))))
        .collect();
    document.set("components", components);
    document.set("nlp.pipeline", names);
}
