//! Thinc's model file: a tree of named layers, read and written.
