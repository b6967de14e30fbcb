use std::sync::{Arc, Mutex, MutexGuard};

use burn::backend::Flex;
use burn::backend::flex::FlexTensor;
use burn::tensor::Tensor;

use super::flex_tensor::{numbers, shape};
use crate::kernel::filter::Filter;
use crate::kernel::packed_maxout::PackedMaxout;

/// The weights of a maxout layer as the kernel reads them, kept from one call to the next.
///
/// They are kept with the tensors that they were made from. Burn never changes the numbers of a tensor that is shared, so
/// tensors at the same place in memory still hold the same numbers.
#[derive(Clone, Debug, Default)]
pub(crate) struct PackedWeights(Arc<Mutex<Option<Kept>>>);

#[derive(Debug)]
struct Kept {
    /// Weight and bias, until they are to change.
    of: Option<[FlexTensor; 2]>,
    packed: Arc<PackedMaxout>,
}

impl PackedWeights {
    /// Packs `weight` `[outputs, pieces, inputs]` and `bias` `[outputs, pieces]` before they are needed, if they are on the
    /// CPU: the call that needs them would do it otherwise.
    pub(crate) fn prepare(&self, weight: Tensor<3>, bias: Tensor<2>, filter: Filter) {
        let weight = weight.without_autodiff().try_into_primitive::<Flex>();
        let bias = bias.without_autodiff().try_into_primitive::<Flex>();
        if let (Ok(weight), Ok(bias)) = (weight, bias) {
            self.of(&weight, &bias, filter);
        }
    }

    /// The weights packed for a filter, from the last call if they are the same.
    pub(super) fn of(&self, weight: &FlexTensor, bias: &FlexTensor, filter: Filter) -> Arc<PackedMaxout> {
        let mut kept = self.kept();
        if let Some(kept) = &*kept
            && kept.packed.filter == filter
            && kept.is_of(weight, bias)
        {
            return kept.packed.clone();
        }
        let memory = kept.take();
        drop(kept);
        // Not under the lock: while threads pack together, one may be asked for another batch.
        // Training packs new weights in every step. The old buffer is taken again if it has the right size and no other
        // call still reads it, so that a step neither allocates nor clears several megabytes.
        let memory = memory.and_then(|kept| Arc::into_inner(kept.packed));
        let memory = memory.filter(|packed| packed.filter == filter && packed.shape() == shape(weight));
        let mut packed = memory.unwrap_or_else(|| PackedMaxout::zeros(filter, shape(weight)));
        packed.pack(&numbers(weight), &numbers(bias));
        let of = Some([weight.clone(), bias.clone()]);
        self.kept().insert(Kept { of, packed: Arc::new(packed) }).packed.clone()
    }

    /// Releases the tensors, so that Burn can change them in place, but keeps the buffer for the next weights.
    pub(crate) fn forget(&self) {
        if let Some(kept) = &mut *self.kept() {
            kept.of = None;
        }
    }

    fn kept(&self) -> MutexGuard<'_, Option<Kept>> {
        self.0.lock().expect("no holder panics")
    }
}

impl Kept {
    fn is_of(&self, weight: &FlexTensor, bias: &FlexTensor) -> bool {
        self.of
            .as_ref()
            .is_some_and(|[own_weight, own_bias]| is_same(own_weight, weight) && is_same(own_bias, bias))
    }
}

/// Whether two tensors are views of the same numbers. A comparison by value would read all weights in every call.
fn is_same(a: &FlexTensor, b: &FlexTensor) -> bool {
    match (a.as_slice::<f32>(), b.as_slice::<f32>()) {
        (Some(a), Some(b)) => std::ptr::eq(a, b),
        _ => false,
    }
}
