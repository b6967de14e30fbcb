//! The English rules on words that come again, and on words that never do. "item/s" is bytes/s.

use std::sync::Arc;

use divan::Bencher;
use divan::counter::BytesCount;
use ner_tokenizer::Tokenizer;
use ner_vocab::Vocab;

const SENTENCES: usize = 200;

fn main() {
    divan::main();
}

fn tokenizer() -> Tokenizer {
    let vocab = Arc::new(Vocab::new("en").expect("English is known"));
    Tokenizer::for_language(vocab).expect("its rules are built in")
}

fn sentence(number: usize) -> String {
    format!(
        "Dr. Miller (no. {number}) didn't pay $5,000.{number:02} to web{number}.example.com, \"did he?\" "
    )
}

#[divan::bench]
fn known_words(bencher: Bencher<'_, '_>) {
    let tokenizer = tokenizer();
    let text: String = (0..SENTENCES).map(sentence).collect();
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| tokenizer.tokenize(&text));
}

#[divan::bench]
fn new_words(bencher: Bencher<'_, '_>) {
    let tokenizer = tokenizer();
    let mut next = 0;
    let text = || {
        next += SENTENCES;
        (next..next + SENTENCES).map(sentence).collect::<String>()
    };
    bencher
        .with_inputs(text)
        .input_counter(|text: &String| BytesCount::of_str(text))
        .bench_local_refs(|text| tokenizer.tokenize(text));
}
