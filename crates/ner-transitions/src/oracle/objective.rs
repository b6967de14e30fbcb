use std::fmt::Debug;

/// The goal of training for one state: how the scores of its actions should change, given what each action costs.
///
/// It is called once for each state that training visits, which is about once a token, and does not see the network
/// behind the scores. A goal that depends on more than scores and costs, such as the distribution that another model has
/// for the state, is an implementor made for that state, which borrows the rest.
pub trait Objective: Debug + Send + Sync {
    /// Writes the gradient of the loss by each score into `d_scores`, and returns the state's part of the loss that is
    /// reported. The slices have one entry an action. An action of cost 0 is right and one of cost
    /// [`INVALID`](crate::INVALID) not valid; the others are wrong.
    fn gradient(&self, scores: &[f32], costs: &[u8], d_scores: &mut [f32]) -> f32;
}
