use std::sync::{Arc, Mutex};

use ner_formats::account::Tally;
use ner_formats::record::OffsetUnit;
use ner_pipeline::Pipeline;

use super::inputs::InputArgs;

/// How files become inputs.
#[derive(Clone)]
pub(super) struct Reader {
    pub(super) args: InputArgs,
    /// The unit of the offsets that are written, also of annotation that a file had.
    pub(super) unit: OffsetUnit,
    pub(super) pipeline: Arc<Pipeline>,
    /// The records that were left out.
    pub(super) bad: Arc<Mutex<Tally>>,
}

impl Reader {
    pub(super) fn new(args: &InputArgs, unit: OffsetUnit, pipeline: Arc<Pipeline>) -> Reader {
        Reader { args: args.clone(), unit, pipeline, bad: Arc::default() }
    }
}
