use std::collections::HashMap;

use crate::array::n_elements;
use crate::{Array, ThincError};

/// A tensor as the pickle describes it: a view into a list of numbers.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TensorView {
    /// Name of the list.
    pub(super) storage: String,
    /// Where the first number stands.
    pub(super) offset: usize,
    pub(super) shape: Vec<usize>,
    /// How far the next number of each axis is.
    pub(super) strides: Vec<usize>,
}

impl TensorView {
    /// The number of its numbers; `None` if it has more than memory could hold.
    pub(super) fn len(&self) -> Option<usize> {
        n_elements(&self.shape)
    }

    /// The tensor's numbers in C order.
    pub(super) fn read(&self, numbers: &[f32]) -> Result<Array, ThincError> {
        // Strides of 0 could make a huge tensor of one number. Weights are never stored like that.
        let count = self.len().filter(|&count| count <= numbers.len());
        let count = count.ok_or_else(|| {
            ThincError::torch(format!("shape {:?} of a list of {} numbers", self.shape, numbers.len()))
        })?;
        let mut data = Vec::with_capacity(count);
        let mut place = vec![0; self.shape.len()];
        for _ in 0..count {
            let number = self.index_of(&place).and_then(|index| numbers.get(index));
            data.push(*number.ok_or_else(|| {
                ThincError::torch(format!("a number outside of its list of {} numbers", numbers.len()))
            })?);
            self.advance(&mut place);
        }
        Array::new(self.shape.clone(), data)
    }

    fn index_of(&self, place: &[usize]) -> Option<usize> {
        place
            .iter()
            .zip(&self.strides)
            // The file gives the strides: a product that wraps round could land inside the list.
            .try_fold(self.offset, |index, (at, stride)| index.checked_add(at.checked_mul(*stride)?))
    }

    fn advance(&self, place: &mut [usize]) {
        for (at, &length) in place.iter_mut().zip(&self.shape).rev() {
            *at += 1;
            if *at < length {
                return;
            }
            *at = 0;
        }
    }
}

/// Lists of numbers that were read, by their names.
#[derive(Debug, Default)]
pub(super) struct Storages {
    lists: HashMap<String, Vec<f32>>,
}

impl Storages {
    /// The list with this name; `read` gives its bytes the first time.
    pub(super) fn get(
        &mut self,
        key: &str,
        read: impl FnOnce() -> Result<Vec<u8>, ThincError>,
    ) -> Result<&[f32], ThincError> {
        if !self.lists.contains_key(key) {
            let bytes = read()?;
            let (numbers, rest) = bytes.as_chunks::<4>();
            if !rest.is_empty() {
                return Err(ThincError::torch(format!("{} bytes are no 32-bit numbers", bytes.len())));
            }
            let numbers = numbers.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect();
            self.lists.insert(key.to_owned(), numbers);
        }
        Ok(&self.lists[key])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(offset: usize, shape: &[usize], strides: &[usize]) -> TensorView {
        TensorView { storage: String::new(), offset, shape: shape.to_vec(), strides: strides.to_vec() }
    }

    #[test]
    fn views_read_their_own_numbers() {
        let numbers = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        assert_eq!(view(1, &[2, 3], &[3, 1]).read(&numbers).unwrap().data(), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        assert_eq!(view(0, &[3, 2], &[1, 3]).read(&numbers).unwrap().data(), [0.0, 3.0, 1.0, 4.0, 2.0, 5.0]);
        assert_eq!(view(6, &[], &[]).read(&numbers).unwrap().data(), [6.0]);
        for wrong in [view(2, &[2, 3], &[3, 1]), view(0, &[8], &[0]), view(0, &[2], &[usize::MAX])] {
            assert!(wrong.read(&numbers).is_err());
        }
    }
}
