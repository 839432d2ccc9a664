//! The nearest of the names that would have been right.

/// The name most like what was written, where one is like it enough to be meant.
pub fn nearest<'a>(written: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let written = written.to_lowercase();
    names
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&written, &name.to_lowercase()), name))
        .filter(|(likeness, name)| *likeness > 0.75 && slips(&written, &name.to_lowercase()))
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, name)| name)
}

/// Whether one could come from the other by slips of the keyboard, one to three characters: `severity` is much like
/// `service`, and no slip.
fn slips(written: &str, name: &str) -> bool {
    strsim::damerau_levenshtein(written, name) <= written.chars().count().div_ceil(3)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_finds_its_name_and_nonsense_finds_none() {
        assert_eq!(nearest("bakup", ["backup", "fault", "update"]), Some("backup"));
        assert_eq!(nearest("成攻", ["成功", "失败"]), None);
        assert_eq!(nearest("severity", ["service", "system"]), None);
        assert_eq!(nearest("affectedsytems", ["affected_systems", "system"]), Some("affected_systems"));
        assert_eq!(nearest("zzz", ["backup", "fault"]), None);
    }
}
