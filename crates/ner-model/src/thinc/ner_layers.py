"""The architectures `ner.WordEmbed.v1`, `ner.DocumentMemory.v1` and `ner.LookingBackParser.v1` for spaCy 3.8.

spaCy knows none of them. Import this module before `spacy.load` opens a pipeline that was trained with them by the command
`ner`; a package of such a pipeline does. The predictions are those of `ner`. Training of the first two can go on in spaCy,
but not begin there: they hold counts of the words of the whole training corpus, of which spaCy shows them ten documents.

SPDX-License-Identifier: MIT OR Apache-2.0
"""

from typing import Callable, List, NamedTuple, NoReturn, Optional, Sequence, Tuple

import numpy
import spacy
from spacy.language import Language
from spacy.ml.parser_model import ParserStepModel
from spacy.pipeline import EntityRecognizer
from spacy.pipeline._parser_internals.transition_system import TransitionSystem
from spacy.strings import get_string_id
from spacy.tokens import Doc
from spacy.vectors import Mode, Vectors
from thinc.api import HashEmbed, Maxout, Model, Ops, to_numpy, with_array
from thinc.types import Floats2d, Ints1d

# The seed by which the table of words hashes; each other table has the next one.
FIRST_SEED = 8
# Pieces of the maxout that mixes the features of a word.
MIX_PIECES = 3
# The id of the empty string, for words, beginnings, ends and shapes that the training corpus lacks.
UNKNOWN = 0

# Rows of the table of characters, and those of the two ends of a word.
CHARACTER_ROWS = 1024
BEGINNING, END = 2, 3
# The most characters that are read of a word's beginning, and of its end.
FIRST, LAST = 12, 8
# Neighbours of a character that a filter sees on either side.
WINDOW = 1


@spacy.registry.architectures("ner.WordEmbed.v1")
def WordEmbed(
    width: int,
    rows: int = 5000,
    prefixes: Sequence[int] = (1, 2, 3, 4),
    suffixes: Sequence[int] = (2, 3, 4, 5),
    affix_width: int = 48,
    affix_rows: int = 2500,
    char_width: int = 0,
    char_filters: int = 96,
    include_static_vectors: bool = False,
) -> Model[List[Doc], List[Floats2d]]:
    """Embeddings of words, of their beginnings and ends, and of their shape, mixed by a maxout layer. All words that the
    training corpus lacks share one vector, and so do all beginnings, ends and shapes that it lacks."""
    sizes = [(width, rows)] + [(affix_width, affix_rows)] * (len(prefixes) + len(suffixes) + 1)
    layers: List[Model] = [
        HashEmbed(nO, nV, column=column, seed=FIRST_SEED + column) for column, (nO, nV) in enumerate(sizes)
    ]
    if char_width > 0:
        layers.append(characters(char_width, char_filters))
    if include_static_vectors:
        layers.append(word_vectors(width))
    features: Model[Words, Floats2d] = Model(
        "ner_word_features",
        word_features_forward,
        layers=layers,
        attrs={"prefixes": list(prefixes), "suffixes": list(suffixes)},
    )
    n_inputs = sum(layer.get_dim("nO") for layer in layers)
    mix = with_array(Maxout(width, n_inputs, nP=MIX_PIECES, normalize=True, dropout=0.0))
    return Model(
        f"{features.name}>>{mix.name}",
        word_embed_forward,
        init=refuse_to_begin,
        layers=[features, mix],
        dims={"nO": width},
    )


class Words(NamedTuple):
    """The distinct words of some documents."""

    # What each looks up in the tables: its NORM, its beginnings and ends, its SHAPE, or UNKNOWN. [words, tables]
    ids: numpy.ndarray
    texts: List[str]
    # The keys by which their vectors are found, and the table.
    keys: numpy.ndarray
    vectors: Vectors
    # Those that have none, whatever is in the table: in training all that are taken for unknown.
    lose_vectors: numpy.ndarray


def word_embed_forward(model: Model, docs: List[Doc], is_train: bool) -> Tuple[List[Floats2d], Callable]:
    features, mix = model.layers
    lengths = model.ops.asarray1i([len(doc) for doc in docs])
    if not lengths.sum():
        return [model.ops.alloc2f(0, model.get_dim("nO")) for _ in docs], lambda dYs: []
    words, word_of_token = distinct_words(features, docs, is_train)
    X, backprop_features = features(words, is_train)

    def mixed(X: Floats2d) -> Tuple[Floats2d, Callable]:
        return mix(X, is_train)

    def spread(X: Floats2d) -> Tuple[Floats2d, Callable]:
        return X[word_of_token], lambda dY: summed(model.ops, dY, word_of_token, len(words.texts))

    # A prediction mixes each word once; in training the mix ends with dropout, which is drawn for each token.
    callbacks = []
    for step in (spread, mixed) if is_train else (mixed, spread):
        X, callback = step(X)
        callbacks.append(callback)

    def backprop(dYs: List[Floats2d]) -> List[Doc]:
        dX = model.ops.flatten(dYs)
        for callback in reversed(callbacks):
            dX = callback(dX)
        backprop_features(dX)
        return []

    return model.ops.unflatten(X, lengths), backprop


def distinct_words(features: Model, docs: List[Doc], is_train: bool) -> Tuple[Words, Ints1d]:
    """The distinct words, and the word of each token. In training each token is a word of its own, since what is unknown
    of it is drawn."""
    orths = column(docs, "ORTH")
    tokens = word_of_token = numpy.arange(len(orths))
    if not is_train:
        # The first token of each word stands for it. The text alone does not tell its NORM.
        pairs = numpy.stack([column(docs, "NORM"), orths], axis=1)
        _, tokens, word_of_token = numpy.unique(pairs, axis=0, return_index=True, return_inverse=True)
    ends = numpy.cumsum([len(doc) for doc in docs])
    indices = numpy.searchsorted(ends, tokens, side="right")
    texts = [docs[i][int(token - ends[i])].text for i, token in zip(indices, tokens)]
    prefixes, suffixes = features.attrs["prefixes"], features.attrs["suffixes"]
    affixes = [
        [get_string_id(text[:n]) for n in prefixes] + [get_string_id(text[-n:]) for n in suffixes] for text in texts
    ]
    affix_ids = numpy.asarray(affixes, dtype="uint64").reshape(len(texts), -1)
    norms, shapes = (column(docs, name)[tokens, None] for name in ("NORM", "SHAPE"))
    ids = numpy.hstack([norms, affix_ids, shapes])
    for table, values in zip(features.layers, ids.T):
        values[~known(table, values, is_train)] = UNKNOWN
    vectors = docs[0].vocab.vectors
    keys = column(docs, getattr(vectors, "attr", "ORTH"))[tokens]
    lose_vectors = (ids[:, 0] == UNKNOWN) & is_train
    return Words(ids, texts, keys, vectors, lose_vectors), features.ops.asarray1i(word_of_token.reshape(-1))


def known(table: Model, ids: numpy.ndarray, is_train: bool) -> numpy.ndarray:
    """Which of the ids the table was trained on; all, if nothing was counted. In training some of them are taken for
    unknown by chance, the likelier the rarer they are."""
    if not table.attrs["words"]:
        return numpy.ones(len(ids), dtype=bool)
    counts = counts_of(table, ids)
    is_known = counts > 0
    if is_train:
        is_known &= numpy.random.random(len(counts)) * (counts + 1.0) >= 1.0
    return is_known


def word_features_forward(model: Model, words: Words, is_train: bool) -> Tuple[Floats2d, Callable]:
    ops = model.ops
    ids = ops.asarray2i(words.ids, dtype="uint64")
    inputs = {"ner_characters": words.texts, "ner_word_vectors": words}
    outputs = [layer(inputs.get(layer.name, ids), is_train) for layer in model.layers]
    Ys, callbacks = zip(*outputs)
    borders = numpy.cumsum([Y.shape[1] for Y in Ys])[:-1]

    def backprop(dY: Floats2d) -> None:
        parts = ops.xp.split(dY, borders.tolist(), axis=1)
        for callback, part in zip(callbacks, parts):
            callback(ops.as_contig(part))

    return ops.xp.hstack(Ys), backprop


def characters(width: int, n_filters: int) -> Model[List[str], Floats2d]:
    """A convolution over the characters of each word, of which the largest value of each filter is taken."""
    return Model(
        "ner_characters",
        characters_forward,
        params={"E": None, "W": None, "b": None},
        dims={"nO": n_filters, "nM": width, "nV": CHARACTER_ROWS},
    )


def characters_forward(model: Model, texts: List[str], is_train: bool) -> Tuple[Floats2d, Callable]:
    ops = model.ops
    E, W, b = (model.get_param(name) for name in ("E", "W", "b"))
    rows_of_words = [character_rows(text) for text in texts]
    lengths = ops.asarray1i([len(rows) for rows in rows_of_words])
    rows = ops.asarray1i([row for rows in rows_of_words for row in rows])
    X = ops.seq2col(E[rows], WINDOW, lengths=lengths)
    Y = ops.relu(ops.gemm(X, W, trans2=True) + b)
    best, which = ops.reduce_max(Y, lengths)

    def backprop(d_best: Floats2d) -> None:
        dY = ops.backprop_reduce_max(d_best, which, lengths) * (Y > 0)
        model.inc_grad("b", dY.sum(axis=0))
        model.inc_grad("W", ops.gemm(dY, X, trans1=True))
        d_rows = ops.backprop_seq2col(ops.gemm(dY, W), WINDOW, lengths=lengths)
        model.inc_grad("E", summed(ops, d_rows, rows, E.shape[0]))

    return best, backprop


def character_rows(text: str) -> List[int]:
    read = text if len(text) <= FIRST + LAST else text[:FIRST] + text[-LAST:]
    return [BEGINNING, *(ord(character) % CHARACTER_ROWS for character in read), END]


def word_vectors(width: int) -> Model[Words, Floats2d]:
    """The vocabulary's vectors, each divided by its root mean square, and projected. Words without one have a vector
    that is learned."""
    return Model(
        "ner_word_vectors",
        word_vectors_forward,
        params={"W": None, "missing": None},
        dims={"nO": width, "nM": None},
    )


def word_vectors_forward(model: Model, words: Words, is_train: bool) -> Tuple[Floats2d, Callable]:
    ops, table, width = model.ops, words.vectors, model.get_dim("nM")
    if table.shape[1] != width:
        raise ValueError(f"expected word vectors of {width} numbers, found {table.shape[1]}")
    if isinstance(table, Vectors) and table.mode == Mode.default:
        rows = table.find(keys=words.keys)
        V = ops.asarray2f(table.data[rows])
        V[rows < 0] = 0
    else:
        V = ops.asarray2f(table.get_batch(words.keys))
    V[words.lose_vectors] = 0
    squares = (V * V).sum(axis=1, keepdims=True)
    is_missing = ops.asarray2f(squares == 0)
    V = V * ops.xp.sqrt(width / (squares + is_missing))
    W = model.get_param("W")

    def backprop(dY: Floats2d) -> None:
        model.inc_grad("W", ops.gemm(dY, V, trans1=True))
        model.inc_grad("missing", ops.gemm(is_missing, dY, trans1=True))

    return ops.gemm(V, W, trans2=True) + is_missing * model.get_param("missing"), backprop


@spacy.registry.architectures("ner.DocumentMemory.v1")
def DocumentMemory(
    tok2vec: Model[List[Doc], List[Floats2d]], maxout_pieces: int = 2
) -> Model[List[Doc], List[Floats2d]]:
    """Adds to a token's vector what the same word's other tokens in the document are like. The vectors of tokens whose
    words stand once, are frequent, or have no letter stay as they are."""
    width = tok2vec.get_dim("nO")
    mix = Maxout(width, 2 * width, nP=maxout_pieces, normalize=True, dropout=0.0)
    return Model(
        "ner_document_memory",
        document_memory_forward,
        init=refuse_to_begin,
        layers=[tok2vec, mix],
        dims={"nO": width},
        attrs={"words": b"", "counts": b""},
    )


def document_memory_forward(model: Model, docs: List[Doc], is_train: bool) -> Tuple[List[Floats2d], Callable]:
    ops = model.ops
    tok2vec, mix = model.layers
    Hs, backprop_tok2vec = tok2vec(docs, is_train)
    tokens, word_of_token, n_words = repeated_words(model, docs)
    if not n_words:
        return Hs, backprop_tok2vec
    lengths = ops.asarray1i([len(doc) for doc in docs])
    H = ops.flatten(Hs)
    own = H[tokens]
    n_others = ops.xp.bincount(word_of_token)[word_of_token, None].astype("f") - 1
    means = (summed(ops, own, word_of_token, n_words)[word_of_token] - own) / n_others
    Y, backprop_mix = mix(ops.xp.hstack([own, means]), is_train)
    H[tokens] += Y

    def backprop(dHs: List[Floats2d]) -> List[Doc]:
        dH = ops.flatten(dHs)
        d_own, d_means = ops.xp.split(backprop_mix(dH[tokens]), 2, axis=1)
        d_means = d_means / n_others
        dH[tokens] += d_own - d_means + summed(ops, d_means, word_of_token, n_words)[word_of_token]
        return backprop_tok2vec(ops.unflatten(dH, lengths))

    return ops.unflatten(H, lengths), backprop


def repeated_words(model: Model, docs: List[Doc]) -> Tuple[Ints1d, Ints1d, int]:
    """The tokens whose words are repeated in their documents, the word of each, and the number of words."""
    tokens, words = [numpy.zeros(0, "i")], [numpy.zeros(0, "i")]
    start = n_words = 0
    for doc in docs:
        lowers, first, of_tokens, n_tokens = numpy.unique(
            column([doc], "LOWER"), return_index=True, return_inverse=True, return_counts=True
        )
        is_remembered = (n_tokens > 1) & (counts_of(model, lowers) == 0)
        for word in numpy.flatnonzero(is_remembered):
            is_remembered[word] = has_letter(doc, int(first[word]))
        numbers = n_words + numpy.cumsum(is_remembered) - 1
        found = numpy.flatnonzero(is_remembered[of_tokens])
        tokens.append(start + found)
        words.append(numbers[of_tokens[found]])
        start += len(doc)
        n_words += int(is_remembered.sum())
    asarray1i = model.ops.asarray1i
    return asarray1i(numpy.concatenate(tokens)), asarray1i(numpy.concatenate(words)), n_words


EARLIER_ACTIONS = "ner_earlier_actions"


@spacy.registry.architectures("ner.LookingBackParser.v1")
def LookingBackParser(
    tok2vec: Model[List[Doc], List[Floats2d]],
    extra_state_tokens: bool = False,
    hidden_width: int = 64,
    maxout_pieces: int = 2,
) -> Model:
    """The parser `spacy.TransitionBasedParser.v2`, whose states also show the action by which the last token of the next
    token's word was consumed."""
    make_parser = spacy.registry.get("architectures", "spacy.TransitionBasedParser.v2")
    parser = make_parser(
        tok2vec=tok2vec,
        state_type="ner",
        extra_state_tokens=extra_state_tokens,
        hidden_width=hidden_width,
        maxout_pieces=maxout_pieces,
        use_upper=True,
    )
    resize_parser = parser.attrs["resize_output"]

    def earlier_actions(n_actions: Optional[int]) -> Model:
        dims = {"nO": hidden_width, "nP": maxout_pieces, "nI": n_actions}
        return Model(EARLIER_ACTIONS, refuse_to_train, params={"E": None}, dims=dims)

    def resize(model: Model, n_actions: int) -> Model:
        # spaCy takes the last layer for the one of the scores.
        smaller, larger = model._layers.pop(), earlier_actions(n_actions)
        resize_parser(model, n_actions)
        model._layers.append(larger)
        if smaller.has_param("E"):
            E = model.ops.alloc3f(n_actions, hidden_width, maxout_pieces)
            E[: smaller.get_dim("nI")] = smaller.get_param("E")
            larger.set_param("E", E)
        return model

    return Model(
        parser.name,
        looking_back_forward,
        init=refuse_to_begin,
        layers=[*parser.layers, earlier_actions(None)],
        dims={"nI": parser.maybe_get_dim("nI")},
        refs={name: parser.get_ref(name) for name in parser.ref_names},
        attrs={**parser.attrs, "resize_output": resize},
    )


def looking_back_forward(model: Model, docs: List[Doc], is_train: bool) -> Tuple["EarlierScores", Callable]:
    if is_train:
        refuse_to_train(model)
    return EarlierScores(model, docs), refuse_to_train


class EarlierScores:
    """Scores the actions of states of some documents."""

    def __init__(self, model: Model, docs: List[Doc]):
        tok2vec, lower, upper, earlier = model.layers
        unseen = model.attrs["unseen_classes"]
        self.step = ParserStepModel(docs, [tok2vec, lower, upper], has_upper=True, unseen_classes=unseen, train=False)
        self.unseen = sorted(unseen)
        # The share of each token in each place of a state; the first row stands for no token. [tokens, places, width, pieces]
        self.shares = to_numpy(lower.predict(self.step.tokvecs))
        self.bias, self.earlier = to_numpy(lower.get_param("b")), to_numpy(earlier.get_param("E"))
        self.upper = upper

    def of(self, states: list, earlier: numpy.ndarray) -> numpy.ndarray:
        """The scores for each state, of which `earlier` has the earlier action, or -1. [states, actions]"""
        ids = self.step.get_token_ids(states)
        sums = self.shares[ids + 1, numpy.arange(ids.shape[1])].sum(axis=1)
        is_there = earlier >= 0
        sums[is_there] += self.earlier[earlier[is_there]]
        scores = numpy.ascontiguousarray(to_numpy(self.upper.predict((sums + self.bias).max(axis=2))))
        scores[:, self.unseen] = scores.min()
        return scores

    def predict(self, states: list) -> NoReturn:
        raise NotImplementedError("ner.LookingBackParser.v1: spaCy decodes it greedily only; `ner apply` knows beams")


class LookingBackRecognizer(EntityRecognizer):
    """The recogniser of a looking back parser. It follows its states in Python, to see by which action a token is consumed."""

    def greedy_parse(self, docs: List[Doc], drop: float = 0.0) -> list:
        self._ensure_labels_are_added(docs)
        names = [self.moves.get_class_name(action) for action in range(self.moves.n_moves)]
        scorer = self.model.predict(docs)
        states = self.moves.init_batch(docs)
        # Of each token the earlier one of the same word, and the action by which it was consumed.
        earlier_tokens = [tokens_before(doc) for doc in docs]
        actions = [numpy.full(len(doc), -1) for doc in docs]
        unfinished = [index for index, state in enumerate(states) if not state.is_final()]
        while unfinished:
            following = [states[index] for index in unfinished]
            tokens = [state.B(0) for state in following]
            earlier = [
                actions[index][earlier_tokens[index][token]] if earlier_tokens[index][token] >= 0 else -1
                for index, token in zip(unfinished, tokens)
            ]
            scores = scorer.of(following, numpy.asarray(earlier))
            orders = numpy.argsort(-scores, axis=1, kind="stable")
            for index, state, token, order in zip(unfinished, following, tokens, orders):
                valid = (int(action) for action in order if self.moves.is_valid(state, names[action]))
                action = next(valid, -1)
                # A blocked token is outside.
                actions[index][token] = names.index("O") if action >= 0 and names[action] == "U-" else action
            self.transition_states(following, scores)
            unfinished = [index for index in unfinished if not states[index].is_final()]
        return states


def tokens_before(doc: Doc) -> List[int]:
    """For each token the last token of the same word before it, or -1; words without a letter have none."""
    last: dict = {}
    before = []
    for token, lower in enumerate(column([doc], "LOWER").tolist()):
        found = last.get(lower, -1)
        before.append(found if found >= 0 and has_letter(doc, token) else -1)
        last[lower] = token
    return before


# spaCy registers its own factories with the first pipeline.
spacy.blank("xx")
make_ner = spacy.registry.get("factories", "ner")


def make_recognizer(
    nlp: Language,
    name: str,
    model: Model,
    moves: Optional[TransitionSystem],
    update_with_oracle_cut_size: int,
    incorrect_spans_key: Optional[str],
    scorer: Optional[Callable],
) -> EntityRecognizer:
    settings = dict(
        moves=moves,
        update_with_oracle_cut_size=update_with_oracle_cut_size,
        incorrect_spans_key=incorrect_spans_key,
        scorer=scorer,
    )
    if any(layer.name == EARLIER_ACTIONS for layer in model.layers):
        return LookingBackRecognizer(nlp.vocab, model, name=name, **settings)
    return make_ner(nlp=nlp, name=name, model=model, **settings)


# The factory decides by the model, since an architecture has no say in how states are followed.
spacy.registry.factories.register("ner", func=make_recognizer)


def has_letter(doc: Doc, token: int) -> bool:
    return any(map(str.isalpha, doc[token].text))


def column(docs: List[Doc], attribute) -> numpy.ndarray:
    """An attribute of all tokens of some documents."""
    return numpy.concatenate([doc.to_array([attribute]).reshape(-1) for doc in docs]).astype("uint64")


def counts_of(model: Model, ids: numpy.ndarray) -> numpy.ndarray:
    """How often what has these ids stood in the training corpus, as far as the layer holds it."""
    words = numpy.frombuffer(model.attrs["words"], dtype="<u8")
    counts = numpy.frombuffer(model.attrs["counts"], dtype="<u4")
    if not len(words):
        return numpy.zeros(len(ids), dtype="uint32")
    places = numpy.minimum(numpy.searchsorted(words, ids), len(words) - 1)
    return numpy.where(words[places] == ids, counts[places], 0)


def summed(ops: Ops, values: Floats2d, places: Ints1d, n_places: int) -> Floats2d:
    """The sums of the rows that have the same place."""
    sums = ops.alloc2f(n_places, values.shape[1])
    ops.scatter_add(sums, places, values)
    return sums


def refuse_to_train(*_) -> NoReturn:
    raise NotImplementedError("ner.LookingBackParser.v1: spaCy cannot train this parser; train it with `ner train`")


def refuse_to_begin(model: Model, X=None, Y=None) -> NoReturn:
    raise ValueError(
        f"{model.name}: spaCy cannot draw first weights for this layer, which counts the words of the whole training "
        "corpus. Train the pipeline with `ner train` first; spaCy can go on from it with `source` in the config."
    )
