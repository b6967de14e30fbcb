use std::collections::HashMap;
use std::sync::Arc;

use burn::tensor::{Tensor, TensorData};
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use ner_config::{Block, Builder, ConfigError, Kind};
use ner_doc::Doc;
use ner_layers::{MaxoutWindow, Mode, RaggedRows, Reduce, RowSums};
use ner_optim::ParameterRole;
use ner_thinc::Layer;
use ner_transformer::Precision;
use ner_vocab::Attribute;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::argument_checks::{check_at_least_one, check_weights};
use crate::encode::normalised_maxout::NormalisedMaxout;
use crate::letters::has_letter;
use crate::word_counts::{Counts, WordCounts};
use crate::{LayerTree, Parameter, Recipe, TokenSource, TokenVectors};

/// Token vectors that also depend on what the same word looks like elsewhere in its document.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DocumentMemoryConfig {
    /// The network that gives every token a vector in the context of its sentence.
    pub tok2vec: Block,
    /// Pieces of the maxout that mixes both vectors.
    #[serde(default = "maxout_pieces")]
    pub maxout_pieces: usize,
}

fn maxout_pieces() -> usize {
    2
}

/// `ner.DocumentMemory.v1`
pub(crate) fn document_memory(
    config: DocumentMemoryConfig,
    builder: &Builder<'_>,
) -> Result<TokenSource, ConfigError> {
    let pieces = config.maxout_pieces;
    check_at_least_one(builder, &[("maxout_pieces", pieces)])?;
    let source: TokenSource = builder.build(Kind::Architectures, &config.tok2vec)?;
    let TokenSource::Own(tok2vec) = source else {
        return Err(builder.invalid(
            "tok2vec",
            "expected a network, found a listener: the memory belongs in the component that is listened to",
        ));
    };
    if tok2vec.has_preparation() {
        let message = "expected a network whose sizes the config gives, found a pretrained encoder, which reads more than \
                       a sentence itself";
        return Err(builder.invalid("tok2vec", message));
    }
    let width = tok2vec.width;
    check_weights(builder, "maxout_pieces", &[width, pieces, 2, width])?;
    let frequent = WordCounts::default();
    Ok(TokenSource::Own(Recipe::new(width, move |init| {
        Box::new(DocumentMemory {
            tok2vec: tok2vec.make(init),
            mix: NormalisedMaxout::init(width, pieces, 2 * width, init),
            frequent: frequent.clone(),
            width,
        }) as Box<dyn TokenVectors>
    })))
}

/// A word is frequent, and not remembered, if more than one in so many words of the training corpus is that word. Of
/// CoNLL-2003 these are 88: what they mean does not depend on the document.
const FREQUENT: u64 = 1000;
/// And if it stood there so often: in a corpus of a few hundred words, all would be frequent.
const AT_LEAST: u32 = 20;

/// Adds to a token's vector `h` what the same word's other tokens in the document are like. With their mean `m`, it becomes
/// `h + dropout(layer_norm(maxout(W [h; m] + b)))`. Tokens are of the same word if they are in lower case. A token whose word
/// stands once, is frequent, or has no letter stays as it is.
///
/// A name is often introduced where its context tells what it is, and repeated where it does not. Pooled vectors of a word
/// from the whole corpus are in Akbik et al., "Pooled contextualized embeddings" (2019); here it is one document, so that a
/// prediction depends on nothing else.
#[derive(Debug)]
struct DocumentMemory {
    tok2vec: Box<dyn TokenVectors>,
    mix: NormalisedMaxout,
    /// The frequent words, by LOWER.
    frequent: WordCounts,
    width: usize,
}

/// The tokens whose words stand several times in their documents.
#[derive(Debug, PartialEq, Eq)]
struct Repeated {
    /// The tokens of each repeated word, as rows of the batch.
    words: RaggedRows,
    /// The word of each of these tokens.
    of_tokens: Vec<u32>,
}

impl Repeated {
    fn new(docs: &[&Doc], frequent: &Counts) -> Repeated {
        let mut repeated =
            Repeated { words: RaggedRows { starts: vec![0], rows: Vec::new() }, of_tokens: Vec::new() };
        let mut first = 0;
        // The word of each token in its document, in the order in which words are met.
        let mut places: HashTable<(u64, u32)> = HashTable::new();
        let mut tokens: Vec<Vec<u32>> = Vec::new();
        for doc in docs {
            places.clear();
            let mut n_words = 0;
            for token in 0..doc.len() {
                let lower = doc.attribute(Attribute::LOWER, token);
                // Ids of strings are hashes already.
                let entry = places.entry(lower, |&(other, _)| other == lower, |&(other, _)| other);
                let word = match entry {
                    Entry::Occupied(entry) => entry.get().1 as usize,
                    Entry::Vacant(entry) => {
                        entry.insert((lower, n_words as u32));
                        n_words += 1;
                        if tokens.len() < n_words {
                            tokens.push(Vec::new());
                        }
                        n_words - 1
                    }
                };
                tokens[word].push(token as u32);
            }
            for tokens in &mut tokens[..n_words] {
                if tokens.len() > 1 && is_remembered(doc, tokens[0] as usize, frequent) {
                    repeated.add(tokens, first);
                }
                tokens.clear();
            }
            first += doc.len() as u32;
        }
        repeated
    }

    /// Adds the tokens of a word in a document whose first token has the row `first`.
    fn add(&mut self, tokens: &[u32], first: u32) {
        let word = self.words.n_tokens() as u32;
        self.words.rows.extend(tokens.iter().map(|token| first + token));
        self.words.starts.push(self.words.rows.len() as u32);
        self.of_tokens.resize(self.words.rows.len(), word);
    }
}

fn is_remembered(doc: &Doc, token: usize, frequent: &Counts) -> bool {
    frequent.get(doc.attribute(Attribute::LOWER, token)).is_none() && has_letter(doc, token)
}

impl DocumentMemory {
    /// `[tokens, width]` -> `[tokens, width]`
    fn remember(&self, h: Tensor<2>, docs: &[&Doc], mode: &mut Mode<'_>) -> Tensor<2> {
        let Repeated { words, of_tokens } = Repeated::new(docs, &self.frequent.get());
        if of_tokens.is_empty() {
            return h;
        }
        let ([n_tokens, _], n_repeated, device) = (h.dims(), of_tokens.len(), h.device());
        // The mean of the others is that of all less the token itself, so that a word which stands a thousand times costs a
        // thousand additions, not a million.
        let sums = Reduce::Sum.forward(h.clone(), &words);
        let own = RowSums::copies(words.rows.clone()).forward(h.clone());
        let n_others = of_tokens.iter().map(|&word| {
            let bounds = &words.starts[word as usize..][..2];
            1.0 / (bounds[1] - bounds[0] - 1) as f32
        });
        let factors = TensorData::new(n_others.collect::<Vec<f32>>(), [n_repeated, 1]);
        let all = RowSums::copies(of_tokens).forward(sums);
        let means = (all - own.clone()) * Tensor::<2>::from_data(factors, &device);
        let mask = mode.mask([n_repeated, self.width]);
        let found = self.mix.forward(Tensor::cat(vec![own, means], 1), &MaxoutWindow::default(), mask);
        let mut places = vec![RowSums::ZEROS; n_tokens];
        (0..).zip(&words.rows).for_each(|(place, &row)| places[row as usize] = place);
        h + RowSums::copies(places).forward(found)
    }
}

impl TokenVectors for DocumentMemory {
    fn forward(&self, docs: &[&Doc], mode: &mut Mode<'_>) -> Tensor<2> {
        let h = self.tok2vec.forward(docs, mode);
        self.remember(h, docs, mode)
    }

    fn kept_bytes(&self, docs: &[&Doc], checkpoints: Option<bool>) -> usize {
        self.tok2vec.kept_bytes(docs, checkpoints)
    }

    fn set_precision(&mut self, precision: Precision) {
        self.tok2vec.set_precision(precision);
    }

    fn roles(&mut self) -> HashMap<u64, ParameterRole> {
        self.tok2vec.roles()
    }

    fn check(&self, docs: &[&Doc]) -> Result<(), String> {
        self.tok2vec.check(docs)
    }

    fn python_draws(&self) -> usize {
        self.tok2vec.python_draws()
    }

    fn width(&self) -> usize {
        self.width
    }

    fn vector_width(&self) -> Option<usize> {
        self.tok2vec.vector_width()
    }

    fn attributes(&self) -> Vec<Attribute> {
        let mut attributes = self.tok2vec.attributes();
        if !attributes.contains(&Attribute::LOWER) {
            attributes.push(Attribute::LOWER);
        }
        attributes
    }

    fn lookups(&mut self, docs: &[&Doc]) -> Vec<(&mut dyn Parameter, Vec<u32>)> {
        self.tok2vec.lookups(docs)
    }

    fn counts_words(&self) -> bool {
        true
    }

    fn count_words(&mut self, docs: &mut dyn Iterator<Item = &Doc>) {
        let docs: Vec<&Doc> = docs.collect();
        let mut counts = Counts::default();
        for doc in &docs {
            (0..doc.len()).for_each(|token| counts.add(doc.attribute(Attribute::LOWER, token)));
        }
        let n_tokens: u64 = docs.iter().map(|doc| doc.len() as u64).sum();
        counts.retain(|count| count >= AT_LEAST && u64::from(count) * FREQUENT > n_tokens);
        self.frequent.set(counts);
        self.tok2vec.count_words(&mut docs.into_iter());
    }

    fn parameters_mut(&mut self) -> Vec<&mut dyn Parameter> {
        let mut parameters = self.tok2vec.parameters_mut();
        parameters.extend(self.mix.parameters_mut());
        parameters
    }

    fn layer(&self, tree: &mut LayerTree) -> Arc<Layer> {
        let tok2vec = self.tok2vec.layer(tree);
        let mix = self.mix.layer(tree);
        let layer = Layer::new("ner_document_memory").dim("nO", self.width).layers([tok2vec, mix]);
        tree.leaf_with_words(layer, &self.frequent)
    }
}

#[cfg(test)]
mod tests {
    use ner_vocab::Vocab;

    use super::*;

    #[test]
    fn words_are_repeated_within_a_document_whatever_their_case() {
        let vocab = Arc::new(Vocab::new("en").unwrap());
        let doc = |text: &str| Doc::from_words(vocab.clone(), &text.split(' ').collect::<Vec<_>>(), &[]);
        let (one, other) = (doc("Rose the , a the rose , ROSE"), doc("a b a rose"));
        let frequent = Counts::from_iter([(ner_vocab::StringId::of("the").0, 100)]);
        let repeated = Repeated::new(&[&one, &other], &frequent);
        assert_eq!(repeated.words, RaggedRows { starts: vec![0, 3, 5], rows: vec![0, 5, 7, 8, 10] });
        assert_eq!(repeated.of_tokens, [0, 0, 0, 1, 1]);
    }
}
