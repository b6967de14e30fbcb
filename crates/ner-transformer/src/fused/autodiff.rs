use std::sync::Arc;

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Flex};

use super::operations::{Call, FusedLayers, numbers, shape, tensor};
use crate::Precision;
use crate::kernel::backward::Backward as LayerBackward;
use crate::kernel::forward::{Saved, forward_saving};
use crate::kernel::weights::{LayerWeights, N_WEIGHTS, PackedLayer};

impl<C: CheckpointStrategy> FusedLayers for Autodiff<Flex, C> {
    fn encoder_layer(
        x: FloatTensor<Self>,
        attention_input: FloatTensor<Self>,
        attention_input_bias: FloatTensor<Self>,
        attention_output: FloatTensor<Self>,
        attention_output_bias: FloatTensor<Self>,
        attention_gain: FloatTensor<Self>,
        attention_shift: FloatTensor<Self>,
        intermediate: FloatTensor<Self>,
        intermediate_bias: FloatTensor<Self>,
        output: FloatTensor<Self>,
        output_bias: FloatTensor<Self>,
        output_gain: FloatTensor<Self>,
        output_shift: FloatTensor<Self>,
        call: Call,
    ) -> FloatTensor<Self> {
        let weights = [
            attention_input,
            attention_input_bias,
            attention_output,
            attention_output_bias,
            attention_gain,
            attention_shift,
            intermediate,
            intermediate_bias,
            output,
            output_bias,
            output_gain,
            output_shift,
        ];
        let [a, b, c, d, e, f, g, h, i, j, k, l] = weights.each_ref().map(|weight| weight.node());
        let nodes = [x.node(), a, b, c, d, e, f, g, h, i, j, k, l];
        let (x, weights) = (x.into_primitive(), weights.map(|weight| weight.into_primitive()));
        // Compute-bound: under Burn's own checkpointing it keeps the output rather than compute it again.
        match EncoderLayerStep.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::UnTracked(prep) => {
                let [a, b, c, d, e, f, g, h, i, j, k, l] = weights;
                prep.finish(Flex::encoder_layer(x, a, b, c, d, e, f, g, h, i, j, k, l, call))
            }
            OpsKind::Tracked(prep) => {
                let (output, saved) = run(&call, &weights, &numbers(&x));
                let output = tensor(output, shape(&x));
                let saved = (!call.checkpoints).then(|| Arc::new(saved));
                prep.finish(State { x, weights, saved, call }, output)
            }
        }
    }
}

fn run(call: &Call, weights: &[FlexTensor; N_WEIGHTS], x: &[f32]) -> (Vec<f32>, Saved) {
    let packed = PackedLayer::new(LayerWeights::new(weights.each_ref().map(numbers)), Precision::Single);
    forward_saving(&packed, &call.shape, &call.windows, &call.dropout, x)
}

/// The backward pass of [`FusedLayers::encoder_layer`].
#[derive(Debug)]
struct EncoderLayerStep;

/// What the backward pass needs. Burn may clone it.
#[derive(Clone, Debug)]
struct State {
    x: FlexTensor,
    weights: [FlexTensor; N_WEIGHTS],
    /// `None` if the forward pass is to be done again.
    saved: Option<Arc<Saved>>,
    call: Call,
}

impl Backward<Flex, 13> for EncoderLayerStep {
    type State = State;

    fn backward(self, ops: Ops<Self::State, 13>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let State { x, weights, saved, call } = ops.state;
        let gradient = gradients.consume::<Flex>(&ops.node);
        let rows = numbers(&x);
        let saved = saved.unwrap_or_else(|| Arc::new(run(&call, &weights, &rows).1));
        let shapes: Vec<Vec<usize>> = weights.iter().map(shape).collect();
        let weights = LayerWeights::new(weights.each_ref().map(numbers));
        let Call { shape: sizes, windows, dropout, .. } = &call;
        let pass =
            LayerBackward { weights: &weights, shape: sizes, windows, dropout, saved: &saved, x: &rows };
        let found = pass.run(&numbers(&gradient));
        let of_weights = found.weights.into_iter().zip(shapes);
        let mut found = vec![tensor(found.x, shape(&x))];
        found.extend(of_weights.map(|(numbers, shape)| tensor(numbers, shape)));
        for (parent, gradient) in ops.parents.into_iter().zip(found) {
            if let Some(parent) = parent {
                gradients.register::<Flex>(parent.id, gradient);
            }
        }
    }
}
