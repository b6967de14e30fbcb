use std::sync::Arc;

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind, unary};
use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Flex, TensorMetadata};

use super::flex::{numbers, tensor};
use super::{Call, FusedLayers};
use crate::kernel::gather_scatter::scatter_rows;
use crate::kernel::window_backward::MaxoutWindowBackward;
use crate::kernel::window_forward::{MaxoutWindowKernel, Saved};
use crate::modules::row_sums::RowSums;

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
        match MaxoutWindowStep.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::UnTracked(prep) => prep.finish(Flex::maxout_window(x, weight, bias, gain, shift, call)),
            OpsKind::Tracked(prep) => {
                let Call { layer, mask, packed } = call;
                let n_rows = layer.n_centres(x.shape()[0]);
                let maxout = packed.of(&weight, &bias, &layer);
                let (gain, shift) = (numbers(&gain), numbers(&shift));
                let kernel =
                    MaxoutWindowKernel { layer: &layer, maxout: &maxout, gain: &gain, shift: &shift, mask };
                let (output, saved) = kernel.forward_saving(&numbers(&x));
                prep.finish((Arc::new(saved), weight), tensor(output, [n_rows, maxout.outputs]))
            }
        }
    }

    fn row_sums(x: FloatTensor<Self>, sums: RowSums) -> FloatTensor<Self> {
        let node = x.node();
        let x = x.into_primitive();
        let n_rows = x.shape()[0];
        let output = Flex::row_sums(x, sums.clone());
        match RowSumsStep.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(prep) => prep.finish((sums, n_rows), output),
            OpsKind::UnTracked(prep) => prep.finish(output),
        }
    }
}

#[derive(Debug)]
struct MaxoutWindowStep;

impl Backward<Flex, 5> for MaxoutWindowStep {
    type State = (Arc<Saved>, FlexTensor);

    fn backward(self, ops: Ops<Self::State, 5>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let (saved, weight) = ops.state;
        let gradient = gradients.consume::<Flex>(&ops.node);
        let gradient = numbers(&gradient);
        let pass = MaxoutWindowBackward::new(&saved, &gradient);
        let [outputs, pieces, inputs] = saved.shape;
        let width = saved.layer.width(inputs);
        let has_input = ops.parents[0].is_some();
        let (found, d_input) =
            rayon::join(|| pass.parameters(), || has_input.then(|| pass.input(&numbers(&weight))));
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

#[derive(Debug)]
struct RowSumsStep;

impl Backward<Flex, 1> for RowSumsStep {
    type State = (RowSums, usize);

    fn backward(self, ops: Ops<Self::State, 1>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let (sums, n_rows) = ops.state;
        unary::<Flex, _>(ops.parents, ops.node, gradients, |gradient| {
            let width = gradient.shape()[1];
            tensor(
                scatter_rows(&numbers(&gradient), width, &sums.sources, sums.n_terms, n_rows),
                [n_rows, width],
            )
        });
    }
}
