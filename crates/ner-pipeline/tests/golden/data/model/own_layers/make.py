"""Writes the files beside it: `python make.py PROGRAM`, where PROGRAM is the command `ner`."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy
import spacy
from spacy.vectors import Vectors

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[6]
sys.path.insert(0, str(ROOT / "crates/ner-model/src/thinc"))
import ner_layers  # noqa: E402, F401

CONFIG = """
[nlp]
lang = "xx"
pipeline = ["tok2vec", "ner"]

[components]

[components.tok2vec]
factory = "tok2vec"

[components.tok2vec.model]
@architectures = "ner.DocumentMemory.v1"
maxout_pieces = 2

[components.tok2vec.model.tok2vec]
@architectures = "spacy.Tok2Vec.v2"

[components.tok2vec.model.tok2vec.embed]
@architectures = "ner.WordEmbed.v1"
width = 16
rows = 300
prefixes = [1, 3]
suffixes = [2, 3]
affix_width = 8
affix_rows = 100
char_width = 3
char_filters = 8
include_static_vectors = true

[components.tok2vec.model.tok2vec.encode]
@architectures = "spacy.MaxoutWindowEncoder.v2"
width = 16
depth = 2
window_size = 1
maxout_pieces = 2

[components.ner]
factory = "ner"
update_with_oracle_cut_size = 0

[components.ner.model]
@architectures = "ner.LookingBackParser.v1"
extra_state_tokens = false
hidden_width = 16
maxout_pieces = 2

[components.ner.model.tok2vec]
@architectures = "spacy.Tok2VecListener.v1"
width = 16

[corpora]

[corpora.train]
@readers = "spacy.Corpus.v1"
path = "train.jsonl"

[corpora.dev]
@readers = "spacy.Corpus.v1"
path = "train.jsonl"
limit = 5

[training]
train_corpus = "corpora.train"
dev_corpus = "corpora.dev"
max_steps = 400
eval_frequency = 400

[training.optimizer]
@optimizers = "Adam.v1"
learn_rate = 0.01

[initialize]
vectors = "vectors"
"""


def documents(name, n_documents):
    """Texts of the corpus, four joined to a document, so that words are repeated."""
    rows = [json.loads(line) for line in open(ROOT / "corpus" / name, encoding="utf-8")]
    for start in range(0, 4 * n_documents, 4):
        text, entities = "", []
        for row in rows[start : start + 4]:
            entities += [[len(text) + begin, len(text) + end, label] for begin, end, label in row["entities"]]
            text += row["text"] + " "
        yield {"text": text, "entities": entities}


def write_vectors(folder):
    nlp = spacy.blank("xx")
    words = sorted({token.text for row in documents("train.jsonl", 5) for token in nlp.tokenizer(row["text"])})
    data = numpy.random.RandomState(0).uniform(-3, 3, (len(words), 8)).astype("f")
    nlp.vocab.vectors = Vectors(strings=nlp.vocab.strings, data=data, keys=words)
    nlp.to_disk(folder)


def predicted(nlp, text):
    """What is predicted, and the smallest distance between the best two valid actions on the way."""
    ner = nlp.get_pipe("ner")
    names = [ner.moves.get_class_name(action) for action in range(ner.moves.n_moves)]
    margins = []

    def transition_states(states, scores):
        for state, row in zip(states, scores):
            valid = sorted(score for name, score in zip(names, row) if ner.moves.is_valid(state, name))
            if len(valid) > 1:
                margins.append(float(valid[-1] - valid[-2]))
        return type(ner).transition_states(ner, states, scores)

    ner.transition_states = transition_states
    doc = nlp(text)
    with nlp.select_pipes(disable="ner"):
        bare = nlp(text)
    result = {
        "min_margin": min(margins),
        "iob": [token.ent_iob for token in doc],
        "type": [token.ent_type_ for token in doc],
        "kb_id": [token.ent_kb_id_ for token in doc],
    }
    hidden = ner.model.get_ref("tok2vec").predict([bare])
    return {"text": text, "results": {"ner": result}}, [[round(float(x), 6) for x in row] for row in hidden]


def main(program):
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        write_vectors(folder / "vectors")
        (folder / "config.cfg").write_text(CONFIG)
        with open(folder / "train.jsonl", "w") as file:
            file.writelines(json.dumps(row) + "\n" for row in documents("train.jsonl", 70))
        subprocess.run([program, "train", "config.cfg", "--output", "out"], cwd=folder, check=True)
        nlp = spacy.load(folder / "out" / "model-last")
    # So much exaggerated that predictions depend on them, which here they hardly do.
    earlier_actions = nlp.get_pipe("ner").model.layers[-1]
    earlier_actions.set_param("E", 4 * earlier_actions.get_param("E"))
    nlp.to_disk(HERE / "pipeline")
    rows, numbers = zip(*[predicted(nlp, row["text"]) for row in documents("dev.jsonl", 15)])
    with open(HERE / "expected.jsonl", "w") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    numbers = [{"input": 0, "components": {"ner": {"hidden": numbers[0]}}}]
    (HERE / "numbers.json").write_text(json.dumps(numbers))


if __name__ == "__main__":
    main(*sys.argv[1:])
