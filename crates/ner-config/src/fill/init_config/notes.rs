//! Why a config for fine-tuning has the values that it has.

/// Section, key, and what to know before changing it.
const NOTES: [(&str, &str, &str); 10] = [
    (
        "components.transformer.model",
        "name",
        "a folder with config.json, weights and tokenizer.json, or a name in Hugging Face's cache",
    ),
    ("components.transformer.model", "mixed_precision", "half precision is for GPUs"),
    ("components.ner.model", "use_upper", "the encoder's vectors are scored without a layer in between"),
    ("training", "accumulate_gradient", "parts of a batch save memory of a GPU, and nothing on a CPU"),
    ("training", "max_steps", "a million words; for less data, less: four to eight epochs are enough"),
    (
        "training",
        "max_epochs",
        "a run that ends before max_steps has not seen the low rates of the last steps",
    ),
    ("training", "eval_frequency", "an epoch of 80,000 words has about as many steps"),
    (
        "training.optimizer.learn_rate",
        "total_steps",
        "the rate falls to 0 in the last step; so max_steps must not be 0",
    ),
    (
        "training.optimizer.learn_rate",
        "initial_rate",
        "2e-4 for small encoders, width 384 or less; 5e-5 for those of width 768",
    ),
    ("training.batcher", "size", "words, if each text were as long as the longest of its batch"),
];

/// The text of such a config in TOML, as `Document` writes it, with comments.
pub fn with_notes(toml: &str) -> String {
    let mut section = "";
    let annotated = toml.lines().map(|line| {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            section = name;
        }
        let key = line.split_once(" = ").map_or("", |(key, _)| key);
        let note = NOTES.iter().find(|(of, name, _)| (*of, *name) == (section, key));
        note.map_or(format!("{line}\n"), |(_, _, note)| format!("{line} # {note}\n"))
    });
    annotated.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Document;

    #[test]
    fn each_note_stands_beside_its_key_and_changes_nothing() {
        let mut document = Document::default();
        for (section, key, _) in NOTES {
            document.set(&format!("{section}.{key}"), 1);
        }
        let annotated = with_notes(&document.to_toml_string().expect("numbers are TOML"));
        for (_, key, note) in NOTES {
            assert!(annotated.contains(&format!("{key} = 1 # {note}\n")), "{annotated}");
        }
        assert_eq!(Document::from_toml_str(&annotated).ok(), Some(document));
    }
}
