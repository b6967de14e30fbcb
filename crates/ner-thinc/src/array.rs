use crate::ThincError;

/// A parameter: 32-bit numbers in C order.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    shape: Vec<usize>,
    data: Vec<f32>,
}

impl Array {
    /// Numbers in C order under a shape; an error if the shape holds another number of them.
    pub fn new(shape: Vec<usize>, data: Vec<f32>) -> Result<Array, ThincError> {
        match n_elements(&shape) {
            Some(expected) if expected == data.len() => Ok(Array { shape, data }),
            _ => Err(ThincError::ArraySize { shape, found: data.len() }),
        }
    }

    /// The length of each axis.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The numbers in C order.
    pub fn data(&self) -> &[f32] {
        &self.data
    }

    /// Makes sure that every number is finite; `param` is what the array is called.
    pub fn check_finite(&self, param: &str) -> Result<(), ThincError> {
        // The exponent of numbers that are not finite is the largest one; no branch stands in the way of vectors.
        let largest = self.data.iter().fold(0, |largest, number| largest.max(number.abs().to_bits()));
        if largest < f32::INFINITY.to_bits() {
            return Ok(());
        }
        let position = self.data.iter().position(|number| !number.is_finite()).expect("one is not finite");
        Err(ThincError::NotFinite { param: param.to_owned(), position, found: self.data[position] })
    }

    /// The shape and the numbers, for taking over without a copy.
    pub fn into_parts(self) -> (Vec<usize>, Vec<f32>) {
        (self.shape, self.data)
    }
}

/// The product of the axes, unless it is more than a machine word counts.
pub(crate) fn n_elements(shape: &[usize]) -> Option<usize> {
    shape.iter().try_fold(1, |product: usize, &axis| product.checked_mul(axis))
}
