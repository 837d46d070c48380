//! Codes of the state.
