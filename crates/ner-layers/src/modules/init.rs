use burn::module::Param;
use burn::tensor::{Device, Tensor, TensorData};
use ner_cpython::NumpyRandom;

/// The source of first weights, and the device that they are put on.
#[derive(Debug)]
pub struct Init<'a> {
    random: Option<&'a mut NumpyRandom>,
    device: Device,
    vector_width: usize,
}

impl<'a> Init<'a> {
    /// Weights drawn from a generator, in Thinc's order.
    pub fn random(random: &'a mut NumpyRandom, device: &Device) -> Init<'a> {
        Init { random: Some(random), device: device.clone(), vector_width: 0 }
    }

    /// Zeros, for weights that are loaded afterwards.
    pub fn zeros(device: &Device) -> Init<'a> {
        Init { random: None, device: device.clone(), vector_width: 0 }
    }

    /// The same for networks that read a table of static vectors of this length.
    pub fn with_vector_width(self, vector_width: usize) -> Init<'a> {
        Init { vector_width, ..self }
    }

    /// Length of the static vectors; 0 if there are none.
    pub fn vector_width(&self) -> usize {
        self.vector_width
    }

    /// The device that parameters are made on.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// A parameter with every weight the same.
    pub fn constant<const D: usize>(&self, value: f32, shape: [usize; D]) -> Param<Tensor<D>> {
        self.parameter(vec![value; shape.iter().product()], shape)
    }

    /// Uniform weights in ±`limit`.
    pub fn uniform<const D: usize>(&mut self, limit: f64, shape: [usize; D]) -> Param<Tensor<D>> {
        let mut weights = vec![0.0; shape.iter().product()];
        if let Some(random) = &mut self.random {
            random.fill_uniform(-limit, limit, &mut weights);
        }
        self.parameter(weights, shape)
    }

    /// Uniform weights in ±sqrt(6 / (fan_in + fan_out)) (Glorot and Bengio, 2010).
    pub fn glorot_uniform<const D: usize>(&mut self, shape: [usize; D]) -> Param<Tensor<D>> {
        // spaCy: Thinc takes the first two dimensions as the fans, whatever the rank (thinc/initializers.py).
        self.uniform((6.0 / (shape[0] + shape[1]) as f64).sqrt(), shape)
    }

    /// Normal weights with mean 0.
    pub fn normal<const D: usize>(&mut self, deviation: f64, shape: [usize; D]) -> Param<Tensor<D>> {
        let mut weights = vec![0.0; shape.iter().product()];
        if let Some(random) = &mut self.random {
            random.fill_normal(0.0, deviation, &mut weights);
        }
        self.parameter(weights, shape)
    }

    /// The generator, unless weights are zeros.
    pub(crate) fn generator(&mut self) -> Option<&mut NumpyRandom> {
        self.random.as_deref_mut()
    }

    /// A parameter with the given weights, which must fill `shape`.
    pub(crate) fn parameter<const D: usize>(&self, weights: Vec<f32>, shape: [usize; D]) -> Param<Tensor<D>> {
        Param::from_tensor(Tensor::from_data(TensorData::new(weights, shape), &self.device))
    }
}
