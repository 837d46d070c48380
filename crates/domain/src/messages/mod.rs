//! What goes out of the platform: the words of each channel, when nobody is to be woken, and how often sending is tried.

mod load;
mod rules;

pub use load::{MESSAGES, lint_messages};
pub use rules::{MessageRules, Occasion, Outgoing, Template, fill, in_subject, in_text};
