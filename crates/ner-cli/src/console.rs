use indicatif::{ProgressBar, ProgressStyle};
use ner_training::{LogLine, LogSink, Progress};

use crate::interrupt::Interrupt;
use crate::report;

/// Where training tells of itself: its table goes to stdout, everything else to stderr.
pub(crate) struct Console {
    interrupt: Interrupt,
    /// Why stdout took no more.
    error: Option<anyhow::Error>,
    bar: Option<ProgressBar>,
}

impl Console {
    /// A console that raises `interrupt` when nobody reads it any more.
    pub(crate) fn new(interrupt: Interrupt) -> Console {
        Console { interrupt, error: None, bar: None }
    }

    /// Fails if something could not be written.
    pub(crate) fn finish(self) -> anyhow::Result<()> {
        self.error.map_or(Ok(()), Err)
    }
}

impl LogSink for Console {
    fn line(&mut self, line: &LogLine) {
        let print = || match line {
            LogLine::Row(row) => report::print(row),
            line => {
                report::line(line);
                Ok(())
            }
        };
        let printed = match &self.bar {
            Some(bar) => bar.suspend(print),
            None => print(),
        };
        if let Err(error) = printed {
            self.error.get_or_insert(error);
            self.interrupt.raise();
        }
    }

    fn progress(&mut self, progress: Option<&Progress>) {
        let Some(progress) = progress else {
            if let Some(bar) = self.bar.take() {
                bar.finish_and_clear();
            }
            return;
        };
        let bar = self.bar.get_or_insert_with(|| bar(progress.n_steps));
        bar.set_message(progress.description.clone());
        bar.set_position(progress.n_done as u64);
    }
}

/// A bar on stderr; nothing where that is no terminal.
fn bar(n_steps: usize) -> ProgressBar {
    let (bar, template) = match n_steps {
        0 => (ProgressBar::no_length(), "{msg}: {human_pos} ({per_sec}, {elapsed})"),
        _ => {
            (ProgressBar::new(n_steps as u64), "{msg}: {wide_bar} {human_pos}/{human_len} ({per_sec}, {eta})")
        }
    };
    bar.with_style(ProgressStyle::with_template(template).expect("the template is ours"))
}
