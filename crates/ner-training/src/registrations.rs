use ner_config::{Kind, Registry};

use crate::batcher::{batch_by_padded, batch_by_sequence, batch_by_words};
use crate::loggers::{console_logger_v1, console_logger_v2, console_logger_v3};

/// Loggers of the package spacy-loggers.
const OF_PYTHON: [&str; 9] = [
    "spacy.WandbLogger.v1",
    "spacy.WandbLogger.v2",
    "spacy.WandbLogger.v3",
    "spacy.WandbLogger.v4",
    "spacy.WandbLogger.v5",
    "spacy.MLflowLogger.v1",
    "spacy.MLflowLogger.v2",
    "spacy.ClearMLLogger.v1",
    "spacy.ClearMLLogger.v2",
];

/// Registers the batchers, which build a `Box<dyn Batcher>`, and the loggers, which build a `Box<dyn Logger>`. The sizes of batches may name schedules: those are registered by `ner_optim`.
pub fn register(registry: &mut Registry) {
    registry
        .add(Kind::Batchers, "spacy.batch_by_words.v1", batch_by_words)
        .add(Kind::Batchers, "spacy.batch_by_padded.v1", batch_by_padded)
        .add(Kind::Batchers, "spacy.batch_by_sequence.v1", batch_by_sequence)
        .add(Kind::Loggers, "spacy.ConsoleLogger.v1", console_logger_v1)
        .add(Kind::Loggers, "spacy.ConsoleLogger.v2", console_logger_v2)
        .add(Kind::Loggers, "spacy.ConsoleLogger.v3", console_logger_v3);
    for logger in OF_PYTHON {
        registry.lack(
            Kind::Loggers,
            logger,
            "it sends its reports from Python: take spacy.ConsoleLogger.v3, whose `output_file` gets a line of JSON for \
             each row",
        );
    }
}
