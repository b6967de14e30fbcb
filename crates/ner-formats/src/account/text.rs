use super::{Account, Message, OutputAccount, RecordLoss, SpanLoss, Tally};

impl Account {
    /// The account as messages for the user: what was lost, with the first cases of each kind, and whole-file findings.
    /// A file that is in order gives none.
    pub fn messages(&self) -> Vec<Message> {
        let file = self.file.display();
        // What went wrong comes first, and counts of what is in order last.
        let mut messages = self.messages_of_records();
        for (loss, tally) in &self.spans_lost {
            let text = format!("{file}: {} of {} spans {}", tally.count, self.spans, loss.text());
            match loss {
                // Each contradiction is named below, with both sides.
                SpanLoss::Contradicted => {}
                loss if loss.is_intended() => messages.push(Message::info(text)),
                _ => messages.extend(with_cases(text, tally)),
            }
        }
        if self.conflicts.count > 0 {
            let text = format!(
                "{file}: decisions that contradict earlier ones, of which the later hold ({})",
                self.conflicts.count
            );
            messages.extend(with_cases(text, &self.conflicts));
        }
        // Told and no more: the record does not hold the tokens, and another tokenizer may have counted them.
        if self.other_tokens.count > 0 {
            let text = format!(
                "{file}: `token_start` and `token_end` name other tokens than `start` and `end` do (spans: {}). `start` and \
                 `end` were taken; if the tokens are right, take `start` and `end` out",
                self.other_tokens.count
            );
            messages.extend(with_cases(text, &self.other_tokens));
        }
        for (name, count) in &self.left_out {
            let text = format!("{file}: not read, since only entities are: {name} ({count})");
            messages.push(Message::warn(text));
        }
        messages.extend(self.findings.iter().map(|finding| Message::warn(format!("{file}: {finding}"))));
        messages.extend(self.answer_messages());
        messages.extend(self.output.iter().flat_map(OutputAccount::messages));
        messages
    }

    /// What was lost of the records, for those who take the texts and leave the annotation.
    pub fn messages_of_records(&self) -> Vec<Message> {
        let mut messages = Vec::new();
        for (loss, tally) in &self.records_lost {
            let (file, records) = (self.file.display(), self.records);
            let text = format!("{file}: {} of {records} records {}", tally.count, loss.text());
            match loss {
                RecordLoss::Unreadable | RecordLoss::NoText => messages.extend(with_cases(text, tally)),
                _ => messages.push(Message::info(text)),
            }
        }
        messages
    }

    /// The messages as a text.
    pub fn summary(&self) -> String {
        self.messages().iter().map(|message| message.text.as_str()).collect::<Vec<_>>().join("\n")
    }

    fn answer_messages(&self) -> Vec<Message> {
        let [accept, reject, ignore] = self.answers;
        if accept + reject + ignore == 0 {
            return Vec::new();
        }
        let mut messages = vec![Message::info(format!(
            "Answers: {accept} accept, {reject} reject, {ignore} ignore. Tokens of which nothing is known: {}.",
            self.unknown_tokens
        ))];
        for (label, counts) in &self.labels {
            let (accepted, rejected) = (counts.n_accepted, counts.n_rejected);
            let text = format!("{label}: {accepted} accepted, {rejected} known to be wrong");
            messages.push(Message::info(text));
        }
        messages
    }
}

/// A line with the number, and one for each case that is kept in full.
fn with_cases(text: String, tally: &Tally) -> impl Iterator<Item = Message> {
    let more = if tally.count > tally.first.len() {
        format!("; the first {} of them:", tally.first.len())
    } else {
        ":".to_owned()
    };
    let head = Message::warn(text + &more);
    [head].into_iter().chain(tally.first.iter().map(|case| Message::warn(case.clone())))
}
