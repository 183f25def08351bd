//! A page in copied text, saved in the other forms.

use xtask::page::{self, Block, PageLine, PageRow};

/// A form in which pages are saved.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Form {
    Html,
    Markdown,
    /// Copied with a tab between the cells of a row.
    Tabbed,
}

pub(crate) const FORMS: [Form; 3] = [Form::Html, Form::Markdown, Form::Tabbed];

/// The page in another form.
pub(crate) fn render(copied: &str, form: Form) -> String {
    let (blocks, unread) = page::blocks(copied);
    assert_eq!(unread, []);
    let body: Vec<String> = blocks.iter().map(|block| part(block, form)).collect();
    match form {
        Form::Html => format!(
            "<!DOCTYPE html>\n<html><head><title>T</title></head><body>\n<ul><li>URI</li></ul>\n{}</body></html>\n",
            body.concat()
        ),
        Form::Markdown | Form::Tabbed => body.concat(),
    }
}

fn part(block: &Block, form: Form) -> String {
    match (block, form) {
        (Block::Heading(line) | Block::Text(line), _) => line_of_text(line, form),
        (Block::Code(line), Form::Html) => format!(
            "<table><tr><td><pre>1</pre></td><td><pre>{}</pre></td></tr></table>\n",
            escaped(&line.text)
        ),
        (Block::Code(line), Form::Markdown) => format!("```\n{}\n```\n", line.text),
        (Block::Code(line), Form::Tabbed) => format!("{}\n", line.text),
        (Block::Table(rows), form) => table(rows, form),
    }
}

fn line_of_text(line: &PageLine, form: Form) -> String {
    let section = xtask::facts::words::section(&line.text).is_some();
    match form {
        Form::Html if section => format!("<div><h4>{}</h4></div>\n", line.text),
        Form::Html => format!("<p>{}</p>\n", escaped(&line.text)),
        Form::Markdown if section => format!("#### {}\n", line.text),
        Form::Markdown | Form::Tabbed => format!("{}\n", line.text),
    }
}

fn table(rows: &[PageRow], form: Form) -> String {
    let lines = rows.iter().enumerate().map(|(index, row)| {
        let cells: Vec<String> = row.cells.iter().map(|cell| cell_of(cell, form)).collect();
        let rule = match form {
            _ if index > 0 => String::new(),
            Form::Markdown => format!("{}|\n", "|:---".repeat(cells.len())),
            Form::Html | Form::Tabbed => String::new(),
        };
        let row = match form {
            Form::Html => format!("<tr><td>{}</td></tr>\n", cells.join("</td>\n<td>")),
            Form::Markdown => format!("| {} |\n", cells.join(" | ")),
            Form::Tabbed => format!("{}\n", cells.join("\t")),
        };
        format!("{row}{rule}")
    });
    let lines: String = lines.collect();
    match form {
        Form::Html => format!("<table>\n{lines}</table>\n"),
        Form::Markdown | Form::Tabbed => lines,
    }
}

fn cell_of(lines: &[PageLine], form: Form) -> String {
    let lines: Vec<String> = lines
        .iter()
        .map(|line| match (form, line.bullet) {
            (Form::Html, true) => format!("<ul><li>{}</li></ul>", escaped(&line.text)),
            (Form::Html, false) => format!("<p>{}</p>", escaped(&line.text)),
            (_, true) => format!("• {}", line.text),
            (_, false) => line.text.clone(),
        })
        .collect();
    let bullets = lines.iter().any(|line| line.starts_with('•'));
    match form {
        Form::Html => lines.concat(),
        Form::Markdown if bullets => lines.join("<br>"),
        Form::Markdown => lines.join(" "),
        Form::Tabbed => lines.join("\n"),
    }
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('"', "&quot;")
}
