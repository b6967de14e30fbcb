"""Prints the classes of all characters as this CPython knows them, in runs: first code point and classes."""
import sys
import unicodedata

if unicodedata.unidata_version != "14.0.0":
    sys.exit(f"this Python has Unicode {unicodedata.unidata_version}; CPython 3.11, which has 14.0.0, is needed")


def classes(character):
    category = unicodedata.category(character)
    # In the order of the constants in crates/ner-cpython/src/unicode/char_class.rs.
    tests = [
        character.isalpha(),
        character.isupper(),
        character.islower(),
        category == "Lt",
        character.isdigit(),
        character.isdecimal(),
        character.isnumeric(),
        category.startswith("P"),
        category == "Sc",
        category != "Cn",
        character.isspace(),
        category == "Mn",
    ]
    return sum(1 << bit for bit, holds in enumerate(tests) if holds)


last = None
for code in range(sys.maxunicode + 1):
    found = classes(chr(code))
    if found != last:
        print(f"{code:x} {found:x}")
    last = found
