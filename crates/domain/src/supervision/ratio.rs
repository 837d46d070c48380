//! Shares, growth and averages: exact until they are printed, then rounded half away from zero.

use std::fmt;

/// A number with so many decimals: `9766` with two is 97.66.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decimal {
    /// All digits.
    pub digits: i64,
    /// How many of them stand behind the point, at most nine.
    pub decimals: u32,
}

impl Decimal {
    /// A quotient, rounded half away from zero; `None` when it is divided by nothing or does not fit.
    pub fn quotient(dividend: i128, divisor: i128, decimals: u32) -> Option<Decimal> {
        if divisor == 0 || decimals > 9 {
            return None;
        }
        let scaled = dividend.checked_mul(10_i128.checked_pow(decimals)?)?.checked_mul(2)?;
        let (sign, size) = (if (scaled < 0) == (divisor < 0) { 1 } else { -1 }, scaled.unsigned_abs());
        // Twice the value, plus one half twice, halved: rounds a half away from zero.
        let rounded = (size / divisor.unsigned_abs()).checked_add(1)? / 2;
        let digits = i64::try_from(rounded).ok()?.checked_mul(sign)?;
        Some(Decimal { digits, decimals })
    }

    /// The nearest floating-point number, for a cell of a spreadsheet.
    pub fn value(self) -> f64 {
        // Through its words: dividing by a power of ten would round twice.
        self.to_string().parse().unwrap_or(f64::NAN)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.digits < 0 { "-" } else { "" };
        let size = self.digits.unsigned_abs();
        let Some(power) = 10_u64.checked_pow(self.decimals).filter(|_| self.decimals > 0) else {
            return write!(f, "{sign}{size}");
        };
        write!(f, "{sign}{}.{:0width$}", size / power, size % power, width = self.decimals as usize)
    }
}

/// A part of a whole, kept exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio {
    /// The part; negative where something has shrunk.
    pub part: i64,
    /// The whole, more than nothing.
    pub whole: i64,
}

impl Ratio {
    /// A share; `None` of nothing.
    pub fn share(part: i64, whole: i64) -> Option<Ratio> {
        (whole > 0).then_some(Ratio { part, whole })
    }

    /// Growth 增长: what came on top of what was before, as a share of that; `None` where nothing was before.
    pub fn growth(before: i64, now: i64) -> Option<Ratio> {
        Ratio::share(now.checked_sub(before)?, before)
    }

    /// In per cent, rounded.
    pub fn per_cent(self, decimals: u32) -> Option<Decimal> {
        Decimal::quotient(i128::from(self.part) * 100, i128::from(self.whole), decimals)
    }
}
