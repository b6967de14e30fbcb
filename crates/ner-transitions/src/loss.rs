use crate::INVALID;

/// The gradient of one state's scores under the log loss with several gold actions, and the row's share of the loss,
/// the sum of its squared gradient.
///
/// Gold are the cheapest valid actions if they cost at most 1; if there is none, the gradient is zero. All slices
/// have one entry an action; `costs` is what [`Actions::costs`](crate::Actions::costs) wrote.
pub fn log_loss_gradient(scores: &[f32], costs: &[u8], d_scores: &mut [f32]) -> f32 {
    let lowest_cost = costs.iter().copied().min().unwrap_or(INVALID);
    if lowest_cost > 1 {
        d_scores.fill(0.0);
        return 0.0;
    }
    let is_gold = |cost: u8| cost <= lowest_cost;
    let gold_scores = scores.iter().zip(costs).filter(|&(_, &cost)| is_gold(cost)).map(|(score, _)| score);
    let (highest, highest_gold) = (highest_of(scores.iter()), highest_of(gold_scores));
    // spaCy: every action has a share of the probability, valid or not.
    let (mut total, mut gold_total) = (1e-10_f64, 1e-10_f64);
    for (&score, &cost) in scores.iter().zip(costs) {
        total += (f64::from(score) - highest).exp();
        if is_gold(cost) {
            gold_total += (f64::from(score) - highest_gold).exp();
        }
    }
    let mut loss = 0.0;
    for ((&score, &cost), d_score) in scores.iter().zip(costs).zip(d_scores) {
        let predicted = (f64::from(score) - highest).exp() / total;
        let target = if is_gold(cost) { (f64::from(score) - highest_gold).exp() / gold_total } else { 0.0 };
        *d_score = (predicted - target) as f32;
        loss += *d_score * *d_score;
    }
    loss
}

fn highest_of<'a>(scores: impl Iterator<Item = &'a f32>) -> f64 {
    f64::from(scores.copied().fold(f32::NEG_INFINITY, f32::max))
}
