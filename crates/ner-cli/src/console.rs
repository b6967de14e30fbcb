use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressStyle};
use ner_files::FileError;
use ner_report::{Message, TrainingLines, TrainingPage, progress_description};
use ner_training::{EventSink, TrainingEvent};

use crate::interrupt::Interrupt;
use crate::{path, report};

/// The place where training reports its progress: its table goes to stdout, everything else to stderr.
pub(crate) struct Console {
    interrupt: Interrupt,
    lines: TrainingLines,
    page: TrainingPage,
    /// The file of the page, if it is written.
    page_file: Option<PathBuf>,
    /// Why stdout took no more.
    error: Option<anyhow::Error>,
    bar: Option<ProgressBar>,
}

impl Console {
    /// A console that raises `interrupt` when its output is closed, and keeps a page of the run in `output`.
    pub(crate) fn new(interrupt: Interrupt, output: Option<&Path>) -> Console {
        Console {
            interrupt,
            lines: TrainingLines::default(),
            page: TrainingPage::default(),
            page_file: output.map(|output| output.join(path::TRAINING_PAGE)),
            error: None,
            bar: None,
        }
    }

    /// Fails if something could not be written.
    pub(crate) fn finish(self) -> anyhow::Result<()> {
        self.error.map_or(Ok(()), Err)
    }

    fn write_page(&mut self) {
        let Some(file) = &self.page_file else { return };
        let page = self.page.html();
        let written: Result<(), FileError> =
            ner_files::write(file, |out| out.write_all(page.as_bytes()).map_err(FileError::io(file)));
        if let Err(error) = written {
            // The run is worth more than its page; so it goes on, and says this once.
            self.page_file = None;
            self.print(&Message::Warning(format!("{error}; the run goes on without the page")));
        }
    }

    fn print(&mut self, message: &Message) {
        let print = || report::message(message);
        let printed = match &self.bar {
            // A line printed over a bar would be wiped out with it.
            Some(bar) => bar.suspend(print),
            None => print(),
        };
        if let Err(error) = printed {
            // A sink cannot fail, so the run learns of it by the interrupt; the first error is the cause of all
            // others.
            self.error.get_or_insert(error);
            self.interrupt.raise();
        }
    }
}

impl EventSink for Console {
    fn event(&mut self, event: &TrainingEvent) {
        if self.page.event(event) {
            self.write_page();
        }
        for message in self.lines.lines(event) {
            self.print(&message);
        }
        match event {
            TrainingEvent::Progress(None) => {
                if let Some(bar) = self.bar.take() {
                    bar.finish_and_clear();
                }
            }
            TrainingEvent::Progress(Some(progress)) => {
                let bar = self.bar.get_or_insert_with(|| bar(progress.n_steps));
                bar.set_message(progress_description(progress));
                bar.set_position(progress.n_done as u64);
            }
            _ => {}
        }
    }
}

/// A bar on stderr; nothing where that is not a terminal.
fn bar(n_steps: usize) -> ProgressBar {
    let (bar, template) = match n_steps {
        0 => (ProgressBar::no_length(), "{msg}: {human_pos} ({per_sec}, {elapsed})"),
        _ => {
            (ProgressBar::new(n_steps as u64), "{msg}: {wide_bar} {human_pos}/{human_len} ({per_sec}, {eta})")
        }
    };
    bar.with_style(ProgressStyle::with_template(template).expect("the template is ours"))
}
