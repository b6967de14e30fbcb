use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};
use ner_vectors::{Event, Text};

use crate::report;

/// A bar where stderr is a terminal, and a line an epoch.
pub(super) struct Progress {
    bar: ProgressBar,
    n_epochs: usize,
}

impl Progress {
    pub(super) fn new(text: &Text, n_epochs: usize) -> Progress {
        let bar = ProgressBar::new(text.n_tokens() * n_epochs as u64).with_finish(ProgressFinish::AndClear);
        let template = "{wide_bar} {human_pos}/{human_len} words ({per_sec}, {eta})";
        bar.set_style(ProgressStyle::with_template(template).expect("the template is ours"));
        Progress { bar, n_epochs }
    }

    pub(super) fn show(&mut self, event: &Event) {
        match *event {
            Event::Progress { n_done, n_all } => {
                self.bar.set_length(n_all);
                self.bar.set_position(n_done);
            }
            Event::Epoch { epoch, loss, words_per_second } => self.bar.suspend(|| {
                let n_epochs = self.n_epochs;
                report::info(format_args!(
                    "Epoch {epoch} of {n_epochs}: loss {loss:.3}, {words_per_second:.0} words/s"
                ));
            }),
        }
    }
}
