//! Holds the colours of the style sheet against WCAG 2.2: text 4.5 to 1 (1.4.3), marks 3 to 1 (1.4.11), in light and
//! in dark.

use std::collections::BTreeMap;

use crate::source::Sources;

use super::Theme;

/// What is written in these colours, on any ground.
const TEXT: [&str; 8] = ["ink", "soft", "accent", "seal", "met", "missed", "unproven", "waived"];
/// What text stands on.
const GROUNDS: [&str; 3] = ["paper", "wash", "found"];
/// States that have a ground of their own: so much of their colour on paper.
const STATES: [&str; 4] = ["met", "missed", "unproven", "waived"];

type Tokens = BTreeMap<String, [u8; 3]>;

/// The colours of the first rule after a selector.
fn tokens(css: &str, selector: &str) -> Tokens {
    let start = css.find(selector).unwrap_or_else(|| panic!("the style sheet has no {selector}"));
    let body = &css[start + selector.len()..];
    let body = &body[..body.find('}').unwrap()];
    let declarations = body.split(['{', ';', '\n']).filter_map(|part| part.trim().strip_prefix("--")?.split_once(": "));
    declarations.filter_map(|(name, value)| Some((name.to_owned(), colour(value.strip_prefix('#')?)))).collect()
}

fn colour(hex: &str) -> [u8; 3] {
    let wide: String = if hex.len() == 3 { hex.chars().flat_map(|c| [c, c]).collect() } else { hex.to_owned() };
    [0, 2, 4].map(|at| u8::from_str_radix(&wide[at..at + 2], 16).unwrap())
}

/// WCAG 2.2, "relative luminance".
fn luminance(colour: [u8; 3]) -> f64 {
    let [r, g, b] = colour.map(|c| {
        let c = f64::from(c) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// WCAG 2.2, "contrast ratio".
fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// The style sheet as it is written.
const STYLE: &str = include_str!("../../themes/default/static/style.css");

#[test]
fn the_ratio_is_that_of_the_standard() {
    assert!((contrast(colour("000"), colour("fff")) - 21.0).abs() < 1e-9);
    assert!((contrast(colour("777777"), colour("ffffff")) - 4.478).abs() < 1e-3);
}

#[test]
fn text_and_marks_stand_out_in_light_and_in_dark() {
    let css = STYLE;
    let share = css.split("color-mix(in srgb, var(--s) ").nth(1).and_then(|rest| rest.split('%').next()).unwrap();
    let share: f64 = share.parse::<f64>().unwrap() / 100.0;
    let mut weak = Vec::new();
    for (look, selector) in [("light", ":root {"), ("dark", ":root[data-theme=dark] {")] {
        let mut tokens = tokens(css, selector);
        for state in STATES {
            let ground = mixed(tokens[state], tokens["paper"], share);
            tokens.insert(format!("{state}-ground"), ground);
        }
        let mut hold = |mark: &str, ground: &str, least: f64| {
            let ratio = contrast(tokens[mark], tokens[ground]);
            if ratio < least {
                weak.push(format!("{look}: --{mark} on --{ground} {ratio:.2}, not {least}"));
            }
        };
        for ground in GROUNDS {
            for mark in TEXT {
                hold(mark, ground, 4.5);
            }
        }
        hold("line", "paper", 3.0);
        hold("line", "wash", 3.0);
        for state in STATES {
            let ground = format!("{state}-ground");
            hold(state, &ground, 4.5);
            hold("ink", &ground, 4.5);
        }
    }
    assert!(weak.is_empty(), "{weak:#?}");
}

/// So much of one colour, the rest of another.
fn mixed(one: [u8; 3], other: [u8; 3], share: f64) -> [u8; 3] {
    [0, 1, 2].map(|at| (f64::from(one[at]) * share + f64::from(other[at]) * (1.0 - share)).round() as u8)
}

#[test]
fn the_dark_that_the_device_asks_for_is_the_dark_that_the_reader_chooses() {
    let css = STYLE;
    let (asked, chosen) = (tokens(css, ":root:not([data-theme=light]) {"), tokens(css, ":root[data-theme=dark] {"));
    assert_eq!(asked, chosen);
    assert_eq!(asked.keys().collect::<Vec<_>>(), tokens(css, ":root {").keys().collect::<Vec<_>>());
}

#[test]
fn the_published_style_sheet_and_scripts_keep_their_size() {
    let theme = Theme::load(&Sources::of_memory([]), "default").unwrap();
    let size = |end: &str| theme.files.iter().filter(|(n, _)| n.ends_with(end)).map(|(_, b)| b.len()).sum::<usize>();
    assert!(size(".css") <= 20 * 1024, "{} bytes of style", size(".css"));
    assert!(size(".js") <= 15 * 1024, "{} bytes of script", size(".js"));
}
