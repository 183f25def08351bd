//! Pages rendered from facts, in the layouts that people save.

use std::fmt::Write;

use xtask::docs::facts::{Facts, Field, Location};

/// A layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// One cell a line.
    Copied,
    /// One cell a line with pipes, without captions and lists.
    Piped,
    Markdown,
    Grid,
    Html,
}

pub(crate) const LAYOUTS: [Layout; 5] = [
    Layout::Copied,
    Layout::Piped,
    Layout::Markdown,
    Layout::Grid,
    Layout::Html,
];

/// The words of a family of pages.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Words {
    labels: [&'static str; 3],
    flags: [&'static str; 2],
    columns: [&'static str; 4],
    sections: [&'static str; 4],
    status: &'static str,
    table: &'static str,
    captions: [&'static str; 5],
    codes: &'static str,
}

const ENGLISH: Words = Words {
    labels: ["Definition", "Range", "Default Value"],
    flags: ["Yes", "No"],
    columns: ["Parameter", "Mandatory", "Type", "Description"],
    sections: [
        "Request Parameters",
        "Response Parameters",
        "Example Responses",
        "Status Codes",
    ],
    status: "Status code: ",
    table: "Table ",
    captions: [
        "Path Parameters",
        "Query Parameters",
        "Request header parameters",
        "Request body parameters",
        "Response body parameters",
    ],
    codes: "Status Code",
};

pub(crate) const FAMILIES: [Words; 3] = [
    ENGLISH,
    Words {
        labels: ["Explanation", "Value range", "Default value"],
        ..ENGLISH
    },
    Words {
        labels: ["参数解释", "取值范围", "默认取值"],
        flags: ["是", "否"],
        columns: ["参数", "是否必选", "参数类型", "描述"],
        sections: ["请求参数", "响应参数", "响应示例", "状态码"],
        status: "状态码：",
        table: "表",
        captions: [
            "路径参数",
            "Query参数",
            "请求Header参数",
            "请求Body参数",
            "响应Body参数",
        ],
        codes: "状态码",
    },
];

struct Page<'a> {
    layout: Layout,
    words: &'a Words,
    text: String,
    tables: usize,
}

/// The page that states `facts`.
pub(crate) fn page(facts: &Facts, layout: Layout, words: &Words) -> String {
    let mut page = Page {
        layout,
        words,
        text: String::new(),
        tables: 0,
    };
    page.heading(1, &facts.title);
    if let Some(date) = &facts.date {
        page.line(&format!("Updated on {date} GMT+08:00"));
    }
    page.heading(2, "URI");
    page.line(&format!("{} {}", facts.method, facts.path));
    for (location, index) in [(Location::Path, 0), (Location::Query, 1)] {
        page.parameters(facts, location, index);
    }
    page.heading(2, words.sections[0]);
    for (location, index) in [(Location::Header, 2), (Location::Body, 3)] {
        page.parameters(facts, location, index);
    }
    page.heading(2, words.sections[1]);
    for response in &facts.responses {
        page.line(&format!("{}{}", words.status, response.status));
        page.table(words.captions[4], &response.fields, false);
        if response.status == "200" {
            for schema in &facts.schemas {
                page.table(&schema.name, &schema.fields, false);
            }
        }
    }
    page.heading(2, words.sections[2]);
    page.line(&format!("{}200", words.status));
    for example in facts
        .examples
        .iter()
        .filter_map(|example| example.value.as_ref())
    {
        page.code(&format!("{example:#}"));
    }
    page.heading(2, words.sections[3]);
    let rows = facts
        .status_codes
        .iter()
        .map(|status| vec![vec![status.clone()], vec!["In words.".to_owned()]]);
    page.rows(&[words.codes, words.columns[3]], &rows.collect::<Vec<_>>());
    if layout == Layout::Html {
        format!(
            "<!DOCTYPE html><html><head><title>x</title><script>if (a<b) {{}}</script></head><body>{}</body></html>",
            page.text
        )
    } else {
        page.text
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

impl Page<'_> {
    fn heading(&mut self, level: usize, text: &str) {
        match self.layout {
            Layout::Markdown => writeln!(self.text, "{} {text}\n", "#".repeat(level)),
            Layout::Html => writeln!(self.text, "<h{level}>{}</h{level}>", escaped(text)),
            Layout::Grid => writeln!(self.text, "{text}\n{}\n", "=".repeat(text.len())),
            Layout::Copied | Layout::Piped => writeln!(self.text, "{text}\n"),
        }
        .expect("a string");
    }

    fn line(&mut self, text: &str) {
        match self.layout {
            Layout::Html => writeln!(self.text, "<p>{}</p>", escaped(text)),
            _ => writeln!(self.text, "{text}\n"),
        }
        .expect("a string");
    }

    fn code(&mut self, text: &str) {
        match self.layout {
            Layout::Html => writeln!(self.text, "<pre>{}</pre>", escaped(text)),
            Layout::Markdown => writeln!(self.text, "```\n{text}\n```\n"),
            _ => writeln!(self.text, "{text}\n"),
        }
        .expect("a string");
    }

    fn parameters(&mut self, facts: &Facts, location: Location, caption: usize) {
        let fields = facts
            .parameters
            .iter()
            .filter(|field| field.location == Some(location));
        let fields: Vec<Field> = fields.cloned().collect();
        if !fields.is_empty() {
            self.table(self.words.captions[caption], &fields, true);
        }
    }

    fn table(&mut self, caption: &str, fields: &[Field], flagged: bool) {
        self.tables += 1;
        let caption = format!("{}{} {caption}", self.words.table, self.tables);
        match self.layout {
            Layout::Piped => {}
            Layout::Html => {
                writeln!(self.text, "<table><caption><b>{caption}</b></caption>")
                    .expect("a string");
            }
            _ => self.line(&caption),
        }
        let rows: Vec<Vec<Vec<String>>> = fields
            .iter()
            .map(|field| self.row(field, flagged))
            .collect();
        let [name, flag, kind, description] = self.words.columns;
        let columns = if flagged {
            vec![name, flag, kind, description]
        } else {
            vec![name, kind, description]
        };
        self.rows(&columns, &rows);
    }

    /// The cells of a row, each of them lines.
    fn row(&self, field: &Field, flagged: bool) -> Vec<Vec<String>> {
        let mut cells = vec![vec![field.name.clone()]];
        if flagged {
            let flag = if field.required == Some(true) {
                self.words.flags[0]
            } else {
                self.words.flags[1]
            };
            cells.push(vec![flag.to_owned()]);
        }
        cells.push(vec![field.kind.clone().unwrap_or_default()]);
        cells.push(self.description(field));
        cells
    }

    fn description(&self, field: &Field) -> Vec<String> {
        let [definition, range, default] = self.words.labels;
        let mut lines = vec![
            definition.to_owned(),
            format!("What {} is.", field.name.replace('_', " ")),
        ];
        lines.push(range.to_owned());
        lines.extend(range_of(field));
        lines.push(default.to_owned());
        lines.push(field.default.clone().unwrap_or_else(|| "N/A".to_owned()));
        lines
    }

    fn rows(&mut self, columns: &[&str], rows: &[Vec<Vec<String>>]) {
        match self.layout {
            Layout::Copied => self.copied(columns, rows),
            Layout::Piped => self.piped(columns, rows),
            Layout::Markdown => self.markdown(columns, rows),
            Layout::Grid => self.grid(columns, rows),
            Layout::Html => self.html(columns, rows),
        }
    }

    fn copied(&mut self, columns: &[&str], rows: &[Vec<Vec<String>>]) {
        for column in columns {
            self.line(column);
        }
        for line in rows.iter().flatten().flatten() {
            self.line(line);
        }
    }

    fn piped(&mut self, columns: &[&str], rows: &[Vec<Vec<String>>]) {
        for column in columns {
            writeln!(self.text, "{column} |").expect("a string");
        }
        writeln!(self.text, "{}", vec!["---"; columns.len()].join("|") + "|").expect("a string");
        for cell in rows.iter().flatten() {
            writeln!(self.text, "{} |", cell.join(" ").replace("• ", "")).expect("a string");
        }
    }

    fn markdown(&mut self, columns: &[&str], rows: &[Vec<Vec<String>>]) {
        writeln!(
            self.text,
            "| {} |\n|{}|",
            columns.join(" | "),
            vec![":---"; columns.len()].join("|")
        )
        .expect("a string");
        for row in rows {
            let cells: Vec<String> = row
                .iter()
                .map(|cell| cell.join("<br>").replace('_', "\\_"))
                .collect();
            writeln!(self.text, "| {} |", cells.join(" | ")).expect("a string");
        }
        self.text.push('\n');
    }

    fn grid(&mut self, columns: &[&str], rows: &[Vec<Vec<String>>]) {
        let head: Vec<Vec<String>> = columns
            .iter()
            .map(|column| vec![(*column).to_owned()])
            .collect();
        let border = |mark: &str| {
            format!(
                "   +{}\n",
                format!("{}+", mark.repeat(82)).repeat(columns.len())
            )
        };
        self.text.push_str(&border("-"));
        for (index, row) in std::iter::once(&head).chain(rows).enumerate() {
            for line in 0..row.iter().map(Vec::len).max().unwrap_or(0) {
                self.text.push_str("   |");
                for cell in row {
                    let text = cell
                        .get(line)
                        .map_or("", String::as_str)
                        .replace("• ", "-  ");
                    let wide = text.chars().filter(|char| !char.is_ascii()).count();
                    write!(
                        self.text,
                        " {text}{}|",
                        " ".repeat(81 - text.chars().count() - wide)
                    )
                    .expect("a string");
                }
                self.text.push('\n');
            }
            self.text
                .push_str(&border(if index == 0 { "=" } else { "-" }));
        }
        self.text.push('\n');
    }

    fn html(&mut self, columns: &[&str], rows: &[Vec<Vec<String>>]) {
        if !self.text.trim_end().ends_with("</caption>") {
            self.text.push_str("<table>");
        }
        let head: Vec<String> = columns
            .iter()
            .map(|column| format!("<th><p>{column}</p></th>"))
            .collect();
        writeln!(
            self.text,
            "<thead><tr>{}</tr></thead><tbody>",
            head.join("\n")
        )
        .expect("a string");
        for row in rows {
            self.text.push_str("<tr>");
            for cell in row {
                let lines = cell.iter().map(|line| match line.strip_prefix("• ") {
                    Some(item) => format!("<ul><li>{}</li></ul>", escaped(item)),
                    None => format!("<p>{}</p>", escaped(line)),
                });
                // The end of a cell may be left out.
                write!(self.text, "<td>{}", lines.collect::<String>()).expect("a string");
            }
            self.text.push_str("</tr>\n");
        }
        self.text.push_str("</tbody></table>\n");
    }
}

/// The lines that state range and values.
fn range_of(field: &Field) -> Vec<String> {
    let mut lines = Vec::new();
    match (&field.minimum, &field.maximum) {
        (Some(least), Some(most)) => {
            lines.push(format!("The value ranges from {least} to {most}."));
        }
        (Some(least), None) => lines.push(format!("Greater than or equal to {least}")),
        (None, Some(most)) => lines.push(format!("Less than or equal to {most}")),
        (None, None) => {}
    }
    if let (Some(least), Some(most)) = (field.min_length, field.max_length) {
        lines.push(format!(
            "The value can contain {least} to {most} characters."
        ));
    }
    lines.extend(
        field
            .values
            .iter()
            .map(|value| format!("• {value}: in words")),
    );
    if lines.is_empty() {
        lines.push("N/A".to_owned());
    }
    lines
}
