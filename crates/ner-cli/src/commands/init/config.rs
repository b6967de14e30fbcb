//! `ner init config`

use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::ValueEnum;
use ner_config::{Encoder, InitOptions, Optimize, Registry, init_config, recommended_vectors, with_notes};
use ner_hub::{EncoderPlaces, HubError};

use crate::encoders::EncoderArgs;
use crate::{config_file, model, path, report, rules};

/// Write a complete config for a new pipeline, with the settings that suit its use.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// File to write, .toml or .cfg; - prints the config and nothing else.
    output_file: PathBuf,
    /// Code of the language.
    #[arg(short, long, default_value = "en")]
    lang: String,
    /// Names of the components, with commas between; tok2vec or transformer is added where one needs it.
    #[arg(short, long, default_value = "ner", value_delimiter = ',')]
    pipeline: Vec<String>,
    /// Small and fast; or with word vectors larger, and without them as small, trained for better scores.
    #[arg(short, long, value_enum, default_value = "efficiency")]
    optimize: Choice,
    /// A pipeline with word vectors for --optimize accuracy, its folder or its name; the one that spaCy recommends for the
    /// language if that is installed.
    #[arg(long, value_name = "PIPELINE")]
    vectors: Option<String>,
    /// The pipeline will run on a GPU: it gets the pretrained encoder that spaCy recommends for the language, and its settings.
    #[arg(short = 'G', long)]
    gpu: bool,
    /// A pretrained encoder, its folder or its name on Hugging Face's hub; without --gpu with settings for a CPU.
    #[arg(long, value_name = "NAME")]
    encoder: Option<String>,
    #[command(flatten)]
    pub(crate) encoders: EncoderArgs,
    /// A pipeline whose tokenizer is taken, or its file `tokenizer`; for languages without rules built in.
    #[arg(long)]
    tokenizer: Option<PathBuf>,
    /// Include what pretraining needs.
    #[arg(long)]
    pretraining: bool,
    /// Replace a file that is there already.
    #[arg(short = 'F', long)]
    force: bool,
}

#[derive(Copy, Clone, Debug, ValueEnum)]
enum Choice {
    Efficiency,
    Accuracy,
}

pub(crate) fn run(args: &Args, registry: &Registry) -> anyhow::Result<()> {
    path::refuse_existing(&args.output_file, args.force)?;
    let mut document = init_config(&args.options(registry)?, registry)?;
    if let Some(path) = &args.tokenizer {
        model::find(path)?;
        rules::take_from(path, &mut document);
    }
    let is_for_cpu = args.encoder.is_some() && !args.gpu;
    config_file::write_with(&document, &args.output_file, |toml| match is_for_cpu {
        true => with_notes(&toml),
        false => toml,
    })?;
    if let Some(lang) = rules::missing(&document)? {
        report::warn(format_args!(
            "No tokenization rules are built in for {lang:?}: `ner train` will need those of a pipeline in that language; \
             give it here as --tokenizer PIPELINE"
        ));
    }
    if !path::is_dash(&args.output_file) {
        let text = |path: &str| document.get(path).and_then(|name| name.as_str());
        args.tell(text("components.transformer.model.name"), text("paths.vectors"));
    }
    Ok(())
}

impl Args {
    fn options(&self, registry: &Registry) -> anyhow::Result<InitOptions> {
        Ok(InitOptions {
            lang: self.lang.clone(),
            pipeline: self.pipeline.iter().map(|name| name.trim().to_owned()).collect(),
            optimize: match self.optimize {
                Choice::Efficiency => Optimize::Efficiency,
                Choice::Accuracy => Optimize::Accuracy,
            },
            vectors: self.vectors()?,
            gpu: self.gpu,
            encoder: self.encoder.as_deref().map(|name| encoder(name, registry)).transpose()?,
            pretraining: self.pretraining,
        })
    }

    /// The pipeline with word vectors that is named, or the recommended one if it is where training would find it.
    fn vectors(&self) -> anyhow::Result<Option<String>> {
        if self.vectors.is_some() && !matches!(self.optimize, Choice::Accuracy) {
            bail!("--vectors goes with --optimize accuracy: other configs read no word vectors");
        }
        let recommended = recommended_vectors(&self.lang).filter(|name| model::find(Path::new(name)).is_ok());
        Ok(self.vectors.clone().or(recommended.map(str::to_owned)))
    }

    fn tell(&self, transformer: Option<&str>, vectors: Option<&str>) {
        let hardware = if self.gpu { "GPU" } else { "CPU" };
        report::info("Generated config template specific for your use case");
        report::line(format_args!("- Language: {}", self.lang));
        report::line(format_args!("- Pipeline: {}", self.pipeline.join(", ")));
        report::line(format_args!("- Optimize for: {}", format!("{:?}", self.optimize).to_lowercase()));
        if matches!(self.optimize, Choice::Accuracy) && transformer.is_none() {
            report::line(format_args!("- Word vectors: {}", vectors.unwrap_or("None")));
        }
        report::line(format_args!("- Hardware: {hardware}"));
        report::line(format_args!("- Transformer: {}", transformer.unwrap_or("None")));
        report::good("Auto-filled config with all values");
        report::good(format_args!("Saved config: {}", self.output_file.display()));
        report::line("You can now add your data and train your pipeline:");
        let file = self.output_file.display();
        let encoders = self.encoders.as_given();
        report::line(format_args!(
            "ner train {file} --paths.train ./train.spacy --paths.dev ./dev.spacy{encoders}"
        ));
    }
}

/// The encoder of this name, with its width if it is there already.
fn encoder(name: &str, registry: &Registry) -> anyhow::Result<Encoder> {
    let folders = registry.encoder_folders().to_vec();
    let places = EncoderPlaces { folders, caches: registry.encoder_caches().to_vec() };
    let width = match places.find(name, EncoderPlaces::MAIN) {
        Ok(files) => Some(files.config().hidden_size),
        // A config may be written before its encoder is there.
        Err(error @ HubError::Nowhere { .. }) => {
            report::warn(error);
            None
        }
        Err(error) => return Err(error.into()),
    };
    Ok(Encoder { name: name.to_owned(), width })
}
