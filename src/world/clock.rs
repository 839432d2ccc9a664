//! The one place where the time of day is asked for. What it says becomes `as_of`, and nothing below looks at a clock.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::say;
use crate::source::Failure;

/// The variable by which reproducible builds set the time (reproducible-builds.org, `SOURCE_DATE_EPOCH`).
const VARIABLE: &str = "SOURCE_DATE_EPOCH";

/// Seconds since 1970-01-01T00:00:00Z; negative on a machine whose clock stands before that.
pub fn now() -> i64 {
    match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => since.as_secs() as i64,
        Err(before) => -(before.duration().as_secs() as i64),
    }
}

/// What `SOURCE_DATE_EPOCH` says, in seconds since 1970-01-01T00:00:00Z; none where it is unset or empty.
///
/// A value that is not a whole number is a failure: a build that is meant to be reproducible must not go on by the clock.
pub fn source_date_epoch() -> Result<Option<i64>, Failure> {
    match std::env::var_os(VARIABLE) {
        Some(value) => parse(&value.to_string_lossy()),
        None => Ok(None),
    }
}

/// Seconds from the text of the variable: digits only, at most the end of the year 9999.
fn parse(text: &str) -> Result<Option<i64>, Failure> {
    const LAST: i64 = 253_402_300_799;
    if text.is_empty() {
        return Ok(None);
    }
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse::<i64>() {
        Ok(seconds) if digits && seconds <= LAST => Ok(Some(seconds)),
        _ => {
            let shown = text.escape_debug().to_string();
            Err(Failure(say!(
                "环境变量 {VARIABLE} 的值“{shown}”不是自 1970 年起的整秒数；请改为例如 1793462400，或取消该变量",
                "the variable {VARIABLE} is \"{shown}\", which is not a whole number of seconds since 1970; set it to \
                 something like 1793462400, or unset it"
            )))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_seconds_are_read_and_nothing_else() {
        assert_eq!(parse(""), Ok(None));
        assert_eq!(parse("0"), Ok(Some(0)));
        assert_eq!(parse("1793462400"), Ok(Some(1_793_462_400)));
        assert_eq!(parse("253402300799"), Ok(Some(253_402_300_799)));
        for bad in ["-1", "+1", "1.5", " 1", "1e9", "253402300800", "99999999999999999999", "明天", "\u{1b}[2J"] {
            let said = parse(bad).unwrap_err().0;
            assert!(said.en.contains(VARIABLE) && !said.en.contains('\u{1b}'), "{bad:?}: {}", said.en);
        }
    }

    #[test]
    fn the_clock_is_past_the_day_this_was_written() {
        assert!(now() > 1_700_000_000);
    }
}
