//! Writes a message as HTML for mail programs.
//!
//! What they agree on is the web of long ago: tables for layout, styles on each element, no style element, no script. Each text
//! and each ground has its colour said, so that a program that turns colours for the dark turns both. Whatever comes from
//! outside goes through [`Page::text`] or [`Page::attribute`].

use std::fmt::Write;

use crate::block::{Block, Inline, plain};
use crate::link;
use crate::look::{FooterLink, Look};
use crate::values::is_unseen;

/// Fonts that are there.
const FONT: &str = "font-family:Helvetica,Arial,sans-serif";
/// How wide a message becomes.
const MAX_WIDTH: &str = "580";
/// Characters of a word in a table that is never broken.
const MAX_WHOLE_CHARS: usize = 14;

/// A whole page.
pub(crate) fn write(subject: &str, blocks: &[Block], look: &Look) -> String {
    let mut page = Page { html: String::with_capacity(8192), look };
    page.begin(subject);
    for block in blocks {
        page.block(block);
    }
    page.end();
    page.html
}

struct Page<'a> {
    html: String,
    look: &'a Look,
}

impl Page<'_> {
    fn raw(&mut self, html: &str) {
        self.html.push_str(html);
    }

    /// Writes what is made here of constants, numbers and colours.
    fn made(&mut self, html: std::fmt::Arguments<'_>) {
        // Writing to a string doesn't fail.
        let _ = self.html.write_fmt(html);
    }

    fn text(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '&' => self.html.push_str("&amp;"),
                '<' => self.html.push_str("&lt;"),
                '>' => self.html.push_str("&gt;"),
                '"' => self.html.push_str("&quot;"),
                '\'' => self.html.push_str("&#39;"),
                c if is_unseen(c) => {}
                c => self.html.push(c),
            }
        }
    }

    /// Writes ` name="value"`.
    fn attribute(&mut self, name: &str, value: &str) {
        self.made(format_args!(" {name}=\""));
        self.text(value);
        self.raw("\"");
    }

    fn language(&mut self) {
        let look = self.look;
        self.attribute("lang", &look.language);
        self.attribute("dir", look.direction());
    }

    fn begin(&mut self, subject: &str) {
        let look = self.look;
        let colours = look.colours;
        self.raw("<!DOCTYPE html>\n<html");
        self.language();
        self.raw(concat!(
            ">\n<head>\n<meta charset=\"utf-8\">\n",
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
            "<meta name=\"color-scheme\" content=\"light dark\">\n",
            "<meta name=\"supported-color-schemes\" content=\"light dark\">\n",
            "<meta name=\"format-detection\" content=\"telephone=no, date=no, address=no, email=no, url=no\">\n<title>",
        ));
        self.text(if subject.is_empty() { &look.name } else { subject });
        self.made(format_args!(
            "</title>\n</head>\n<body style=\"margin:0;padding:0;background-color:{0};color:{1}\" bgcolor=\"{0}\">\n",
            colours.page, colours.text
        ));
        // Again, for programs that keep only what stands in the body.
        self.raw("<div");
        self.language();
        self.made(format_args!(" style=\"{FONT};background-color:{}\">\n", colours.page));
        if let Some(preheader) = look.preheader.as_deref().filter(|text| !text.trim().is_empty()) {
            self.raw("<div style=\"display:none;max-height:0;overflow:hidden;font-size:1px;line-height:1px\">");
            self.text(preheader.trim());
            self.raw("</div>\n");
        }
        self.band(colours.bar, "14px 16px 14px 16px");
        self.made(format_args!(
            "<p style=\"margin:0;{FONT};font-size:22px;line-height:28px;font-weight:bold;color:{}\">",
            colours.on_bar
        ));
        let logo = look.logo.as_deref().filter(|logo| !logo.trim().is_empty());
        self.text(logo.unwrap_or(&look.name).trim());
        self.raw("</p>");
        self.end_band();
        self.band(colours.paper, "28px 16px 12px 16px");
        self.raw("\n");
    }

    fn end(&mut self) {
        let look = self.look;
        let footer = &look.footer;
        self.end_band();
        self.band(look.colours.page, "20px 16px 20px 16px");
        self.small(&look.name, true);
        for line in std::iter::once(&footer.why).chain(&footer.lines) {
            self.small(line, false);
        }
        for link in footer.unsubscribe.iter().chain(&footer.links) {
            self.small_link(link);
        }
        let lines = footer.postal_address.iter().map(|line| line.trim()).filter(|line| !line.is_empty());
        let lines: Vec<&str> = lines.collect();
        if !lines.is_empty() {
            self.begin_small();
            for (i, line) in lines.into_iter().enumerate() {
                if i > 0 {
                    self.raw("<br>");
                }
                self.text(line);
            }
            self.raw("</p>\n");
        }
        self.end_band();
        self.raw("</div>\n</body>\n</html>\n");
    }

    /// A ground over the whole width with a column in its middle. Programs that know no `max-width` take the attribute.
    fn band(&mut self, ground: crate::Colour, padding: &str) {
        self.made(format_args!(
            "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" bgcolor=\"{ground}\" \
             style=\"width:100%;border-collapse:collapse;background-color:{ground}\">\
             <tr><td align=\"center\" style=\"padding:0;background-color:{ground}\">\
             <table role=\"presentation\" width=\"{MAX_WIDTH}\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" \
             style=\"width:100%;max-width:{MAX_WIDTH}px;border-collapse:collapse;table-layout:fixed\"><tr><td"
        ));
        let align = self.side("left", "right");
        self.made(format_args!(
            " align=\"{align}\" style=\"padding:{padding};text-align:{align};overflow-wrap:break-word;\
             word-wrap:break-word;background-color:{ground}\">"
        ));
    }

    fn end_band(&mut self) {
        self.raw("</td></tr></table></td></tr></table>\n");
    }

    /// The side on which lines begin, or the other one.
    fn side(&self, left_to_right: &'static str, right_to_left: &'static str) -> &'static str {
        if self.look.direction() == "rtl" { right_to_left } else { left_to_right }
    }

    fn begin_small(&mut self) {
        let colour = self.look.colours.muted;
        self.made(format_args!("<p style=\"margin:0 0 8px 0;{FONT};font-size:16px;line-height:22px;color:{colour}\">"));
    }

    fn small(&mut self, line: &str, is_strong: bool) {
        let line = line.trim();
        if line.is_empty() {
            return;
        }
        self.begin_small();
        self.raw(if is_strong { "<strong>" } else { "" });
        self.text(line);
        self.raw(if is_strong { "</strong></p>\n" } else { "</p>\n" });
    }

    fn small_link(&mut self, footer_link: &FooterLink) {
        // The look was checked, and what is not an address is not written.
        let Ok(to) = link::link(&footer_link.to, &[]) else { return };
        let Some(to) = to.fixed() else { return };
        self.begin_small();
        self.begin_link(to);
        self.text(footer_link.text.trim());
        self.raw("</a></p>\n");
    }

    fn begin_link(&mut self, to: &str) {
        self.raw("<a");
        self.attribute("href", to);
        let colour = self.look.colours.link;
        self.made(format_args!(" style=\"color:{colour};text-decoration:underline\">"));
    }

    /// The style of what is read.
    fn reading(&mut self, margin: &str) {
        let colour = self.look.colours.text;
        self.made(format_args!(" style=\"margin:{margin};{FONT};font-size:19px;line-height:26px;color:{colour}\">"));
    }

    fn block(&mut self, block: &Block) {
        let colours = self.look.colours;
        match block {
            Block::Paragraph(content) => {
                self.raw("<p");
                self.reading("0 0 18px 0");
                self.inlines(content);
                self.raw("</p>\n");
            }
            Block::Heading { level, content } => {
                let (tag, size, line) = match level {
                    1 => ("h1", 28, 34),
                    2 => ("h2", 23, 29),
                    _ => ("h3", 19, 26),
                };
                self.made(format_args!(
                    "<{tag} style=\"margin:0 0 14px 0;padding:6px 0 0 0;{FONT};font-size:{size}px;line-height:{line}px;font-weight:bold;color:{}\">",
                    colours.text
                ));
                self.inlines(content);
                self.made(format_args!("</{tag}>\n"));
            }
            Block::List { start, items } => self.list(*start, items),
            Block::Table { head, rows } => self.table(head, rows),
            Block::Quote(blocks) => {
                let side = self.side("left", "right");
                let padding = self.side("14px 0 1px 16px", "14px 16px 1px 0");
                self.made(format_args!(
                    "<div style=\"margin:0 0 18px 0;padding:{padding};border-{side}:8px solid {}\">\n",
                    colours.line
                ));
                for block in blocks {
                    self.block(block);
                }
                self.raw("</div>\n");
            }
            Block::Rule => self.made(format_args!(
                "<hr style=\"margin:24px 0 24px 0;border:0;border-top:1px solid {0};height:0\">\n",
                colours.line
            )),
        }
    }

    fn list(&mut self, start: Option<u64>, items: &[Vec<Block>]) {
        let tag = if start.is_some() { "ol" } else { "ul" };
        self.made(format_args!("<{tag}"));
        if let Some(start) = start.filter(|start| *start != 1) {
            // Larger numbers mean nothing to a reader, and not all programs take them.
            self.made(format_args!(" start=\"{}\"", start.min(999_999)));
        }
        let padding = self.side("0 0 0 28px", "0 28px 0 0");
        self.made(format_args!(" style=\"margin:0 0 18px 0;padding:{padding}\">\n"));
        for item in items {
            self.raw("<li");
            self.reading("0 0 6px 0");
            match item.as_slice() {
                // One paragraph needs no space of its own.
                [Block::Paragraph(content), rest @ ..] => {
                    self.inlines(content);
                    if !rest.is_empty() {
                        self.raw("\n");
                    }
                    for block in rest {
                        self.block(block);
                    }
                }
                blocks => {
                    for block in blocks {
                        self.block(block);
                    }
                }
            }
            self.raw("</li>\n");
        }
        self.made(format_args!("</{tag}>\n"));
    }

    fn table(&mut self, head: &[Vec<Inline>], rows: &[Vec<Vec<Inline>>]) {
        // Where nothing stands above the first column, its cells say what stands beside them.
        let has_row_heads = head.first().is_some_and(Vec::is_empty);
        self.raw(
            "<table cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"width:100%;margin:0 0 18px 0;border-collapse:collapse\">\n<thead>\n<tr>",
        );
        for cell in head {
            self.cell(cell, (!cell.is_empty()).then_some("col"));
        }
        self.raw("</tr>\n</thead>\n<tbody>\n");
        for row in rows {
            self.raw("<tr>");
            for (i, cell) in row.iter().enumerate() {
                self.cell(cell, (i == 0 && has_row_heads && !cell.is_empty()).then_some("row"));
            }
            self.raw("</tr>\n");
        }
        self.raw("</tbody>\n</table>\n");
    }

    fn cell(&mut self, cell: &[Inline], scope: Option<&str>) {
        let tag = if scope.is_some() { "th" } else { "td" };
        self.made(format_args!("<{tag}"));
        if let Some(scope) = scope {
            self.attribute("scope", scope);
        }
        let (align, padding) = (self.side("left", "right"), self.side("8px 12px 8px 0", "8px 0 8px 12px"));
        let weight = if scope.is_some() { "bold" } else { "normal" };
        let colours = self.look.colours;
        self.made(format_args!(
            " align=\"{align}\" valign=\"top\" style=\"padding:{padding};border-bottom:1px solid {};text-align:{align};\
             vertical-align:top;{FONT};font-size:17px;line-height:23px;font-weight:{weight};color:{};overflow-wrap:{}\">",
            colours.line,
            colours.text,
            wrapping(cell)
        ));
        self.inlines(cell);
        self.made(format_args!("</{tag}>"));
    }

    fn inlines(&mut self, line: &[Inline]) {
        for one in line {
            match one {
                Inline::Text(text) => self.text(text),
                Inline::Strong(content) => {
                    self.raw("<strong>");
                    self.inlines(content);
                    self.raw("</strong>");
                }
                Inline::Emphasis(content) => {
                    self.raw("<em>");
                    self.inlines(content);
                    self.raw("</em>");
                }
                Inline::Link { to, content } => {
                    self.begin_link(to);
                    self.inlines(content);
                    self.raw("</a>");
                }
                Inline::Image { source, alternative } => {
                    self.raw("<img");
                    self.attribute("src", source);
                    self.attribute("alt", alternative);
                    self.raw(" border=\"0\" style=\"max-width:100%;height:auto;border:0\">");
                }
                Inline::LineBreak => self.raw("<br>"),
            }
        }
    }
}

/// A column becomes as narrow as its words allow, and words are broken only where one would push the table off a small screen.
fn wrapping(cell: &[Inline]) -> &'static str {
    let is_long = |word: &str| word.chars().count() > MAX_WHOLE_CHARS;
    if plain(cell, " ").split_whitespace().any(is_long) { "anywhere" } else { "break-word" }
}
