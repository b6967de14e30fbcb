use std::sync::Arc;

use burn::module::Param;
use burn::tensor::{Tensor, activation};
use ner_layers::{Init, Linear, RaggedRows, Reduce, RowSums, expand_window};
use ner_thinc::Layer;

use crate::embed::project::project;
use crate::{LayerTree, Parameter};

/// Rows of the table of characters: one for each of Latin, Greek and most of Cyrillic, which others share.
const ROWS: usize = 1024;
/// The rows of the two ends of a word, control characters that are in no text.
const BEGINNING: u32 = 2;
const END: u32 = 3;
/// The most characters that are read of a word's beginning, and of its end: of the 62,730 tokens that WNUT-17 has to train on,
/// 742 are longer than both.
const FIRST: usize = 12;
const LAST: usize = 8;
/// Neighbours of a character that a filter sees on either side.
const WINDOW: usize = 1;

/// A convolution over the characters of a word, of which the largest value of each filter is taken (Ma and Hovy, 2016,
/// https://arxiv.org/abs/1603.01354).
#[derive(Debug)]
pub(super) struct Characters {
    /// `[1024, width of a character]`
    table: Param<Tensor<2>>,
    /// `[filters, 3 * width of a character]`
    filters: Linear,
}

impl Characters {
    pub(super) fn init(width: usize, n_filters: usize, init: &mut Init<'_>) -> Characters {
        Characters {
            table: init.uniform(0.1, [ROWS, width]),
            filters: Linear::init(n_filters, width * (2 * WINDOW + 1), init),
        }
    }

    /// `[words, filters]`
    pub(super) fn forward<'a>(&self, words: impl Iterator<Item = &'a str>) -> Tensor<2> {
        // A row of zeros follows each word, which is all that its last filter sees of the next.
        let (mut rows, mut starts, mut own) = (Vec::new(), vec![0], Vec::new());
        for word in words {
            let first = rows.len() as u32;
            write_rows(word, &mut rows);
            own.extend(first..rows.len() as u32);
            starts.push(own.len() as u32);
            rows.push(RowSums::ZEROS);
        }
        let characters = RowSums::copies(rows).forward(self.table.val());
        let windows = expand_window(characters, WINDOW);
        let found = project(windows, &self.filters.weight) + self.filters.bias.val().unsqueeze::<2>();
        activation::relu(Reduce::Max.forward(found, &RaggedRows { starts, rows: own }))
    }

    pub(super) fn parameters_mut(&mut self) -> [&mut dyn Parameter; 3] {
        [&mut self.table, &mut self.filters.weight, &mut self.filters.bias]
    }

    pub(super) fn layer(&self, tree: &mut LayerTree) -> Arc<Layer> {
        let [rows, width] = self.table.dims();
        let [filters, _] = self.filters.weight.dims();
        let layer = Layer::new("ner_characters").dim("nO", filters).dim("nM", width).dim("nV", rows);
        let parameters: [(&str, &dyn Parameter); 3] =
            [("E", &self.table), ("W", &self.filters.weight), ("b", &self.filters.bias)];
        tree.leaf(layer, &parameters)
    }
}

/// The rows of a word's characters between those of its ends.
fn write_rows(word: &str, rows: &mut Vec<u32>) {
    let row = |character: char| u32::from(character) % ROWS as u32;
    rows.push(BEGINNING);
    let length = word.chars().count();
    let is_read = |at: usize| at < FIRST || at + LAST >= length;
    rows.extend(word.chars().enumerate().filter(|(at, _)| is_read(*at)).map(|(_, character)| row(character)));
    rows.push(END);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_long_words_both_ends_are_read() {
        let mut rows = Vec::new();
        let word: String = ('a'..='z').collect();
        write_rows(&word, &mut rows);
        let read: String = rows[1..rows.len() - 1].iter().filter_map(|&row| char::from_u32(row)).collect();
        assert_eq!(read, "abcdefghijklstuvwxyz");
        assert_eq!((rows[0], rows[rows.len() - 1]), (BEGINNING, END));
    }
}
