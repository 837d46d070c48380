//! yichuang
fn main() {}
