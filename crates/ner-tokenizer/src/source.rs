use std::fmt::Debug;
use std::sync::Arc;

/// Splits texts into words by other means than rules, such as a dictionary.
pub trait SplitText: Debug + Send + Sync {
    /// The words of a text, each with whether a space follows it. Words and spaces together must give the text.
    ///
    /// # Errors
    /// The reason, if the text cannot be split.
    fn split(&self, text: &str) -> Result<Vec<(String, bool)>, String>;

    /// The files that it writes into a pipeline, by their paths there. It reads none: its config says it all.
    fn files(&self) -> Vec<(&'static str, Vec<u8>)> {
        Vec::new()
    }
}

/// The means by which a pipeline's texts are split; the product of every function of the kind `@tokenizers`.
#[derive(Clone, Debug)]
pub enum TokenizerSource {
    /// spaCy's rules: those of the pipeline's file `tokenizer`, or of its language.
    Rules,
    /// A splitter of its own.
    Splitter(Arc<dyn SplitText>),
    /// The program of this name, which is not available here; documents that have tokens need none.
    Elsewhere(String),
}
