"""Does with spaCy what `cargo xtask bench` measures, and prints the figures as one line of JSON.

predict MODEL TEXTS OUTPUT | tokenize TEXTS | start MODEL | train TRAIN DEV [STEPS]
"""

import json
import resource
import sys
import tempfile
import time
from pathlib import Path


def read_texts(path):
    if path.endswith(".jsonl"):
        return [json.loads(line)["text"] for line in open(path, encoding="utf8")]
    return open(path, encoding="utf8", newline="").read().split("\n")


SHARING = ["tok2vec", "transformer", "curated_transformer"]


def load(model):
    """The recogniser, and the shared layer if it listens to it."""
    import spacy

    config = spacy.util.load_config(Path(model) / "config.cfg")
    components = config["components"]
    layer = components["ner"]["model"]["tok2vec"]["@architectures"]
    shared = [name for name in config["nlp"]["pipeline"] if components[name]["factory"] in SHARING]
    return spacy.load(model, enable=[*shared, "ner"] if "Listener" in layer else ["ner"])


def predict(model, texts, output):
    nlp = load(model)
    texts = read_texts(texts)
    start = time.perf_counter()
    docs = []
    n_words = 0
    for doc in nlp.pipe(texts):
        n_words += len(doc)
        docs.append([[ent.start_char, ent.end_char, ent.label_] for ent in doc.ents])
    seconds = time.perf_counter() - start
    with open(output, "w", encoding="utf8") as file:
        file.writelines(json.dumps(ents) + "\n" for ents in docs)
    return {"words": n_words, "seconds": seconds}


def tokenize(texts):
    import spacy

    tokenizer = spacy.blank("en").tokenizer
    texts = read_texts(texts)
    start = time.perf_counter()
    n_words = sum(len(tokenizer(text)) for text in texts)
    return {"words": n_words, "seconds": time.perf_counter() - start}


def start(model):
    begin = time.perf_counter()
    ents = len(load(model)("Angela Merkel flew to Paris on Monday.").ents)
    return {"ents": ents, "seconds": time.perf_counter() - begin}


def train(train_path, dev_path, max_steps=None):
    import spacy
    from spacy.cli.init_config import init_config
    from spacy.cli.train import train as spacy_train
    from spacy.language import Language
    from spacy.tokens import Doc, DocBin, Span
    from thinc.api import Model

    def convert(source, target):
        nlp = spacy.blank("en")
        docs = DocBin()
        for line in open(source, encoding="utf8"):
            record = json.loads(line)
            if "tokens" in record:
                doc = Doc(nlp.vocab, words=record["tokens"], spaces=record.get("spaces"))
                spans = [Span(doc, begin, end, label=label) for begin, end, label in record["ents"]]
            else:
                doc = nlp.make_doc(record["text"])
                spans = [doc.char_span(begin, end, label=label) for begin, end, label in record["entities"]]
            doc.set_ents([span for span in spans if span is not None])
            docs.add(doc)
        docs.to_disk(target)

    loop = {"words": 0, "loop_seconds": 0.0}
    evaluations = []
    update, finish_update, evaluate = Language.update, Model.finish_update, Language.evaluate

    def timed(function):
        def run(*args, **kwargs):
            begin = time.perf_counter()
            result = function(*args, **kwargs)
            loop["loop_seconds"] += time.perf_counter() - begin
            return result

        return run

    def counted_update(self, examples, *args, **kwargs):
        loop["words"] += sum(len(example) for example in examples)
        return update(self, examples, *args, **kwargs)

    def noted_evaluate(self, *args, **kwargs):
        scores = evaluate(self, *args, **kwargs)
        evaluations.append([time.perf_counter(), scores["ents_f"] or 0.0])
        return scores

    # spaCy moves the weights outside of `update`.
    Language.update, Model.finish_update = timed(counted_update), timed(finish_update)
    Language.evaluate = noted_evaluate
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        convert(train_path, folder / "train.spacy")
        convert(dev_path, folder / "dev.spacy")
        config = init_config(lang="en", pipeline=["ner"], optimize="efficiency")
        config.to_disk(folder / "config.cfg")
        overrides = {"paths.train": str(folder / "train.spacy"), "paths.dev": str(folder / "dev.spacy")}
        if max_steps:
            overrides["training.max_steps"] = int(max_steps)
        begin = time.perf_counter()
        spacy_train(folder / "config.cfg", folder / "output", overrides=overrides)
        seconds = time.perf_counter() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    evaluations = [[at - begin, f] for at, f in evaluations]
    return {"seconds": seconds, "evaluations": evaluations, "peak_mb": peak, **loop}


if __name__ == "__main__":
    task, *arguments = sys.argv[1:]
    print("\n" + json.dumps(globals()[task](*arguments)))
