use super::TrainingRun;
use crate::distillation::{DistillOptions, DistillationError, Lessons};
use crate::{EventSink, TrainingError};

impl TrainingRun {
    /// Lets the run learn from teachers too, from its next step on: from those that it was begun with, if it was resumed.
    pub(crate) fn learn_from(
        &mut self,
        options: DistillOptions,
        sink: &mut dyn EventSink,
    ) -> Result<(), TrainingError> {
        let settings = self.pipeline.config().resolve()?.section("distillation")?;
        let DistillOptions { teachers, raw } = options;
        let lessons = Lessons::read(settings, &self.settings, &self.pipeline, teachers, &raw, sink)?;
        match (&self.origin.lessons, self.state.step) {
            (Some(origin), _) => origin.check(lessons.origin())?,
            (None, 0) => self.origin.lessons = Some(lessons.origin().clone()),
            (None, _) => return Err(DistillationError::OtherCommand { expected: "train" }.into()),
        }
        self.lessons = Some(lessons);
        Ok(())
    }

    /// Fails if the run was begun with teachers and has none now.
    pub(crate) fn check_lessons(&self) -> Result<(), DistillationError> {
        match self.origin.lessons.is_some() && self.lessons.is_none() {
            true => Err(DistillationError::OtherCommand { expected: "distill" }),
            false => Ok(()),
        }
    }
}
