//! The QR symbol as one vector path.

use fast_qr::{ECL, QRBuilder};
use std::fmt::Write;

use super::QrError;

/// Modules of white that must surround a symbol (ISO/IEC 18004).
const QUIET: usize = 4;

/// A QR symbol, measured in modules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    /// Modules per side, the quiet zone not counted.
    pub modules: usize,
    /// The dark modules as SVG path data, one unit per module, origin at the symbol's upper left corner.
    pub path: String,
    /// The same as runs of dark modules: column, row, length.
    pub runs: Vec<[usize; 3]>,
}

impl Symbol {
    /// Modules per side, the quiet zone counted.
    pub fn side(&self) -> usize {
        self.modules + 2 * QUIET
    }

    /// A stand-alone inline SVG with quiet zone: one `<path>`, black on white, no style. `title` is read by screen readers.
    pub fn svg(&self, title: &str) -> String {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"-{QUIET} -{QUIET} {side} {side}\" role=\"img\" \
             shape-rendering=\"crispEdges\"><title>{title}</title><rect x=\"-{QUIET}\" y=\"-{QUIET}\" width=\"{side}\" \
             height=\"{side}\" fill=\"#fff\"/><path fill=\"#000\" d=\"{path}\"/></svg>",
            side = self.side(),
            title = crate::text::escape(title),
            path = self.path,
        )
    }
}

/// Makes the symbol of a text, error level M (15 % of it may be dirty).
pub fn symbol(text: &str) -> Result<Symbol, QrError> {
    let code = QRBuilder::new(text).ecl(ECL::M).build().map_err(|_| QrError::TooLong)?;
    let mut path = String::new();
    let mut runs = Vec::new();
    for (y, row) in code.data.chunks(code.size).take(code.size).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a.value() == b.value()) {
            let dark = run.first().is_some_and(|module| module.value());
            if dark && write!(path, "M{x} {y}h{n}v1h-{n}z", n = run.len()).is_err() {
                return Err(QrError::TooLong);
            }
            if dark {
                runs.push([x, y, run.len()]);
            }
            x += run.len();
        }
    }
    Ok(Symbol { modules: code.size, path, runs })
}
