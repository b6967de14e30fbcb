use crate::ScoreWeights;

/// The facts of a run before its first step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunPlan {
    /// All components, in the order of the pipeline.
    pub pipeline: Vec<String>,
    /// The components that are trained, in the order of the pipeline.
    pub trained: Vec<String>,
    /// `training.frozen_components`
    pub frozen: Vec<String>,
    /// `training.annotating_components`
    pub annotating: Vec<String>,
    /// The learning rate of the first step.
    pub learn_rate: f64,
    /// `training.score_weights`, and those of the scores that are reported besides.
    pub score_weights: ScoreWeights,
    /// The recogniser whose score of the action "out" is tuned at each evaluation, if one is.
    pub tuned: Option<String>,
    /// Whether the halves of the evaluation corpus are scored, too.
    pub dev_halves: bool,
    /// `training.max_steps`
    pub max_steps: usize,
    /// `training.eval_frequency`
    pub eval_frequency: usize,
    /// The number of the step that comes next: 0, or another one in a run that was resumed.
    pub first_step: usize,
}
