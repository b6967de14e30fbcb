use ner_pipeline::{Component, Pipeline};

use crate::failure::Usage;

/// How recognisers search, whatever the pipeline says.
#[derive(clap::Args)]
pub(crate) struct BeamArgs {
    /// Follow this many action sequences of a text side by side; 1: take the best action each time. As the pipeline says
    /// if not given.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    beam_width: Option<u32>,
    /// Give up sequences that have less than this share of the best one's probability; 0: none.
    #[arg(long, value_name = "SHARE", value_parser = parse_share)]
    beam_density: Option<f64>,
}

fn parse_share(text: &str) -> Result<f64, &'static str> {
    text.parse().ok().filter(|share| (0.0..=1.0).contains(share)).ok_or("expected a number from 0 to 1")
}

impl BeamArgs {
    /// Sets the recognisers of the pipeline.
    pub(crate) fn apply_to(&self, pipeline: &mut Pipeline) {
        let names: Vec<String> = pipeline.components().keys().cloned().collect();
        for name in names {
            if let Some(Component::EntityRecognizer(recognizer)) = pipeline.component_mut(&name) {
                let settings = recognizer.settings_mut();
                settings.beam_width = self.beam_width.unwrap_or(settings.beam_width);
                settings.beam_density = self.beam_density.unwrap_or(settings.beam_density);
            }
        }
    }
}

/// Fails unless some recogniser searches with a beam: no other is more or less sure of an entity.
pub(crate) fn check_scores(pipeline: &Pipeline) -> Result<(), Usage> {
    let has_beam = |component: &Component| match component {
        Component::EntityRecognizer(recognizer) => recognizer.settings().beam_width > 1,
        _ => false,
    };
    if pipeline.components().values().any(has_beam) {
        return Ok(());
    }
    Err(Usage("--scores needs beam search, which this pipeline does not use: add --beam-width 16".to_owned()))
}
