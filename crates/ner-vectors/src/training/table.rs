use ner_vocab::{StringId, Vectors};

use super::Training;
use crate::{Mode, VectorsError};

impl Training<'_> {
    /// The vectors as spaCy keeps them, scaled so that the numbers of all words' vectors have a mean square of 1.
    pub fn into_vectors(self) -> Result<Vectors, VectorsError> {
        let Training { text, settings, lexicon, weights, .. } = self;
        let dim = settings.dim;
        // Each distinct word's vector.
        let mut table = Vec::new();
        let mut row_of_word: Vec<Option<u32>> = Vec::new();
        let (mut n_rows, mut squares) = (0u32, 0.0f64);
        let mut vector = vec![0.0; dim];
        for (word, own) in lexicon.words() {
            let rows = lexicon.subwords.rows(word, own);
            if rows.is_empty() {
                row_of_word.push(None);
                continue;
            }
            vector.fill(0.0);
            for &row in &rows {
                vector.iter_mut().zip(weights.input.row(row)).for_each(|(sum, value)| *sum += value);
            }
            vector.iter_mut().for_each(|sum| *sum /= rows.len() as f32);
            squares += vector.iter().map(|value| f64::from(value * value)).sum::<f64>();
            row_of_word.push(Some(n_rows));
            n_rows += 1;
            if settings.mode == Mode::Table {
                table.extend_from_slice(&vector);
            }
        }
        let scale =
            if squares > 0.0 { (f64::from(n_rows) * dim as f64 / squares).sqrt() as f32 } else { 1.0 };
        if settings.mode == Mode::Floret {
            let rows = (0..weights.input.n_rows as u32).flat_map(|row| &weights.input.row(row)[..dim]);
            let table = rows.map(|value| value * scale).collect();
            return Ok(Vectors::floret(table, dim, lexicon.subwords.floret)?);
        }
        table.iter_mut().for_each(|value| *value *= scale);
        let keys = text.forms.iter().enumerate().filter_map(|(form, (text, _))| {
            Some((StringId::of(text), row_of_word[lexicon.word_of_form(form)]?))
        });
        Ok(Vectors::new(table, dim, keys)?)
    }
}
