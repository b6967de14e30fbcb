//! Loggers: the part of a run's figures that is shown, and the part that goes to a file.

mod chain_logger;
mod console_logger;
mod evaluation;
mod event_file;
mod log_file;
mod run_plan;
mod tensor_board;
mod unheard;

pub use chain_logger::ChainLoggerConfig;
pub(crate) use chain_logger::chain_logger;
pub use console_logger::{ConsoleLoggerV1Config, ConsoleLoggerV2Config, ConsoleLoggerV3Config};
pub(crate) use console_logger::{console_logger_v1, console_logger_v2, console_logger_v3};
pub use evaluation::Evaluation;
pub use run_plan::RunPlan;
pub use tensor_board::TensorBoardLoggerConfig;
pub(crate) use tensor_board::tensor_board_logger;
pub use unheard::UnheardLoggerConfig;
pub(crate) use unheard::unheard_logger;

use crate::{EventSink, TrainingError};

/// Reports the progress of training; the product of every function of the kind `@loggers`, as a `Box<dyn Logger>`.
pub trait Logger: Send {
    /// Called before the first step of a run.
    fn start(&self, plan: &RunPlan, sink: &mut dyn EventSink) -> Result<Box<dyn RunLog>, TrainingError>;
}

/// A run of training as a logger follows it.
pub trait RunLog: Send {
    /// Called after each step that was not evaluated.
    fn step(&mut self, sink: &mut dyn EventSink);

    /// Called after each step that was.
    fn evaluation(&mut self, evaluation: &Evaluation, sink: &mut dyn EventSink) -> Result<(), TrainingError>;

    /// Called at the end, however the run ends.
    fn finish(&mut self, sink: &mut dyn EventSink);
}
