use std::sync::Arc;

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind, unary};
use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Flex, TensorMetadata};

use super::flex_tensor::{numbers, tensor};
use super::operations::{Call, FusedLayers};
use crate::kernel::gather_scatter::scatter_rows;
use crate::kernel::input_gradient::input_gradient;
use crate::kernel::weight_gradients::parameter_gradients;
use crate::kernel::window_backward::MaxoutWindowBackward;
use crate::kernel::window_block::MaxoutWindowKernel;
use crate::kernel::window_forward::{Saved, forward_saving};

impl<C: CheckpointStrategy> FusedLayers for Autodiff<Flex, C> {
    fn maxout_window(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        gain: FloatTensor<Self>,
        shift: FloatTensor<Self>,
        call: Call,
    ) -> FloatTensor<Self> {
        let nodes = [x.node(), weight.node(), bias.node(), gain.node(), shift.node()];
        let (x, weight, bias) = (x.into_primitive(), weight.into_primitive(), bias.into_primitive());
        let (gain, shift) = (gain.into_primitive(), shift.into_primitive());
        // Compute-bound: under gradient checkpointing Burn keeps the output rather than compute it again.
        match MaxoutWindowStep.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::UnTracked(prep) => prep.finish(Flex::maxout_window(x, weight, bias, gain, shift, call)),
            OpsKind::Tracked(prep) => {
                let Call { layer, filter, mask, packed } = call;
                let n_rows = layer.n_centres(x.shape()[0]);
                let maxout = packed.of(&weight, &bias, filter);
                let (gain, shift) = (numbers(&gain), numbers(&shift));
                let kernel =
                    MaxoutWindowKernel { layer: &layer, maxout: &maxout, gain: &gain, shift: &shift, mask };
                let (output, saved) = forward_saving(&kernel, &numbers(&x));
                // Shared, since Burn may clone the state of a step.
                prep.finish((Arc::new(saved), weight), tensor(output, [n_rows, maxout.outputs]))
            }
        }
    }

    fn row_sums(x: FloatTensor<Self>, sources: Arc<[u32]>, n_terms: usize) -> FloatTensor<Self> {
        let node = x.node();
        let x = x.into_primitive();
        let n_rows = x.shape()[0];
        let output = Flex::row_sums(x, sources.clone(), n_terms);
        match RowSumsStep.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(prep) => prep.finish(Scatter { sources, n_terms, n_rows }, output),
            OpsKind::UnTracked(prep) => prep.finish(output),
        }
    }
}

/// The backward pass of [`FusedLayers::maxout_window`].
#[derive(Debug)]
struct MaxoutWindowStep;

impl Backward<Flex, 5> for MaxoutWindowStep {
    // The weights as Burn has them: the backward pass reads them by rows, not in the order of the forward pass.
    type State = (Arc<Saved>, FlexTensor);

    fn backward(self, ops: Ops<Self::State, 5>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let (saved, weight) = ops.state;
        let gradient = gradients.consume::<Flex>(&ops.node);
        let gradient = numbers(&gradient);
        let pass = MaxoutWindowBackward::new(&saved, &gradient);
        let [outputs, pieces, inputs] = saved.shape;
        let width = saved.layer.width(inputs);
        // An input that nothing is learned from needs no gradient: half of the backward pass.
        let has_input = ops.parents[0].is_some();
        let (found, d_input) = rayon::join(
            || parameter_gradients(&pass),
            || has_input.then(|| input_gradient(&pass, &numbers(&weight))),
        );
        let found = [
            d_input.map(|d_input| {
                let n_rows = d_input.len() / width;
                tensor(d_input, [n_rows, width])
            }),
            Some(tensor(found.weight, [outputs, pieces, inputs])),
            Some(tensor(found.bias, [outputs, pieces])),
            Some(tensor(found.gain, [outputs])),
            Some(tensor(found.shift, [outputs])),
        ];
        for (parent, gradient) in ops.parents.into_iter().zip(found) {
            if let (Some(parent), Some(gradient)) = (parent, gradient) {
                gradients.register::<Flex>(parent.id, gradient);
            }
        }
    }
}

/// The backward pass of [`FusedLayers::row_sums`].
#[derive(Debug)]
struct RowSumsStep;

/// Where the rows of a gradient go.
#[derive(Clone, Debug)]
struct Scatter {
    sources: Arc<[u32]>,
    n_terms: usize,
    n_rows: usize,
}

impl Backward<Flex, 1> for RowSumsStep {
    type State = Scatter;

    fn backward(self, ops: Ops<Self::State, 1>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let Scatter { sources, n_terms, n_rows } = ops.state;
        unary::<Flex, _>(ops.parents, ops.node, gradients, |gradient| {
            let width = gradient.shape()[1];
            tensor(scatter_rows(&numbers(&gradient), width, &sources, n_terms, n_rows), [n_rows, width])
        });
    }
}
