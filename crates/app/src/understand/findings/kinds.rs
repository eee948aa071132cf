//! The words of a finding that have a stable name on the wire.

use serde::{Deserialize, Serialize};

/// Declares an enum whose variants have one stable name.
macro_rules! keyed {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $key:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $key)] $variant),+ }

        impl $name {
            /// The stable names of all.
            pub const KEYS: &'static [&'static str] = &[$($key),+];

            /// The stable name.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$variant => $key),+ }
            }
        }
    };
}

keyed! {
    /// What kind of thing was found.
    FindingKind {
        /// How satisfied people are, against the period before.
        Satisfaction = "satisfaction";
        /// The touchpoint (or service, where no touchpoint stands out) with the lowest satisfaction, below
        /// the rest beyond chance.
        WeakestPlace = "weakest_place";
        /// The theme that costs most satisfaction: how many fewer are satisfied among those who write about
        /// it than if they were as satisfied as the others.
        CostliestTheme = "costliest_theme";
        /// The opposite: what people praise most.
        PraisedTheme = "praised_theme";
        /// The theme whose share of the comments changed most since the period before.
        ThemeChange = "theme_change";
        /// A theme whose mentioners are more or less satisfied than everyone else.
        ThemeSatisfaction = "theme_satisfaction";
        /// Where a theme is mentioned most.
        ThemePlace = "theme_place";
        /// A count that is not what its own past lets one expect.
        UnusualCount = "unusual_count";
        /// A group of people that meets something more (or less) often than everyone else.
        Impact = "impact";
    }
}

keyed! {
    /// What the figure of a finding is.
    FigureKind {
        /// Share satisfied of those who rated, 0 to 1.
        Satisfied = "satisfied";
        /// Share of the comments that mention the theme, 0 to 1.
        Mentioned = "mentioned";
        /// Share of the feedback that meets the issue, 0 to 1.
        Met = "met";
        /// Feedback.
        Count = "count";
        /// Feedback read as negative.
        NegativeCount = "negative_count";
    }
}

keyed! {
    /// What a figure is held against.
    Baseline {
        /// All others under the same filter.
        Others = "others";
        /// The period before.
        PeriodBefore = "period_before";
        /// What its own past lets one expect.
        Expected = "expected";
    }
}

keyed! {
    /// On what scale it is told how sure a finding is.
    Scale {
        /// How many standard errors the figures are apart: surer the larger.
        StandardErrors = "standard_errors";
        /// How often an untouched series is this far out: surer the smaller.
        FalseAlarmRate = "false_alarm_rate";
        /// The share of false findings among those that are as clear: surer the smaller.
        FalseDiscoveryRate = "false_discovery_rate";
    }
}
