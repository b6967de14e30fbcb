//! Configs in all syntaxes: reading, variables, overrides, defaults, writing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ner_config::{Document, Overrides, Registry, ResolvedConfig};
use ner_fuzz::split;

fuzz_target!(|bytes: &[u8]| {
    let [text, words] = split(bytes).map(String::from_utf8_lossy);
    let mut registry = Registry::new();
    ner_optim::register(&mut registry);
    ner_corpus::register(&mut registry);
    let _ = ResolvedConfig::from_cfg_str(&text);
    let overrides = Overrides::from_words(&words);
    let _ = Document::from_json_str(&text).and_then(|document| document.fill(&registry));
    for document in [Document::from_cfg_str(&text), Document::from_toml_str(&text)].into_iter().flatten() {
        let _ = document.resolve();
        let _ = document.fill(&registry);
        if let Ok(overrides) = &overrides {
            let _ = document.with_overrides(overrides);
        }
        if let Ok(cfg) = document.to_cfg_string() {
            let _ = Document::from_cfg_str(&cfg);
        }
        if let Ok(toml) = document.to_toml_string() {
            Document::from_toml_str(&toml).expect("what was written is read");
        }
    }
});
