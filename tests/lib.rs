//! Nothing here: the end-to-end tests are in `it/`.
