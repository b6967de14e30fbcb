use std::sync::{Arc, Mutex};

use burn::backend::flex::FlexTensor;

use super::flex::{numbers, shape};
use crate::kernel::PackedMaxout;

/// The weights of a maxout layer as the kernel reads them, kept from one call to the next.
///
/// They are kept with the tensors that they were made of. Burn never changes the numbers of a tensor that somebody else
/// holds, so tensors that stand at the same place in memory still have the same numbers.
#[derive(Clone, Debug, Default)]
pub(crate) struct PackedWeights(Arc<Mutex<Option<Kept>>>);

#[derive(Debug)]
struct Kept {
    weight: FlexTensor,
    bias: FlexTensor,
    packed: Arc<PackedMaxout>,
}

impl PackedWeights {
    /// The packed weights, from the last call if they are the same.
    pub(super) fn of(&self, weight: &FlexTensor, bias: &FlexTensor) -> Arc<PackedMaxout> {
        if let Some(packed) = self.kept(weight, bias) {
            return packed;
        }
        // Not under the lock: while threads pack together, one may be asked for another batch.
        let packed = Arc::new(PackedMaxout::new(&numbers(weight), &numbers(bias), shape(weight)));
        let kept = Kept { weight: weight.clone(), bias: bias.clone(), packed: packed.clone() };
        *self.0.lock().expect("no holder panics") = Some(kept);
        packed
    }

    fn kept(&self, weight: &FlexTensor, bias: &FlexTensor) -> Option<Arc<PackedMaxout>> {
        let kept = self.0.lock().expect("no holder panics");
        let kept = kept.as_ref().filter(|kept| is_same(&kept.weight, weight) && is_same(&kept.bias, bias));
        kept.map(|kept| kept.packed.clone())
    }
}

fn is_same(a: &FlexTensor, b: &FlexTensor) -> bool {
    match (a.as_slice::<f32>(), b.as_slice::<f32>()) {
        (Some(a), Some(b)) => std::ptr::eq(a, b),
        _ => false,
    }
}
