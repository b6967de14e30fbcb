/// Groups of texts of at most so many words, or of one text.
pub(crate) fn batches<T>(texts: Vec<T>, words: usize, n_words_of: impl Fn(&T) -> usize) -> Vec<Vec<T>> {
    let mut batches: Vec<Vec<T>> = Vec::new();
    let mut n_words = 0;
    for text in texts {
        let n_words_of_text = n_words_of(&text);
        n_words += n_words_of_text;
        match batches.last_mut().filter(|_| n_words <= words) {
            Some(batch) => batch.push(text),
            None => {
                n_words = n_words_of_text;
                batches.push(vec![text]);
            }
        }
    }
    batches
}
