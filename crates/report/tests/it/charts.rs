//! Drawings, as they are checked in.

use commonweal_ports::{
    BarChart, ChartDrawer, ChartLane, FeltPoint, LaneMark, LifelineChart, LineChart, RatioChart, RatioRow, Series,
};
use commonweal_report::charts::Charts;

fn trend(points: Vec<Option<f64>>) -> LineChart {
    LineChart {
        id: "trend".into(),
        title: "Satisfied, by month".into(),
        description: "Fell in March <and> recovered".into(),
        labels: (1..=points.len()).map(|n| format!("M{n}")).collect(),
        series: vec![
            Series { label: "2024".into(), points: points.clone(), compared: false },
            Series {
                label: "2023".into(),
                points: points.iter().map(|p| p.map(|v| v + 2.0)).collect(),
                compared: true,
            },
        ],
        range: Some((0.0, 100.0)),
        width: 560,
    }
}

#[test]
fn a_trend_has_gaps_points_and_names() {
    let drawing = Charts.line(&trend(vec![Some(80.0), Some(82.0), None, Some(70.0), None, Some(85.0), Some(86.0)]));
    insta::assert_snapshot!(drawing.replace('>', ">\n"));
}

#[test]
fn bars_say_what_is_suppressed() {
    let drawing = Charts.bars(&BarChart {
        id: "bars".into(),
        title: "Feedback by channel".into(),
        description: "Most came by phone".into(),
        bars: vec![
            ("Phone".into(), Some(120.0), "120".into()),
            ("Web & app".into(), Some(30.0), "30".into()),
            ("Letter".into(), None, "fewer than 10".into()),
        ],
        width: 340,
    });
    insta::assert_snapshot!(drawing.replace('>', ">\n"));
}

#[test]
fn names_too_long_for_a_phone_stand_above_their_bars_and_are_not_cut() {
    let names = ["Safety and antisocial behaviour", "Access for disabled people"];
    let bars = names.map(|name| (name.to_owned(), Some(3.0), "3%".to_owned())).to_vec();
    let (id, title, description) = ("bars".to_owned(), "Themes".to_owned(), String::new());
    let narrow = Charts.bars(&BarChart { id, title, description, bars, width: 300 });
    for name in names {
        assert!(narrow.contains(&format!(">{name}<")), "{narrow}");
    }
    assert!(narrow.contains("<rect class=\"cw-chart__bar\" x=\"0.0\""), "{narrow}");
}

#[test]
fn an_empty_chart_is_still_a_drawing() {
    for points in [vec![], vec![None], vec![Some(3.0)]] {
        let drawing = Charts.line(&trend(points));
        assert!(drawing.ends_with("</svg>") && !drawing.contains("NaN"));
    }
}

#[test]
fn no_style_attribute_is_written() {
    assert!(!Charts.line(&trend(vec![Some(1.0), Some(2.0)])).contains("style="));
}

fn ratios(width: u32) -> RatioChart {
    let row = |label: &str, low, ratio, high, clear| RatioRow {
        label: label.into(),
        ratio,
        low,
        high,
        shown: format!("{ratio:.1} ({low:.1} to {high:.1})"),
        clear,
    };
    RatioChart {
        id: "hit".into(),
        title: "How many times as often".into(),
        description: "People on a phone <most>".into(),
        rows: vec![
            row("Device: phone & tablet", 2.0, 2.9, 4.1, true),
            row("Age band: 65+", 0.7, 1.1, 1.6, false),
            row("Area: an area with a name that is far too long for any chart", 0.01, 40.0, 90.0, true),
        ],
        sides: ("Less often".into(), "More often".into()),
        width,
    }
}

#[test]
fn ratios_stand_with_their_intervals_around_one() {
    insta::assert_snapshot!(Charts.ratios(&ratios(640)).replace('>', ">\n"));
}

#[test]
fn on_a_phone_names_stand_above_the_ratios() {
    insta::assert_snapshot!(Charts.ratios(&ratios(300)).replace('>', ">\n"));
    let none = RatioChart { rows: Vec::new(), ..ratios(300) };
    assert!(Charts.ratios(&none).ends_with("</svg>"));
}

#[test]
fn a_lifeline_tells_ratings_from_readings_and_in_from_out() {
    let mark = |at, incoming| LaneMark { at, incoming };
    let drawing = Charts.lifeline(&LifelineChart {
        id: "felt".into(),
        title: "From 5 of 5 in Jan <b> to 1 of 5 in Mar".into(),
        description: "Fell".into(),
        points: vec![
            FeltPoint { at: 0.0, value: 5.0, rated: true },
            FeltPoint { at: 0.5, value: 2.4, rated: false },
            FeltPoint { at: 1.0, value: 1.0, rated: true },
        ],
        lanes: vec![
            ChartLane { label: "Inform".into(), marks: vec![mark(0.25, false)] },
            ChartLane { label: "Serve".into(), marks: vec![mark(0.0, true), mark(0.5, true), mark(1.0, true)] },
        ],
        levels: vec![(5.0, "Very satisfied".into()), (3.0, "Neither".into()), (1.0, "Very dissatisfied".into())],
        labels: vec![(0.0, "1 Jan 2024".into()), (0.05, "2 Jan 2024".into()), (1.0, "1 Mar 2024".into())],
        width: 560,
    });
    assert!(!drawing.contains("<b>") && !drawing.contains("2 Jan 2024"), "{drawing}");
    insta::assert_snapshot!(drawing.replace('>', ">\n"));
}
