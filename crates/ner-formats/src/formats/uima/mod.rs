//! UIMA's common analysis system, as INCEpTION and other tools of UIMA export it: in JSON and in XMI.

mod json;
mod view;
mod xmi;

pub(super) use json::{looks_like as looks_like_json, read as read_json};
pub(super) use xmi::{looks_like as looks_like_xmi, read as read_xmi};
