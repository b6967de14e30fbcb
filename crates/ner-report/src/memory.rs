use ner_training::MemoryPlan;

use crate::Table;

/// What a run will need, in one line.
pub fn memory_line(plan: &MemoryPlan) -> String {
    format!(
        "Memory: about {} (weights with gradients and optimizer {}, a batch of {} tokens {})",
        megabytes(plan.total()),
        megabytes(plan.weights),
        plan.batch_tokens,
        megabytes(plan.batch)
    )
}

/// The weights of each component, and what training needs.
pub fn memory_table(plan: &MemoryPlan) -> String {
    let mut table = Table::of_numbers();
    table.add(["", "weights", "MB"]);
    let all = plan.components.values().sum();
    for (name, count) in
        plan.components.iter().map(|(name, count)| (name.as_str(), *count)).chain([("all", all)])
    {
        table.add([name.to_owned(), count.to_string(), megabytes_alone(count * size_of::<f32>())]);
    }
    let checkpoints = if plan.batch_with_checkpoints < plan.batch {
        let total = plan.weights + plan.batch_with_checkpoints;
        format!("\nwith gradient_checkpointing = true in transformer_config: about {}", megabytes(total))
    } else {
        String::new()
    };
    format!("{table}\n{}{checkpoints}", memory_line(plan))
}

fn megabytes(bytes: usize) -> String {
    format!("{} MB", megabytes_alone(bytes))
}

fn megabytes_alone(bytes: usize) -> String {
    format!("{:.1}", bytes as f64 / 1e6)
}
