//! Charts as SVG, spreadsheets.
