/// Where encoders are got from.
#[derive(Clone, Debug)]
pub struct Hub {
    /// Its address; `https://huggingface.co` is [`Hub::HUGGING_FACE`].
    pub endpoint: String,
    /// What shows who asks; needed for some encoders, and sent to the hub alone.
    pub token: Option<String>,
    /// The address of a proxy, `http://host:port`.
    pub proxy: Option<String>,
}

/// How far the download of a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress<'a> {
    /// The file.
    pub file: &'a str,
    /// Bytes that have come.
    pub received: u64,
    /// All bytes, if the hub says how many there are.
    pub total: Option<u64>,
}

/// What is told of a download that goes on.
pub type Report<'a> = &'a mut dyn FnMut(Progress<'_>);

impl Hub {
    /// Hugging Face's own.
    pub const HUGGING_FACE: &str = "https://huggingface.co";
}
