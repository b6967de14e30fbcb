use std::collections::HashMap;

use ner_doc::Doc;
use ner_layers::Init;
use ner_model::{
    Cloze, EncoderSources, HeadGradients, Parameter, PretrainingHead, PretrainingObjective, RandomWords,
};

use super::PretrainedLayer;
use crate::components::Initialization;
use crate::learning::{Learning, Random, update_rows};
use crate::{Pipeline, PipelineError};

/// The token vectors of a component while they are pretrained, with what stands above them meanwhile.
#[derive(Debug)]
pub struct Pretraining {
    layer: PretrainedLayer,
    objective: Box<dyn PretrainingObjective>,
    head: PretrainingHead,
    random_words: RandomWords,
    /// The share of inner values that are left out of each update.
    dropout: f64,
}

/// spaCy: the text by which it learns the lengths of vectors; its words are among the random ones (training/pretrain.py).
const PROBE: &str = "Give it a doc to infer shapes";

impl Pretraining {
    /// Draws the first weights of the layer and of what stands above it.
    ///
    /// # Errors
    /// If the vocabulary has no vectors, though they are to be read or predicted.
    pub fn new(
        pipeline: &mut Pipeline,
        layer: PretrainedLayer,
        objective: Box<dyn PretrainingObjective>,
        dropout: f64,
        random: &mut Random,
    ) -> Result<Pretraining, PipelineError> {
        // Noted down in files from the first weights on, as in spaCy.
        pipeline.dropout_rate = dropout;
        let vocab = pipeline.vocab.clone();
        let mut words = pipeline.tokenizer.rule_words()?;
        words.extend(pipeline.tokenizer.tokenize(PROBE)?.words().into_iter().map(str::to_owned));
        let random_words = RandomWords::new(&vocab, &words);
        let device = pipeline.device.clone();
        let name = layer.component().to_owned();
        let component = layer.of(pipeline);
        component.check_static_vectors(&name)?;
        let mut init = Init::random(&mut random.numpy, &device).with_vector_width(vocab.vectors().width());
        // spaCy: drawn once alone and once with the layers above, which is the draw that counts (training/pretrain.py).
        for _ in 0..2 {
            let sources = EncoderSources::default();
            let data = Initialization { name: &name, examples: &[], labels: None, sources: &sources };
            component.initialize(&data, &mut init)?;
        }
        let width = component.token_vectors().expect("it shares them").width();
        let head = PretrainingHead::init(&*objective, width, &vocab, &mut init)
            .map_err(|source| PipelineError::Model { component: name, source })?;
        Ok(Pretraining { layer, objective, head, random_words, dropout })
    }

    /// The layer that is pretrained.
    pub fn layer(&self) -> &PretrainedLayer {
        &self.layer
    }

    /// All weights that it moves, those of the layer first; always in the same order.
    pub fn parameters_mut<'a>(&'a mut self, pipeline: &'a mut Pipeline) -> Vec<&'a mut dyn Parameter> {
        let Pretraining { layer, head, .. } = self;
        layer.of(pipeline).parameters_mut().into_iter().chain(head.parameters_mut()).collect()
    }

    /// The words that stand in for hidden ones.
    pub fn random_words(&self) -> &RandomWords {
        &self.random_words
    }

    /// The same, to take back a saved state.
    pub fn random_words_mut(&mut self) -> &mut RandomWords {
        &mut self.random_words
    }

    /// Learns from some documents, which hold at least one token in all: hides some of their words, and moves all weights by
    /// a step of the optimiser. Returns the loss.
    pub fn update(
        &mut self,
        pipeline: &mut Pipeline,
        docs: &[&Doc],
        learning: &mut Learning,
    ) -> Result<f64, PipelineError> {
        let Pretraining { layer, objective, head, random_words, dropout } = self;
        let component = layer.of(pipeline);
        component.parameters_mut().into_iter().for_each(|parameter| parameter.set_autodiff(true));
        head.parameters_mut().into_iter().for_each(|parameter| parameter.set_autodiff(true));
        let Learning { gradients, random, optimizer, .. } = learning;
        // Before the masks of dropout, as in spaCy: they come from the same generator.
        let Cloze { docs: hidden, tokens } = Cloze::draw(docs, random_words, &mut random.numpy);
        let hidden: Vec<&Doc> = hidden.iter().collect();
        let network = component.token_vectors_mut().expect("it shares them");
        update_rows(network, &hidden, &mut **optimizer)?;
        let mut mode = random.training(*dropout);
        let vectors = network.forward(&hidden, &mut mode);
        let loss = |predicted: &mut [f32]| objective.loss(docs, predicted);
        let HeadGradients { loss, own, pass } = head.learn(vectors, &tokens, &mut mode, loss);
        own.into_iter().for_each(|(id, gradient)| gradients.add(id, gradient));
        gradients.take_from(pass, component.parameters_mut());
        let parameters = component.parameters_mut().into_iter().chain(head.parameters_mut());
        let name = layer.component();
        gradients.step(
            parameters.map(|parameter| (name, parameter)).collect(),
            &HashMap::new(),
            &mut **optimizer,
        )?;
        Ok(loss)
    }
}
