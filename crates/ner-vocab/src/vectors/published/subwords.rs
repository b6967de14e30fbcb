/// How fastText finds the parts of a word: its stretches of `minn` to `maxn` characters, between marks of its beginning and
/// its end, hashed to `bucket` rows (Bojanowski et al., 2017; `Dictionary::computeSubwords`).
#[derive(Clone, Copy, Debug)]
pub(super) struct Subwords {
    pub minn: usize,
    pub maxn: usize,
    pub bucket: u32,
}

/// The word for the end of a sentence, which has no parts.
const END_OF_SENTENCE: &str = "</s>";

impl Subwords {
    /// Calls `visit` with the row of each part among those of all parts.
    pub(super) fn for_each_row(self, word: &str, mut visit: impl FnMut(usize)) {
        if word == END_OF_SENTENCE || self.bucket == 0 {
            return;
        }
        let word = format!("<{word}>");
        let ends: Vec<usize> = word.char_indices().map(|(end, _)| end).chain([word.len()]).collect();
        let n_chars = ends.len() - 1;
        for start in 0..n_chars {
            for length in self.minn.max(1)..=self.maxn.min(n_chars - start) {
                let end = start + length;
                // A mark alone is no part.
                if length == 1 && (start == 0 || end == n_chars) {
                    continue;
                }
                visit((hash(&word.as_bytes()[ends[start]..ends[end]]) % self.bucket) as usize);
            }
        }
    }
}

/// FNV-1a with bytes taken as signed, as fastText has it to stay compatible with its first models.
fn hash(bytes: &[u8]) -> u32 {
    bytes.iter().fold(2_166_136_261, |hash, &byte| (hash ^ byte as i8 as u32).wrapping_mul(16_777_619))
}
