use ner_doc::{DocError, Example};
use ner_pipeline::Pipeline;
use ner_scorer::{ScoreCounts, Scorer, Scores, TokenScorer};

/// What the scorers of tokens and of a pipeline's components have counted.
#[derive(Debug)]
pub(crate) struct PipelineCounts(Vec<Box<dyn ScoreCounts>>);

impl PipelineCounts {
    pub(crate) fn of(pipeline: &Pipeline) -> PipelineCounts {
        let scorers = pipeline.scorers().map(Scorer::start);
        PipelineCounts(std::iter::once(TokenScorer.start()).chain(scorers).collect())
    }

    pub(crate) fn add(&mut self, examples: &[Example]) -> Result<(), DocError> {
        self.0.iter_mut().try_for_each(|counts| counts.add(examples))
    }

    pub(crate) fn scores(&self) -> Scores {
        self.0.iter().flat_map(|counts| counts.scores()).collect()
    }
}
