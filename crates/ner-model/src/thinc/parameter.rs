use burn::module::{Param, ParamId};
use burn::tensor::{Device, Gradients, Tensor, TensorData};
use ner_layers::{Table, to_vec};
use ner_optim::{Gradient, ParameterRole};
use ner_thinc::Array;

/// One tensor of weights, whatever its rank.
pub trait Parameter {
    /// Its identity as long as the program runs.
    fn id(&self) -> u64;

    /// The length of each axis.
    fn shape(&self) -> Vec<usize>;

    /// A copy of the weights.
    fn array(&self) -> Array;

    /// What it is in its network, for optimisers that treat parameters apart by it.
    fn role(&self) -> ParameterRole {
        ParameterRole::default()
    }

    /// Moves the weights out. The parameter must not be used until they are put back.
    fn take(&mut self) -> TakenWeights;

    /// Puts the weights back.
    fn put(&mut self, taken: TakenWeights);

    /// Changes the weights in place.
    fn change(&mut self, change: &mut dyn FnMut(&mut [f32])) {
        let mut taken = self.take();
        change(&mut taken.weights);
        self.put(taken);
    }

    /// Takes the gradient out of a backward pass, if it has one there.
    fn take_gradient(&self, gradients: &mut Gradients) -> Option<Gradient>;

    /// Whether operations on the weights are recorded for a backward pass.
    fn set_autodiff(&mut self, autodiff: bool);
}

/// Weights that were moved out of a parameter, to be changed and put back.
#[derive(Debug)]
pub struct TakenWeights {
    /// The weights, whose number must stay.
    pub weights: Vec<f32>,
    shape: Vec<usize>,
    device: Device,
    is_autodiff: bool,
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

    /// A parameter of one axis is a bias or belongs to a normalisation. The biases of maxout layers have more and are taken
    /// for weights, as in libraries that go by the number of axes.
    fn role(&self) -> ParameterRole {
        ParameterRole { layers_above: None, is_bias_or_norm: D == 1 }
    }

    fn take(&mut self) -> TakenWeights {
        let shape = self.dims().to_vec();
        let (_, tensor) = take(self);
        let (device, is_autodiff) = (tensor.device(), tensor.is_autodiff());
        TakenWeights { weights: to_vec(tensor.without_autodiff()), shape, device, is_autodiff }
    }

    fn put(&mut self, taken: TakenWeights) {
        let TakenWeights { weights, shape, device, is_autodiff } = taken;
        // The id stays: the optimiser finds what it remembers of a parameter by it.
        let tensor = Tensor::from_data(TensorData::new(weights, shape), &device);
        *self = Param::initialized(self.id, if is_autodiff { tensor.require_grad() } else { tensor });
    }

    fn take_gradient(&self, gradients: &mut Gradients) -> Option<Gradient> {
        self.val().grad_remove(gradients).map(|gradient| Gradient::All(to_vec(gradient)))
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

/// Its gradient is that of the rows that were looked up.
impl Parameter for Table {
    fn id(&self) -> u64 {
        self.weight.id()
    }

    fn shape(&self) -> Vec<usize> {
        Parameter::shape(&self.weight)
    }

    fn array(&self) -> Array {
        self.weight.array()
    }

    fn take(&mut self) -> TakenWeights {
        self.weight.take()
    }

    fn put(&mut self, taken: TakenWeights) {
        self.weight.put(taken);
    }

    fn take_gradient(&self, gradients: &mut Gradients) -> Option<Gradient> {
        Table::take_gradient(self, gradients).map(Gradient::Rows)
    }

    fn set_autodiff(&mut self, autodiff: bool) {
        // They belong to the recording that begins or ends here, and hold its tensors.
        self.forget_lookups();
        self.weight.set_autodiff(autodiff);
    }
}

/// Moves the tensor out. Burn's tensors share their memory, and the one holder of a tensor can turn it into numbers without a
/// copy; a tensor of one element stands in for it meanwhile.
fn take<const D: usize>(param: &mut Param<Tensor<D>>) -> (ParamId, Tensor<D>) {
    let device = param.val().device().inner();
    let empty = Param::initialized(param.id, Tensor::zeros([1; D], &device));
    let (id, tensor, _) = std::mem::replace(param, empty).consume();
    (id, tensor)
}
