//! The nearest of the names that would have been right.

/// The name most like what was written, where one is like it enough to be meant.
pub fn nearest<'a>(written: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let written = written.to_lowercase();
    names
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&written, &name.to_lowercase()), name))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_finds_its_name_and_nonsense_finds_none() {
        assert_eq!(nearest("bakup", ["backup", "fault", "update"]), Some("backup"));
        assert_eq!(nearest("成攻", ["成功", "失败"]), None);
        assert_eq!(nearest("zzz", ["backup", "fault"]), None);
    }
}
