//! Completes a document: every default is written out.

mod advice;
mod blocks;
mod components;
mod init_config;
mod named;
mod paths;
mod refused;
mod schema;
mod score_weights;
mod sections;

pub use init_config::{Encoder, InitOptions, Optimize, init_config, recommended_vectors, with_notes};
pub use schema::{
    DistillationConfig, InitializeConfig, NlpConfig, PretrainingConfig, RehearsalConfig, SystemConfig,
    TrainingConfig,
};

use crate::problems::Problems;
use crate::{ConfigError, Document, Registry, Table, Value};

impl Document {
    /// The default of every key of the standard sections. Those of functions come from a [`Registry`].
    pub fn defaults() -> Document {
        Document::from_toml_str(include_str!("defaults/config.toml")).expect("our own file is TOML")
    }

    /// The same for texts of the language `lang`, if it has defaults of its own.
    fn defaults_of(lang: Option<&Value>) -> Document {
        match lang.and_then(Value::as_str) {
            Some("zh") => {
                let chinese = Document::from_toml_str(include_str!("defaults/zh.toml"));
                Document::defaults().merge(&chinese.expect("our own file is TOML"))
            }
            _ => Document::defaults(),
        }
    }

    /// The document with every standard section, and the defaults of their keys in its language.
    pub fn with_sections(&self) -> Document {
        // A language that stands in a variable is found only once that is resolved; one that cannot be resolved is told by
        // `fill`.
        let merged = Document::defaults().merge(self);
        let lang = merged.resolve().ok().and_then(|resolved| resolved.get("nlp.lang").cloned());
        Document::defaults_of(lang.as_ref()).merge(self)
    }

    /// The document with the sections that pretraining needs.
    pub fn with_pretraining(&self) -> Document {
        let pretraining = include_str!("defaults/pretraining.toml");
        Document::from_toml_str(pretraining).expect("our own file is TOML").merge(self)
    }

    /// The document with the section that distillation needs.
    pub fn with_distillation(&self) -> Document {
        let distillation = include_str!("defaults/distillation.toml");
        Document::from_toml_str(distillation).expect("our own file is TOML").merge(self)
    }

    /// The document with every value written out: those of [`Document::defaults`], the defaults of each function
    /// that a block names, the default model of each component, and the weights of its scores.
    ///
    /// Components that are not in the pipeline are left out; a block that copies a component from elsewhere stays as it
    /// is, and then the weights of scores do too. Blocks of `[pretraining]` are filled, and checked only where they are
    /// read: a training without pretrained weights does not need them.
    ///
    /// # Errors
    /// All at once, with file and line: a section has an unknown key or a value of the wrong type, a variable refers to
    /// nothing, the pipeline names a component that is not there or not known here, or arguments of a function are
    /// missing, unexpected or of the wrong type.
    pub fn fill(&self, registry: &Registry) -> Result<Document, ConfigError> {
        let mut problems = Problems::default();
        let filled = self.fill_with(registry, &mut problems)?;
        problems.into_result().map_err(|error| self.locate(error))?;
        Ok(filled)
    }

    fn fill_with(&self, registry: &Registry, problems: &mut Problems) -> Result<Document, ConfigError> {
        sections::check_keys(self, problems);
        paths::check(self, problems);
        let merged = self.with_sections();
        let resolved = merged.resolve_with(problems)?;
        paths::check_corpora(&resolved, problems);
        sections::check_values(&resolved, problems);
        let Some(pipeline) = components::pipeline(self, &resolved, problems) else { return Ok(merged) };
        let mut root = merged.root().clone();
        let components = components::filled(&root, &resolved, &pipeline, registry, problems);
        let pretraining = root.shift_remove("pretraining").unwrap_or_else(|| Table::new().into());
        // spaCy: writes these two last, wherever they stood.
        root.shift_remove("components");
        root.extend([("components".to_owned(), components.into()), ("pretraining".to_owned(), pretraining)]);
        blocks::fill(&mut root, resolved.root(), "", registry);
        let mut filled = Document::new(root);
        // The score weights of a copied component are known only when its pipeline is opened.
        if !components::have_sources(&filled) {
            let factories = pipeline.iter().filter_map(|name| components::factory(name, &resolved, registry));
            score_weights::complete(&mut filled, factories);
        }
        blocks::check(filled.resolve_with(problems)?.root(), registry, problems);
        Ok(self.replaced(filled))
    }
}
