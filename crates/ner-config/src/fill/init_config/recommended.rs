//! The resources that spaCy recommends for a language.

/// The published pipeline with the word vectors that spaCy recommends for texts of the language `lang`, if there is one.
pub fn recommended_vectors(lang: &str) -> Option<&'static str> {
    Recommended::of(lang).vectors
}

/// What spaCy's template takes for texts of a language.
#[derive(Clone, Copy, Debug)]
pub(super) struct Recommended {
    /// The published pipeline with the largest word vectors.
    pub(super) vectors: Option<&'static str>,
    /// The pretrained encoder, by its name on Hugging Face's hub. None: the template of a GPU has a `tok2vec` too.
    pub(super) transformer: Option<&'static str>,
}

impl Recommended {
    /// For texts of the language `lang`.
    pub(super) fn of(lang: &str) -> Recommended {
        let row = LANGUAGES.iter().find(|(code, _, _)| *code == lang);
        let (_, vectors, transformer) = *row.unwrap_or(&OTHERS);
        Recommended { vectors, transformer }
    }
}

/// The code of a language, its vectors, its encoder.
type Row = (&'static str, Option<&'static str>, Option<&'static str>);

/// For languages that are not below.
const OTHERS: Row = ("", None, Some("bert-base-multilingual-uncased"));

// spaCy: names as of 3.8.18 (cli/templates/quickstart_training_recommendations.yml). It has one column for efficiency and
// one for accuracy, with the same names, and a number of parts for each batch, which is 3 in all rows.
const LANGUAGES: [Row; 32] = [
    ("ar", None, Some("asafaya/bert-base-arabic")),
    ("bg", None, Some("iarfmoose/roberta-base-bulgarian")),
    ("bn", None, Some("sagorsarker/bangla-bert-base")),
    ("ca", None, Some("projecte-aina/roberta-base-ca-v2")),
    ("da", Some("da_core_news_lg"), Some("Maltehb/danish-bert-botxo")),
    ("de", Some("de_core_news_lg"), Some("bert-base-german-cased")),
    ("el", Some("el_core_news_lg"), Some("nlpaueb/bert-base-greek-uncased-v1")),
    ("en", Some("en_core_web_lg"), Some("roberta-base")),
    ("es", Some("es_core_news_lg"), Some("dccuchile/bert-base-spanish-wwm-cased")),
    ("eu", None, Some("mrm8488/RoBasquERTa")),
    ("fi", None, Some("TurkuNLP/bert-base-finnish-cased-v1")),
    ("fr", Some("fr_core_news_lg"), Some("camembert-base")),
    ("hi", None, Some("ai4bharat/indic-bert")),
    ("id", None, Some("indolem/indobert-base-uncased")),
    ("it", Some("it_core_news_lg"), None),
    ("ja", Some("ja_core_news_lg"), None),
    ("lt", Some("lt_core_news_lg"), None),
    ("mk", None, Some("anon-submission-mk/bert-base-macedonian-cased")),
    ("nb", Some("nb_core_news_lg"), Some("NbAiLab/nb-bert-base")),
    ("nl", Some("nl_core_news_lg"), Some("GroNLP/bert-base-dutch-cased")),
    ("pl", Some("pl_core_news_lg"), Some("dkleczek/bert-base-polish-cased-v1")),
    ("pt", Some("pt_core_news_lg"), Some("neuralmind/bert-base-portuguese-cased")),
    ("ro", Some("ro_core_news_lg"), Some("dumitrescustefan/bert-base-romanian-cased-v1")),
    ("si", None, Some("setu4993/LaBSE")),
    ("sv", None, Some("KB/bert-base-swedish-cased")),
    ("ta", None, Some("ai4bharat/indic-bert")),
    ("te", None, Some("kuppuluri/telugu_bertu")),
    ("th", None, Some("monsoon-nlp/bert-base-thai")),
    ("tr", None, Some("dbmdz/bert-base-turkish-cased")),
    ("uk", None, Some("youscan/ukr-roberta-base")),
    ("ur", None, Some("urduhack/roberta-urdu-small")),
    ("zh", Some("zh_core_web_lg"), Some("bert-base-chinese")),
];
