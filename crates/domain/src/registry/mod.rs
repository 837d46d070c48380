//! What the registers of the city know.
