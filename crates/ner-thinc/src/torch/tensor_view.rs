use crate::array::n_elements;
use crate::{Array, FloatType, ThincError};

/// A tensor as the pickle describes it: a view into a list of numbers.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TensorView {
    /// Name of the list.
    pub(super) storage: String,
    /// Type of its numbers.
    pub(super) number: FloatType,
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

    /// The tensor's numbers in C order, out of the bytes of its list.
    pub(super) fn read(&self, list: &[u8]) -> Result<Array, ThincError> {
        let n_bytes = self.number.n_bytes();
        if !list.len().is_multiple_of(n_bytes) {
            return Err(ThincError::torch(format!(
                "{} bytes are no {}-bit numbers",
                list.len(),
                8 * n_bytes
            )));
        }
        let n_numbers = list.len() / n_bytes;
        // Strides of 0 could make a huge tensor of one number. Weights are never stored like that.
        let count = self.len().filter(|&count| count <= n_numbers);
        let count = count.ok_or_else(|| {
            ThincError::torch(format!("shape {:?} of a list of {n_numbers} numbers", self.shape))
        })?;
        let outside = || ThincError::torch(format!("a number outside of its list of {n_numbers} numbers"));
        if self.is_contiguous() {
            let end = self.offset.checked_add(count).filter(|&end| end <= n_numbers).ok_or_else(outside)?;
            let numbers = self.number.widened(&list[self.offset * n_bytes..end * n_bytes]);
            return Array::new(self.shape.clone(), numbers);
        }
        let mut data = Vec::with_capacity(count);
        let mut place = vec![0; self.shape.len()];
        for _ in 0..count {
            let index = self.index_of(&place).filter(|&index| index < n_numbers).ok_or_else(outside)?;
            data.extend(self.number.widened(&list[index * n_bytes..(index + 1) * n_bytes]));
            self.advance(&mut place);
        }
        Array::new(self.shape.clone(), data)
    }

    /// Whether the numbers stand in C order without gaps, as those of weights do.
    fn is_contiguous(&self) -> bool {
        let mut expected = 1_usize;
        self.shape.iter().zip(&self.strides).rev().all(|(&length, &stride)| {
            let fits = length == 1 || stride == expected;
            expected = length.saturating_mul(expected);
            fits
        })
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

#[cfg(test)]
mod tests {
    use super::*;

    fn view(offset: usize, shape: &[usize], strides: &[usize]) -> TensorView {
        let (shape, strides) = (shape.to_vec(), strides.to_vec());
        TensorView { storage: String::new(), number: FloatType::F32, offset, shape, strides }
    }

    #[test]
    fn views_read_their_own_numbers() {
        let numbers = [0.0_f32, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let list: Vec<u8> = numbers.into_iter().flat_map(f32::to_le_bytes).collect();
        let check = |view: TensorView, expected: &[f32]| {
            assert_eq!(view.read(&list).unwrap().data(), expected);
        };
        check(view(1, &[2, 3], &[3, 1]), &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        check(view(0, &[3, 2], &[1, 3]), &[0.0, 3.0, 1.0, 4.0, 2.0, 5.0]);
        // The stride of an axis of one number says nothing.
        check(view(2, &[1, 2], &[7, 1]), &[2.0, 3.0]);
        check(view(6, &[], &[]), &[6.0]);
        check(view(0, &[0, 2], &[2, 1]), &[]);
        let wrong = [
            view(2, &[2, 3], &[3, 1]),
            view(0, &[8], &[0]),
            view(0, &[2], &[usize::MAX]),
            view(usize::MAX, &[1], &[1]),
            view(0, &[1 << 63, 2, 0], &[1, 1, 1]),
        ];
        for wrong in wrong {
            assert!(wrong.read(&list).is_err(), "{wrong:?}");
        }
        check(view(0, &[0, 1 << 63, 2], &[1, 1, 1]), &[]);
        assert!(view(0, &[1], &[1]).read(&list[..7]).is_err());
    }
}
