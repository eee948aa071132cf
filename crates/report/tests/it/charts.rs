//! Drawings, as they are checked in.

use commonweal_app::ports::{BarChart, ChartDrawer, LineChart, Series};
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
