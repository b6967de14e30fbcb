"""Writes the rules of each language whose texts spaCy splits by rules, and prints the languages that share those of xx.

Run in a Python that has spaCy 3.8.18.
"""

import gzip
import pkgutil
from pathlib import Path

import spacy
import spacy.lang

# Stems and the like stand for a word's norm there (lang/ne/lex_attrs.py, lang/ht/lex_attrs.py), which a recogniser
# reads, and `ner-vocab` does not know them.
OTHER_NORMS = {"ht", "ne"}

SHARED = spacy.blank("xx").tokenizer.to_bytes(exclude=["vocab"])


def rules(lang):
    """The file `tokenizer`, or None if another program splits texts."""
    try:
        tokenizer = spacy.blank(lang).tokenizer
    except ImportError:
        return None
    is_by_rules = type(tokenizer) is spacy.tokenizer.Tokenizer
    return tokenizer.to_bytes(exclude=["vocab"]) if is_by_rules else None


sharing = []
for module in pkgutil.iter_modules(spacy.lang.__path__):
    lang = module.name
    found = rules(lang) if module.ispkg and lang not in OTHER_NORMS else None
    if found == SHARED and lang != "xx":
        sharing.append(lang)
    elif found is not None:
        path = Path(__file__).parent / lang / "tokenizer.gz"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(gzip.compress(found, mtime=0))
print(*sharing)
