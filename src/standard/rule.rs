//! What a rule is: one of a few forms, with its parameters as data (standard.md, section 2).

use std::sync::Arc;

use crate::calendar::Unit;
use crate::finding::Severity;
use crate::say::Said;
use crate::source::Place;
use crate::value::Decimal;

/// A rule as it is run.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its id, such as `backup.daily`.
    pub id: String,
    /// The id of its clause.
    pub clause: String,
    /// The severity of its findings.
    pub severity: Severity,
    /// The kind it looks at, as a position in the standard's kinds; none for every kind (`*`).
    pub kind: Option<usize>,
    /// Which records it is about.
    pub filter: Where,
    /// What it asks.
    pub form: Form,
    /// Its title.
    pub title: Said,
    /// What a finding says; `{system}`, `{deadline}`, `{<field>}` and such are filled in.
    pub message: Said,
    /// Why it exists.
    pub why: Said,
    /// How to put a finding right.
    pub fix: Arc<Said>,
    /// An example without a finding.
    pub good: Option<Example>,
    /// An example with exactly the findings it names.
    pub bad: Option<Example>,
    /// Where it is written.
    pub place: Place,
}

/// A small workspace that shows a rule.
#[derive(Debug, Clone)]
pub struct Example {
    /// The instant it is judged at, as for `--as-of`.
    pub as_of: String,
    /// Files by path.
    pub files: Vec<(String, String)>,
    /// Lines added to the example's `wellkept.toml`.
    pub config: String,
    /// Record ids, or `FROM..TO xCOUNT`; sorted.
    pub finds: Vec<String>,
}

/// What a rule asks, implemented once each in `check` and `slots`.
#[derive(Debug, Clone)]
pub enum Form {
    /// At least one matching record in every period, going by a field (none: the primary time).
    Cadence {
        /// The periods.
        every: Grain,
        /// The field that places a record in a period.
        at: Option<usize>,
    },
    /// Named fields are not absent, long enough, not zero, or of a value.
    Present {
        /// Fields that must be there.
        fields: Vec<usize>,
        /// Least lengths in characters: field and parameter.
        min_chars: Vec<(usize, usize)>,
        /// Fields that, where they are there, are not 0.
        not_zero: Vec<usize>,
        /// What must hold of the record.
        must: Where,
    },
    /// A time is at most a limit after another.
    Within(Within),
    /// Times do not run backwards.
    Order {
        /// The times; empty: the kind's own order.
        times: Vec<usize>,
        /// Fields that must be there.
        present: Vec<usize>,
        /// The primary time is not after `as_of` (`records.future`).
        until_as_of: bool,
    },
    /// Two fields name different persons.
    Distinct {
        /// The field.
        field: usize,
        /// Those it must differ from.
        from: Vec<usize>,
    },
    /// A record is followed by one of another sort within a limit.
    Follows {
        /// The other sort, of the same kind and system.
        by: Where,
        /// How soon.
        limit: Amount,
    },
    /// A record is referred to by one of another kind.
    Referred {
        /// The other kind.
        kind: usize,
        /// The field that refers.
        field: usize,
    },
    /// None of a lower rank is served while a higher one waits.
    Priority(Priority),
    /// A figure reaches a value in each month.
    Target {
        /// The figure.
        figure: String,
        /// The parameter that is its target.
        param: usize,
    },
    /// A list holds all named roles, or a body has all named sections.
    Includes(Includes),
    /// Each period is named by a record, in time.
    Closes(Closes),
    /// The archive's own state.
    Sealed(Seal),
}

impl Form {
    /// The name of the form in a standard.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Cadence { .. } => "cadence",
            Self::Present { .. } => "present",
            Self::Within(_) => "within",
            Self::Order { .. } => "order",
            Self::Distinct { .. } => "distinct",
            Self::Follows { .. } | Self::Referred { .. } => "follows",
            Self::Priority(_) => "priority",
            Self::Target { .. } => "target",
            Self::Includes(_) => "includes",
            Self::Closes(_) => "closes",
            Self::Sealed(_) => "sealed",
        }
    }

    /// Whether its findings are about periods, and not about one record each.
    pub fn of_periods(&self) -> bool {
        matches!(self, Self::Cadence { .. } | Self::Closes(_) | Self::Target { .. } | Self::Sealed(Seal::Sealed(_)))
    }

    /// What a message may name in braces, beside `system`, and of a record its `record`, `kind` and fields.
    pub fn fills(&self) -> &'static [&'static str] {
        match self {
            Self::Cadence { .. } => &["when", "from", "to", "count"],
            Self::Closes(_) | Self::Sealed(Seal::Sealed(_)) => &["when", "from", "to", "count", "limit"],
            Self::Target { .. } => {
                &["when", "from", "to", "value", "target", "numerator", "denominator", "short", "allowed"]
            }
            Self::Present { .. } | Self::Order { .. } => &["fields", "problems"],
            Self::Within(_) => &["fields", "limit", "deadline", "outcome"],
            Self::Distinct { .. } => &["fields", "value"],
            Self::Follows { .. } => &["limit", "deadline", "outcome"],
            Self::Referred { .. } => &[],
            Self::Priority(_) => &["other", "since"],
            Self::Includes(_) => &["missing"],
            Self::Sealed(Seal::Unaltered | Seal::Late) => &["month", "outcome"],
        }
    }
}

/// What a cadence counts by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grain {
    /// Calendar periods.
    Every(Unit),
    /// Each configured shift of each day.
    Shift,
}

impl Grain {
    /// The name in a standard.
    pub fn name(self) -> &'static str {
        match self {
            Self::Every(unit) => unit.name(),
            Self::Shift => "shift",
        }
    }
}

/// A time at most a limit after another.
#[derive(Debug, Clone)]
pub struct Within {
    /// The time that starts the clock.
    pub from: usize,
    /// The time that stops it; none: nothing does.
    pub to: Option<usize>,
    /// `to` counts only in records where this holds.
    pub to_where: Where,
    /// How long.
    pub limit: Limit,
    /// Asked only where the sum of these fields is over 0.
    pub sum_positive: Vec<usize>,
    /// `from` and the limit must be there, and `from` not after `as_of`.
    pub required: bool,
}

/// A limit of time.
#[derive(Debug, Clone)]
pub enum Limit {
    /// One for all.
    One(Amount),
    /// By a choice; choices without one have no limit.
    By {
        /// The field of the choice.
        field: usize,
        /// Choice and amount.
        cases: Vec<(u8, Amount)>,
    },
    /// A field of the record that holds an interval.
    Field(usize),
}

/// A number of minutes, hours or days: a parameter, or fixed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amount {
    /// The parameter.
    pub param: Option<usize>,
    /// The number where there is no parameter.
    pub fixed: Decimal,
    /// What is counted.
    pub unit: TimeUnit,
}

/// A unit of a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeUnit {
    /// 60 seconds.
    Minutes,
    /// 3,600 seconds.
    Hours,
    /// 24 hours from a time; whole local days from a date.
    Days,
}

impl TimeUnit {
    /// Seconds in one.
    pub fn seconds(self) -> i64 {
        match self {
            Self::Minutes => 60,
            Self::Hours => 3600,
            Self::Days => 86400,
        }
    }

    /// How it is written after a number.
    pub fn said(self) -> Said {
        match self {
            Self::Minutes => Said::new("分钟", "minutes"),
            Self::Hours => Said::new("小时", "hours"),
            Self::Days => Said::new("天", "days"),
        }
    }
}

/// Ranks: which records come first.
#[derive(Debug, Clone)]
pub struct Priority {
    /// The higher rank.
    pub high: Where,
    /// The lower rank.
    pub low: Where,
    /// Higher ones that do not count.
    pub exempt: Where,
    /// When a record comes.
    pub from: usize,
    /// When a lower one is served.
    pub served: usize,
    /// `served` counts only where this holds.
    pub served_where: Where,
    /// When a higher one waits no longer: the earliest of these.
    pub ends: Vec<usize>,
    /// A higher one counts if it came before the lower one came; otherwise if it came by the time that was served.
    pub known_before: bool,
}

/// What a list or a body must hold.
#[derive(Debug, Clone)]
pub enum Includes {
    /// Items `role: name`: each role, with the words for it.
    Roles {
        /// The list.
        field: usize,
        /// Role and words.
        roles: Vec<(String, Vec<String>)>,
    },
    /// Headings that contain one word of each group.
    Sections {
        /// The body.
        field: usize,
        /// Groups of words.
        groups: Vec<Vec<String>>,
    },
    /// Headings that contain each text of a parameter.
    SectionsOf {
        /// The body.
        field: usize,
        /// The parameter.
        param: usize,
    },
}

impl Includes {
    /// The list or the body.
    pub fn field(&self) -> usize {
        match self {
            Self::Roles { field, .. } | Self::Sections { field, .. } | Self::SectionsOf { field, .. } => *field,
        }
    }
}

/// Each period is named by a record, in time.
#[derive(Debug, Clone)]
pub struct Closes {
    /// The periods.
    pub every: Unit,
    /// The field that names the period.
    pub names: usize,
    /// The record's time is not before the period's end; otherwise not before its start.
    pub from_end: bool,
    /// Days after the period's last day.
    pub limit: Amount,
}

/// What a rule asks of the seals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seal {
    /// Each month is sealed within so many days.
    Sealed(Amount),
    /// No sealed record is changed or gone.
    Unaltered,
    /// No record of a sealed month came later.
    Late,
}

/// A plain conjunction of tests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Where(pub Vec<Test>);

/// A field has one of these values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Test {
    /// The field.
    pub field: usize,
    /// Any of these.
    pub any: Vec<Want>,
}

/// One wanted value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Want {
    /// There is none.
    Absent,
    /// There is one.
    Present,
    /// This choice.
    Choice(u8),
    /// This answer.
    Bool(bool),
    /// This text.
    Text(String),
}
