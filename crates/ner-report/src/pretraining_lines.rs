use ner_training::{PretrainingEvent, PretrainingRow};

use crate::Message;

/// The lines of an event of a pretraining, as spaCy prints them.
pub fn pretraining_lines(event: &PretrainingEvent) -> Vec<Message> {
    match event {
        PretrainingEvent::NothingToResume(directory) => {
            let directory = directory.display();
            vec![Message::Info(format!("Nothing to resume in {directory}: the pretraining begins"))]
        }
        PretrainingEvent::NotResumed(checkpoint) => {
            let checkpoint = checkpoint.display();
            vec![Message::Warning(format!(
                "{checkpoint} is of an earlier pretraining, which --resume would go on with; this one begins anew and replaces it"
            ))]
        }
        PretrainingEvent::Resuming { epoch, step, changes } => {
            let changes = changes.iter().map(|change| Message::Info(change.to_string()));
            [Message::Info(format!("Resuming in epoch {epoch} at step {step}"))]
                .into_iter()
                .chain(changes)
                .collect()
        }
        PretrainingEvent::Resumed { path, epoch } => vec![
            Message::Info(format!("Resume training tok2vec from: {}", path.display())),
            Message::Info(format!("Resuming from epoch: {epoch}")),
        ],
        PretrainingEvent::Started { epoch, n_save_epoch } => {
            let mut title = format!("Pre-training tok2vec layer - starting at epoch {epoch}");
            if let Some(every) = n_save_epoch.filter(|every| *every > 0) {
                title += &format!(" - saving every {every} epoch");
            }
            let titles = ["#", "# Words", "Total Loss", "Loss", "w/s"].map(str::to_owned);
            vec![Message::Title(title), Message::Row(row(titles))]
        }
        PretrainingEvent::Row(figures) => vec![Message::Row(row(cells(figures)))],
        PretrainingEvent::Interrupted { path } => {
            let saved = match path {
                Some(path) => format!("the weights so far are saved as {}", path.display()),
                None => "the weights since the last saved ones are lost".to_owned(),
            };
            vec![Message::Warning(format!("Interrupted: {saved}"))]
        }
    }
}

const WIDTHS: [usize; 5] = [3, 10, 10, 6, 4];

fn row(cells: [String; 5]) -> String {
    let padded = cells.iter().zip(WIDTHS).map(|(cell, width)| format!("{cell:>width$}"));
    padded.collect::<Vec<_>>().join("   ")
}

fn cells(row: &PretrainingRow) -> [String; 5] {
    let PretrainingRow { epoch, words, loss, recent_loss, words_per_second } = row;
    [
        epoch.to_string(),
        words.to_string(),
        rounded(*loss, WIDTHS[2]),
        rounded(*recent_loss, WIDTHS[3]),
        (words_per_second.trunc()).to_string(),
    ]
}

/// A number with at most four decimal places, and as many as fit; none where only one fits.
fn rounded(number: f64, width: usize) -> String {
    let whole = number.trunc().to_string();
    // Python writes `nan` where Rust writes `NaN`.
    match width.saturating_sub(whole.len() + 1).min(4) {
        0 | 1 => whole.to_lowercase(),
        decimals => format!("{number:.decimals$}").to_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(number: f64, width: usize, expected: &str) {
        assert_eq!(rounded(number, width), expected);
    }

    #[test]
    fn numbers_have_as_many_decimal_places_as_fit() {
        check(47589.25, 10, "47589.2500");
        check(1011213.15, 10, "1011213.15");
        check(11011213.15, 10, "11011213");
        check(0.03456, 6, "0.0346");
        check(4758.25, 6, "4758");
        check(f64::NAN, 10, "nan");
    }

    #[test]
    fn a_row_is_as_spacy_prints_it() {
        let figures = PretrainingRow {
            epoch: 1,
            words: 130026,
            loss: 449576.91,
            recent_loss: 36945.2,
            words_per_second: 2954.7,
        };
        assert_eq!(row(cells(&figures)), "  1       130026   449576.910    36945   2954");
    }
}
