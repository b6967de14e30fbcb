use ner_config::{Kind, Registry};

use crate::batcher::{batch_by_padded, batch_by_sequence, batch_by_words};
use crate::loggers::{
    chain_logger, console_logger_v1, console_logger_v2, console_logger_v3, tensor_board_logger,
    unheard_logger,
};

/// The loggers of the package spacy-loggers that need Python.
const UNHEARD: [&str; 12] = [
    "spacy.WandbLogger.v1",
    "spacy.WandbLogger.v2",
    "spacy.WandbLogger.v3",
    "spacy.WandbLogger.v4",
    "spacy.WandbLogger.v5",
    "spacy.MLflowLogger.v1",
    "spacy.MLflowLogger.v2",
    "spacy.ClearMLLogger.v1",
    "spacy.ClearMLLogger.v2",
    "spacy.CupyLogger.v1",
    "spacy.LookupLogger.v1",
    "spacy.PyTorchLogger.v1",
];

/// What does their work here.
const INSTEAD: &str = "training.html in the output directory shows the run; `output_file` of spacy.ConsoleLogger.v3 gets a \
                       line of JSON for each evaluation, ner.TensorBoardLogger.v1 writes curves, and spacy.ChainLogger.v1 \
                       joins several loggers";

/// Registers the batchers, which build a `Box<dyn Batcher>`, and the loggers, which build a `Box<dyn Logger>`. The sizes of batches may name schedules: those are registered by `ner_optim`.
pub fn register(registry: &mut Registry) {
    registry
        .add(Kind::Batchers, "spacy.batch_by_words.v1", batch_by_words)
        .add(Kind::Batchers, "spacy.batch_by_padded.v1", batch_by_padded)
        .add(Kind::Batchers, "spacy.batch_by_sequence.v1", batch_by_sequence)
        .add(Kind::Loggers, "spacy.ConsoleLogger.v1", console_logger_v1)
        .add(Kind::Loggers, "spacy.ConsoleLogger.v2", console_logger_v2)
        .add(Kind::Loggers, "spacy.ConsoleLogger.v3", console_logger_v3)
        .add(Kind::Loggers, "spacy.ChainLogger.v1", chain_logger)
        .add(Kind::Loggers, "ner.TensorBoardLogger.v1", tensor_board_logger);
    for name in UNHEARD {
        registry
            .add(Kind::Loggers, name, move |config, builder| unheard_logger(name, INSTEAD, config, builder));
    }
}
