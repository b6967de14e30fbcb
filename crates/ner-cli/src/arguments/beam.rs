use ner_pipeline::{EntityRecognizer, Pipeline};

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
    // clap has ranges of integers only.
    text.parse().ok().filter(|share| (0.0..=1.0).contains(share)).ok_or("expected a number from 0 to 1")
}

impl BeamArgs {
    /// Sets the recognisers of the pipeline.
    pub(crate) fn apply_to(&self, pipeline: &mut Pipeline) {
        for recognizer in pipeline.recognizers_mut() {
            let settings = recognizer.settings_mut();
            settings.beam_width = self.beam_width.unwrap_or(settings.beam_width);
            settings.beam_density = self.beam_density.unwrap_or(settings.beam_density);
        }
    }
}

/// Fails unless some recogniser searches with a beam: no other is more or less sure of an entity.
pub(crate) fn check_scores(pipeline: &Pipeline) -> Result<(), Usage> {
    let mut recognizers =
        pipeline.components().values().filter_map(|component| component.downcast_ref::<EntityRecognizer>());
    if recognizers.any(|recognizer| recognizer.settings().beam_width > 1) {
        return Ok(());
    }
    Err(Usage("--scores needs beam search, which this pipeline does not use: add --beam-width 16".to_owned()))
}
