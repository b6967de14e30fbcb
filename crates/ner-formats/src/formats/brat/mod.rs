//! brat's standoff format: a text, and a file of annotations beside it (<https://brat.nlplab.org/standoff.html>).

mod writer;

pub(crate) use writer::BratWriter;
