use std::sync::{Arc, Mutex, MutexGuard};

use burn::backend::flex::FlexTensor;

use super::flex::{numbers, shape};
use crate::kernel::packed_maxout::PackedMaxout;
use crate::modules::maxout_window::MaxoutWindow;

/// The weights of a maxout layer as the kernel reads them, kept from one call to the next.
///
/// They are kept with the tensors that they were made of. Burn never changes the numbers of a tensor that somebody else
/// holds, so tensors that stand at the same place in memory still have the same numbers.
#[derive(Clone, Debug, Default)]
pub(crate) struct PackedWeights(Arc<Mutex<Option<Kept>>>);

#[derive(Debug)]
struct Kept {
    /// Weight and bias, until they are to change.
    of: Option<[FlexTensor; 2]>,
    packed: Arc<PackedMaxout>,
}

impl PackedWeights {
    /// The weights packed for a layer, from the last call if they are the same.
    pub(super) fn of(
        &self,
        weight: &FlexTensor,
        bias: &FlexTensor,
        layer: &MaxoutWindow,
    ) -> Arc<PackedMaxout> {
        let filter = layer.filter();
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
        let memory = memory.and_then(|kept| Arc::into_inner(kept.packed));
        let memory = memory.filter(|packed| packed.filter == filter && packed.shape() == shape(weight));
        let mut packed = memory.unwrap_or_else(|| PackedMaxout::zeros(filter, shape(weight)));
        packed.pack(&numbers(weight), &numbers(bias));
        let of = Some([weight.clone(), bias.clone()]);
        self.kept().insert(Kept { of, packed: Arc::new(packed) }).packed.clone()
    }

    /// Lets go of the tensors. The memory is for the next weights.
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

fn is_same(a: &FlexTensor, b: &FlexTensor) -> bool {
    match (a.as_slice::<f32>(), b.as_slice::<f32>()) {
        (Some(a), Some(b)) => std::ptr::eq(a, b),
        _ => false,
    }
}
