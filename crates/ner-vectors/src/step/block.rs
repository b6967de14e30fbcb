use std::ops::Range;

use crate::Settings;
use crate::draws::Draws;
use crate::lexicon::Lexicon;
use crate::text::END;

/// The words of a stretch of the text that are learned from in one step.
#[derive(Debug, Default)]
pub(crate) struct Block {
    /// The words that stay, with [`END`] between documents.
    pub(super) words: Vec<u32>,
    pub(super) negatives: Vec<u32>,
    /// Where the block stands: epoch and number.
    pub(super) place: [u64; 2],
}

/// Words of a piece, which one thread learns from.
const PIECE: usize = 32;

/// Blocks of an epoch at least, if these are not smaller than [`MIN_BLOCK`]. The more words learn side by side, the older are
/// the weights that they learn from: of 1.6 million words, blocks of 1024 in place of 64 cost 2.4 points of F
/// (two seeds, WNUT-17). A longer text has more steps in any case.
const MIN_BLOCKS: u64 = 6000;

/// The smallest block, and the largest, which is enough for 64 threads.
const MIN_BLOCK: u64 = 64;
const MAX_BLOCK: u64 = 8192;

impl Block {
    /// How many numbers of the text make a block.
    pub(crate) fn size(n_ids: u64) -> usize {
        (n_ids / MIN_BLOCKS).clamp(MIN_BLOCK, MAX_BLOCK) as usize
    }

    /// Takes the learned words of the text's next numbers, frequent ones not always.
    pub(crate) fn fill(&mut self, ids: &[u32], place: [u64; 2], lexicon: &Lexicon, settings: &Settings) {
        self.words.clear();
        self.place = place;
        let mut draws = Draws::new(settings.seed, [place[0], place[1], u64::MAX]);
        for &id in ids {
            if id == END {
                self.words.push(END);
                continue;
            }
            // Rare words leave no gap: their neighbours become each other's, as in word2vec.
            let Some(word) = lexicon.learned(id) else { continue };
            if draws.bits() <= lexicon.kept(word) {
                self.words.push(word);
            }
        }
        let n_negatives = self.words.len() * settings.negative;
        self.negatives.clear();
        self.negatives.extend((0..n_negatives).map(|_| lexicon.negatives.draw(&mut draws)));
    }

    pub(super) fn pieces(&self) -> Vec<Range<usize>> {
        let n_words = self.words.len();
        (0..n_words).step_by(PIECE).map(|start| start..n_words.min(start + PIECE)).collect()
    }

    /// The places beside one, up to `window` in each direction, within its document.
    #[inline(always)]
    pub(super) fn context(&self, index: usize, window: usize) -> impl Iterator<Item = usize> {
        let is_word = |place: &usize| self.words[*place] != END;
        let before = (index.saturating_sub(window)..index).rev().take_while(is_word);
        let after = (index + 1..self.words.len().min(index + 1 + window)).take_while(is_word);
        before.chain(after)
    }
}
