//! Cases 办件.
