//! Captions whose tables are missing: then a table was lost, or stands in a layout that no reader knows.

use super::super::block::{Block, Line, Remark};
use super::super::vocabulary::{self, Section};

/// What is said of every caption that announces facts, where no table follows before the next caption or heading.
pub(super) fn without_tables(blocks: &[Block]) -> Vec<Remark> {
    let mut section = Section::Prose;
    let mut open: Option<&Line> = None;
    let mut lost = Vec::new();
    for block in blocks {
        let (Block::Heading(line) | Block::Text(line)) = block else {
            if matches!(block, Block::Table(_)) {
                open = None;
            }
            continue;
        };
        let heading = vocabulary::section(&line.text);
        let caption = vocabulary::caption(&line.text);
        if heading.is_some() || caption.is_some() || is_status(line) {
            lost.extend(open.take());
        }
        section = heading.unwrap_or(section);
        open = open.or(caption.filter(|_| section.holds_facts()).map(|_| line));
    }
    lost.extend(open);
    lost.into_iter().map(told).collect()
}

fn is_status(line: &Line) -> bool {
    vocabulary::announced_status(&line.text).is_some()
}

fn told(caption: &Line) -> Remark {
    let start: String = caption.text.chars().take(60).collect();
    let message = format!(
        "`{start}` announces a table, and none follows that can be read: save the page again, or in another layout"
    );
    Remark::unreadable(caption.number, message)
}
