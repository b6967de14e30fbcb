use std::collections::BTreeMap;

use super::{Account, LabelCounts};

impl Account {
    /// Finds labels that a reader takes for one: they differ in case, white space, or characters that do not show.
    pub(crate) fn compare_labels(&mut self) {
        // Sorted, so that the same file gives the same messages.
        let mut groups: BTreeMap<String, Vec<&String>> = BTreeMap::new();
        for label in self.labels.keys() {
            groups.entry(look(label)).or_default().push(label);
        }
        for alike in groups.into_values().filter(|alike| alike.len() > 1) {
            let counts = alike.iter().map(|label| {
                let counts = self.labels[*label];
                format!("{label:?} ({})", counts.n_accepted + counts.n_rejected)
            });
            let counts: Vec<_> = counts.collect();
            self.findings.push(format!(
                "the labels {} look alike and count as different; if they are the same, map them with --label-map",
                counts.join(" and ")
            ));
        }
    }

    /// Finds a label that is cut: the file ends with it and not with a line end, and it stands there alone while another
    /// one begins so.
    pub(crate) fn find_cut_label(&mut self) {
        let is_cut = |label: &str, counts: &LabelCounts| {
            counts.n_accepted + counts.n_rejected == 1
                && self.open_line.ends_with(label)
                && self.labels.keys().any(|other| other != label && other.starts_with(label))
        };
        let cut = self.labels.iter().find(|(label, counts)| is_cut(label, counts));
        self.findings.extend(cut.map(|(label, _)| {
            format!("it ends with {label:?}, with which another label begins, and not with a line end: it was probably cut short")
        }));
    }
}

/// What is seen of a label.
fn look(label: &str) -> String {
    let is_seen = |c: &char| {
        !c.is_whitespace()
            && !c.is_control()
            && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{ad}' | '_' | '-')
    };
    label.chars().filter(is_seen).flat_map(char::to_lowercase).collect()
}
