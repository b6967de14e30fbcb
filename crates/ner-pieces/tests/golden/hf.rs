//! Spans, pieces, offsets and alignments of the component `transformer`.

use std::path::Path;

use ner_pieces::{FastTokenizer, Pieces, SpanGetter};

use super::*;

#[derive(serde::Deserialize)]
struct Row {
    id: usize,
    tokens: Vec<(String, bool)>,
    #[serde(default)]
    sent_starts: Vec<i8>,
    #[serde(default)]
    spans: Vec<(usize, usize)>,
    #[serde(default)]
    ids: Vec<Vec<u32>>,
    pieces: Option<Vec<Vec<String>>>,
    offsets: Option<Vec<Vec<(usize, usize)>>>,
    #[serde(default)]
    align: Vec<Vec<(usize, usize)>>,
    error: Option<String>,
}

/// Files of which no golden file says what they are: the encoder, and the span getter.
fn setup(name: &str) -> (&str, SpanGetter) {
    let strided = |window, stride| SpanGetter::strided(window, stride).unwrap();
    match name {
        "bert-doc-spans" => ("bert-uncased", SpanGetter::Doc),
        "bert-sent-spans" => ("bert-uncased", SpanGetter::Sent),
        "bert-window-16-10" => ("bert-uncased", strided(16, 10)),
        "bert-window-12-12" => ("bert-uncased", strided(12, 12)),
        "bert-sum" => ("bert-uncased", strided(128, 96)),
        family => (family, strided(128, 96)),
    }
}

/// The tokenizers of the golden files in a folder, each with its span getter and rows. That of `use_fast = false`, which is
/// refused, is left out.
fn each(dir: &Path, mut check: impl FnMut(&str, &FileMap, SpanGetter, &[Row])) {
    let mut n_files = 0;
    for entry in fs::read_dir(dir.join("hf")).unwrap() {
        let path = entry.unwrap().path();
        let Some(name) = path.file_name().unwrap().to_str().unwrap().strip_suffix(".jsonl.gz") else {
            continue;
        };
        if name != "bert-slow" {
            let (model, get_spans) = setup(name);
            check(name, &model_files(&dir.join("models").join(model)), get_spans, &rows(&path));
            n_files += 1;
        }
    }
    assert!(n_files > 0, "{} holds nothing", dir.display());
}

#[test]
fn pieces_and_alignments_are_those_of_spacy_transformers() {
    let vocab = Arc::new(Vocab::new("en").unwrap());
    for dir in golden_dirs() {
        each(&dir, |name, files, get_spans, rows| {
            let tokenizer = FastTokenizer::from_files(files.clone()).unwrap();
            for row in rows {
                check_row(&format!("{name} {}", row.id), &tokenizer, get_spans, row, &vocab);
            }
            check_batch(&tokenizer, get_spans, rows, &vocab);
        });
    }
}

fn check_row(place: &str, tokenizer: &FastTokenizer, get_spans: SpanGetter, row: &Row, vocab: &Arc<Vocab>) {
    let doc = doc(vocab, &row.tokens, &row.sent_starts);
    let pieces = tokenizer.pieces(&[&doc], get_spans);
    if let Some(error) = &row.error {
        assert!(error.contains("E030"), "{place}: {error}");
        assert!(pieces.unwrap_err().to_string().contains("E030"), "{place}");
        return;
    }
    let pieces = pieces.unwrap();
    let spans: Vec<_> =
        get_spans.spans(&doc, 0).unwrap().into_iter().map(|span| (span.start, span.end)).collect();
    assert_eq!(spans, row.spans, "{place}: spans");
    assert_eq!(by_window(&pieces), row.ids, "{place}: ids");
    assert_eq!(align(&pieces), row.align, "{place}: align");
    for (index, &(start, end)) in spans.iter().enumerate() {
        let encoded = tokenizer.encode(&doc.span_text(start..end)).unwrap();
        if let Some(offsets) = &row.offsets {
            let found: Vec<_> = encoded.offsets.iter().map(|chars| (chars.start, chars.end)).collect();
            assert_eq!(found, offsets[index], "{place}: offsets");
        }
        if let Some(strings) = &row.pieces {
            let found: Vec<_> = row.ids[index].iter().map(|id| tokenizer.piece(*id).unwrap()).collect();
            assert_eq!(found, strings[index], "{place}: pieces");
        }
    }
}

/// Documents in one batch have the pieces that they have alone.
fn check_batch(tokenizer: &FastTokenizer, get_spans: SpanGetter, rows: &[Row], vocab: &Arc<Vocab>) {
    let rows: Vec<&Row> = rows.iter().filter(|row| row.error.is_none()).collect();
    let docs: Vec<Doc> = rows.iter().map(|row| doc(vocab, &row.tokens, &row.sent_starts)).collect();
    let pieces = tokenizer.pieces(&docs.iter().collect::<Vec<_>>(), get_spans).unwrap();
    assert_eq!(by_window(&pieces), rows.iter().flat_map(|row| row.ids.clone()).collect::<Vec<_>>());
    let mut n_spans = 0;
    let mut expected = Vec::new();
    for row in rows {
        let shifted =
            row.align.iter().map(|pieces| pieces.iter().map(|(span, piece)| (span + n_spans, *piece)));
        expected.extend(shifted.map(Iterator::collect::<Vec<_>>));
        n_spans += row.spans.len();
    }
    assert_eq!(align(&pieces), expected);
}

fn by_window(pieces: &Pieces) -> Vec<Vec<u32>> {
    let mut rest = pieces.ids.as_slice();
    let windows = pieces.lengths.iter().map(|length| {
        let (window, others) = rest.split_at(*length);
        rest = others;
        window.to_vec()
    });
    windows.collect()
}

/// For each token its pieces, by window and place in it.
fn align(pieces: &Pieces) -> Vec<Vec<(usize, usize)>> {
    let places: Vec<(usize, usize)> = pieces
        .lengths
        .iter()
        .enumerate()
        .flat_map(|(span, length)| (0..*length).map(move |piece| (span, piece)))
        .collect();
    let token = |token| pieces.tokens.get(token).iter().map(|row| places[*row as usize]).collect();
    (0..pieces.tokens.len()).map(token).collect()
}

#[test]
fn a_vocabulary_alone_gives_the_same_tokenizer() {
    let vocab = Arc::new(Vocab::new("en").unwrap());
    for dir in golden_dirs() {
        each(&dir, |name, files, get_spans, rows| {
            let mut files = files.clone();
            files.remove("tokenizer.json");
            if files.contains_key("vocab.txt") || files.contains_key("vocab.json") {
                let tokenizer = FastTokenizer::from_files(files).unwrap();
                for row in rows {
                    check_row(&format!("{name} {}", row.id), &tokenizer, get_spans, row, &vocab);
                }
            } else {
                let message = FastTokenizer::from_files(files).unwrap_err().to_string();
                assert!(message.contains("found no tokenizer.json"), "{message}");
            }
        });
    }
}
