//! The reference page: all documents and the program that shows them, in one file.

/// The program that shows a document, with the licences under which it may be passed on.
pub(super) struct Bundle {
    /// Source of the program.
    pub(super) source: String,
    /// Licence texts.
    pub(super) licences: Vec<String>,
}

/// One document, as the page needs it.
pub(super) struct Entry<'a> {
    /// Name in the page's own identifiers: letters and underscores.
    pub(super) name: &'a str,
    /// What the document is called.
    pub(super) title: &'a str,
    /// The document as JSON.
    pub(super) json: String,
}

/// The page for `entries`, in their order.
pub(super) fn page(entries: &[Entry<'_>], bundle: &Bundle) -> String {
    let documents: Vec<String> = entries
        .iter()
        .map(|entry| format!("\"{}\":{}", entry.name, entry.json))
        .collect();
    let tabs: Vec<String> = entries.iter().map(tab).collect();
    let sections: Vec<String> = entries
        .iter()
        .map(|entry| format!("<section id=\"service-{}\"></section>", entry.name))
        .collect();
    format!(
        include_str!("page.html"),
        style = include_str!("page.css"),
        tabs = tabs.concat(),
        sections = sections.join("\n"),
        bundle = program(bundle),
        documents = format_args!("{{{}}}", documents.join(",").replace('<', "\\u003c")),
        script = include_str!("page.js"),
    )
}

fn tab(entry: &Entry<'_>) -> String {
    format!(
        "<button type=\"button\" role=\"tab\" data-service=\"{}\">{}</button>",
        entry.name,
        escaped(entry.title)
    )
}

/// The program, in a form in which nothing ends the element that it stands in.
fn program(bundle: &Bundle) -> String {
    let licences = bundle.licences.iter();
    let mut parts: Vec<String> = licences
        .map(|text| format!("/*\n{}\n*/", text.replace("*/", "* /").trim()))
        .collect();
    parts.push(bundle.source.clone());
    let source = parts.join("\n");
    // Both escapes mean the character itself, in text and in regular expressions.
    source
        .replace("</script", "<\\/script")
        .replace("<!--", "<\\!--")
}

/// Text as HTML shows it.
pub(super) fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;");
    text.replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(description: &str) -> String {
        let entry = Entry {
            name: "some",
            title: "A <b> & c",
            json: serde_json::json!({ "description": description }).to_string(),
        };
        let bundle = Bundle {
            source: "const a = \"</script><!--\";".to_owned(),
            licences: vec!["Anyone may */ use it.".to_owned()],
        };
        page(&[entry], &bundle)
    }

    #[test]
    fn nothing_in_a_document_or_the_program_ends_a_script() {
        let page = made("</script><script>alert(1)</script><!--");
        assert_eq!(page.matches("</script>").count(), 3, "{page}");
        assert_eq!(page.matches("<script").count(), 3, "{page}");
        assert!(!page.contains("<!--"), "{page}");
    }

    #[test]
    fn a_title_is_shown_as_text_and_a_licence_as_a_comment() {
        let page = made("");
        assert!(page.contains(">A &lt;b&gt; &amp; c</button>"), "{page}");
        assert!(page.contains("/*\nAnyone may * / use it.\n*/"), "{page}");
    }

    #[test]
    fn the_page_names_no_address_that_a_browser_would_fetch() {
        let page = made("");
        for fetched in ["src=", "href=", "url(", "@import"] {
            assert!(!page.contains(fetched), "{fetched} in {page}");
        }
    }
}
