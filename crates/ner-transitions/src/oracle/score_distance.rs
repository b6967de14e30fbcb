use super::Objective;

/// spaCy's rehearsal: the scores are to be those of a tutor, the model as it was before. The loss is the sum of the squared
/// gradient. Actions that the tutor lacks, which are numbered last, are left alone.
#[derive(Copy, Clone, Debug)]
pub struct ScoreDistance<'a> {
    /// The scores that the tutor gives the state's actions.
    pub tutor: &'a [f32],
    /// States that are scored in the same step.
    ///
    /// spaCy: the gradient is divided by them, which that of an update is not (transition_parser.pyx).
    pub n_states: usize,
}

impl Objective for ScoreDistance<'_> {
    fn gradient(&self, scores: &[f32], _costs: &[u8], d_scores: &mut [f32]) -> f32 {
        let (known, new) = d_scores.split_at_mut(self.tutor.len());
        new.fill(0.0);
        let mut loss = 0.0;
        for ((d_score, score), tutor) in known.iter_mut().zip(scores).zip(self.tutor) {
            *d_score = (score - tutor) / self.n_states as f32;
            loss += *d_score * *d_score;
        }
        loss
    }
}
