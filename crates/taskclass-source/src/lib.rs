//! Text and where it is: files, spans, the YAML tree, findings as data.
