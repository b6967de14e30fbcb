use burn::module::{Param, ParamId};
use burn::tensor::{Gradients, Tensor, TensorData};
use ner_layers::to_vec;
use ner_thinc::Array;

/// One tensor of weights, whatever its rank.
pub trait Parameter {
    /// What it is known by as long as the program runs.
    fn id(&self) -> u64;

    /// The length of each axis.
    fn shape(&self) -> Vec<usize>;

    /// A copy of the weights.
    fn array(&self) -> Array;

    /// Hands the weights to `change`, in place.
    fn change(&mut self, change: &mut dyn FnMut(&mut [f32]));

    /// Takes the gradient out of a backward pass, if it has one there.
    fn take_gradient(&self, gradients: &mut Gradients) -> Option<Vec<f32>>;

    /// Whether operations on the weights are recorded for a backward pass.
    fn set_autodiff(&mut self, autodiff: bool);
}

impl<const D: usize> Parameter for Param<Tensor<D>> {
    fn id(&self) -> u64 {
        self.id.val()
    }

    fn shape(&self) -> Vec<usize> {
        self.dims().to_vec()
    }

    fn array(&self) -> Array {
        let weights = to_vec(self.val().without_autodiff());
        Array::new(Parameter::shape(self), weights).expect("a tensor fills its shape")
    }

    fn change(&mut self, change: &mut dyn FnMut(&mut [f32])) {
        let shape = self.dims();
        let (id, tensor) = take(self);
        let (device, was_autodiff) = (tensor.device(), tensor.is_autodiff());
        let mut weights = to_vec(tensor.without_autodiff());
        change(&mut weights);
        let tensor = Tensor::from_data(TensorData::new(weights, shape), &device);
        *self = Param::initialized(id, if was_autodiff { tensor.require_grad() } else { tensor });
    }

    fn take_gradient(&self, gradients: &mut Gradients) -> Option<Vec<f32>> {
        self.val().grad_remove(gradients).map(to_vec)
    }

    fn set_autodiff(&mut self, autodiff: bool) {
        if self.val().is_autodiff() != autodiff {
            let (id, tensor) = take(self);
            let tensor =
                if autodiff { tensor.autodiff().require_grad() } else { tensor.without_autodiff().detach() };
            *self = Param::initialized(id, tensor);
        }
    }
}

/// Moves the tensor out, so that nobody else holds it and changing it copies nothing.
fn take<const D: usize>(param: &mut Param<Tensor<D>>) -> (ParamId, Tensor<D>) {
    let device = param.val().device().inner();
    let empty = Param::initialized(param.id, Tensor::zeros([1; D], &device));
    let (id, tensor, _) = std::mem::replace(param, empty).consume();
    (id, tensor)
}
