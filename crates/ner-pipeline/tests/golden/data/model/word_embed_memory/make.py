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

[components.ner.model]
@architectures = "spacy.TransitionBasedParser.v2"
state_type = "ner"
extra_state_tokens = false
hidden_width = 16
maxout_pieces = 2
use_upper = true

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
    doc = nlp(text)
    with nlp.select_pipes(disable="ner"):
        bare = nlp(text)
    ner = nlp.get_pipe("ner")
    model = ner.model.predict([bare])
    states, margin = ner.moves.init_batch([bare]), None
    names = ner.move_names
    while states:
        scores = model.predict(states)
        valid = [score for name, score in zip(names, scores[0]) if ner.moves.is_valid(states[0], name)]
        if len(valid) > 1:
            second, best = sorted(valid)[-2:]
            margin = min(float(best - second), margin or 1e9)
        states = [state for state in ner.transition_states(states, scores) if not state.is_final()]
    result = {
        "min_margin": margin,
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
            file.writelines(json.dumps(row) + "\n" for row in documents("train.jsonl", 80))
        subprocess.run([program, "train", "config.cfg", "--output", "out"], cwd=folder, check=True)
        nlp = spacy.load(folder / "out" / "model-last")
    nlp.to_disk(HERE / "pipeline")
    rows, numbers = zip(*[predicted(nlp, row["text"]) for row in documents("dev.jsonl", 15)])
    with open(HERE / "expected.jsonl", "w") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    numbers = [{"input": 0, "components": {"ner": {"hidden": numbers[0]}}}]
    (HERE / "numbers.json").write_text(json.dumps(numbers))


if __name__ == "__main__":
    main(*sys.argv[1:])
