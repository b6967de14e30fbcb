"""Lays out the first inputs of each target, taken from the golden files: seeds.py GOLDEN"""

import io
import sys
import zipfile
import zlib
from gzip import decompress
from json import loads
from pathlib import Path

GOLDEN = Path(sys.argv[1])
CORPUS = Path(__file__).parent / "corpus"
# Where an input holds several files.
SEPARATOR = b"\n=====\n"
MAX_BYTES = 65536


def seed(target, content):
    folder = CORPUS / target
    folder.mkdir(parents=True, exist_ok=True)
    if len(content) <= MAX_BYTES:
        (folder / f"seed-{zlib.crc32(content):08x}").write_bytes(content)


def read(path):
    content = path.read_bytes()
    try:
        return decompress(content) if path.suffix == ".gz" else content
    except (OSError, EOFError):  # damaged on purpose
        return content


# Models with networks of PyTorch stand in the slice of the repository alone.
SLICE = Path(__file__).parent.parent / "crates/ner-pipeline/tests/golden/data"
for path in [*GOLDEN.glob("**/model"), *SLICE.glob("**/model")]:
    if path.is_file():
        seed("model", read(path))
        start, end = read(path).find(b"PK\3\4"), read(path).rfind(b"PK\5\6")
        if 0 <= start < end:
            archive = read(path)[start : end + 22]
            seed("torch", archive)
            with zipfile.ZipFile(io.BytesIO(archive)) as files:
                for name in files.namelist():
                    if name.endswith("data.pkl"):
                        seed("torch", files.read(name))
for path in GOLDEN.glob("**/moves"):
    seed("moves", read(path))
for path in [*GOLDEN.glob("tokenizer/**/tokenizer"), *GOLDEN.glob("tokenizer/**/tokenizer.gz")]:
    seed("tokenizer", read(path) + SEPARATOR + "It's 10km (at 5 p.m.)! don't www.a.com".encode())
for path in GOLDEN.glob("transformers/models/*/s*piece*.model"):
    seed("pieces", read(path) + SEPARATOR + "1,000  mg naïve ﬁn e\u0301 東京".encode())
for path in GOLDEN.glob("**/*.spacy"):
    content = read(path)
    seed("docbin", content)
    try:
        seed("docbin", zlib.decompress(content))
    except zlib.error:
        pass
for path in GOLDEN.glob("**/*.cfg"):
    seed("config", read(path) + SEPARATOR + b"--training.max_steps 3")
for name in ["values", "texts"]:
    for line in read(GOLDEN / "config" / f"{name}.jsonl").splitlines():
        row = loads(line)
        texts = [text for text in row.values() if isinstance(text, str)]
        seed("config", max(texts, key=len, default="").encode("utf-8", "surrogatepass"))
for folder in [*GOLDEN.glob("**/vocab"), GOLDEN / "hash/vectors_default"]:
    files = [folder / name for name in ("vectors.cfg", "key2row", "vectors")]
    if all(file.exists() for file in files):
        seed("vectors", SEPARATOR.join(map(read, files)))
# The format is left to detection (the first byte); with and without all options (the second).
for path in [*GOLDEN.glob("corpus/**/*.jsonl"), *GOLDEN.glob("convert/inputs/*"), *GOLDEN.glob("../cases/*/*.*")]:
    if path.suffix not in (".sh", ".py", ".cfg"):
        for options in (0, 255):
            seed("formats", bytes([255, options]) + read(path))
for spans in ['"spans": [{"start": 0, "end": 3, "label": "PER"}], "answer": "reject"', '"entities": [[0, 3, "PER"]]']:
    seed("formats", b'\xff\0{"text": "Ada left", "tokens": ["Ada", "left"], %s}\n' % spans.encode())
