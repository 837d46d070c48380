//! Licences 证照.
