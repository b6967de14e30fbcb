use ner_config::{Kind, Registry};

use crate::adam::{adam, decaying_averages, radam, sgd};
use crate::fine_tuning::fine_tuning;
use crate::grouped::grouped;
use crate::schedules::{
    compounding, constant, constant_then, cyclic_triangular, decaying, slanted_triangular, warmup_cosine,
    warmup_linear,
};

/// Registers Thinc's optimisers and two that treat parameters apart, which build a `Box<dyn `[`Optimizer`](crate::Optimizer)`>`, and its schedules, which
/// build a [`Schedule`](crate::Schedule).
pub fn register(registry: &mut Registry) {
    registry
        .add(Kind::Optimizers, "Adam.v1", adam)
        .add(Kind::Optimizers, "RAdam.v1", radam)
        .add(Kind::Optimizers, "SGD.v1", sgd)
        .add(Kind::Optimizers, "ner.Adam.v1", decaying_averages)
        .add(Kind::Optimizers, "ner.grouped.v1", grouped)
        .add(Kind::Optimizers, "ner.fine_tuning.v1", fine_tuning)
        .add(Kind::Schedules, "constant.v1", constant)
        .add(Kind::Schedules, "constant_then.v1", constant_then)
        .add(Kind::Schedules, "compounding.v1", compounding)
        .add(Kind::Schedules, "decaying.v1", decaying)
        .add(Kind::Schedules, "warmup_linear.v1", warmup_linear)
        .add(Kind::Schedules, "slanted_triangular.v1", slanted_triangular)
        .add(Kind::Schedules, "cyclic_triangular.v1", cyclic_triangular)
        .add(Kind::Schedules, "ner.warmup_cosine.v1", warmup_cosine);
}
