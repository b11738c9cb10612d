//! The manual hangs together: every link within the repository leads to a file and a heading, and every page is in the summary.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Component, Path, PathBuf},
};

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// Where the manual is.
const BOOK: &str = "docs/src";
/// Pages outside it that people read.
const PAGES: [&str; 7] = [
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "examples/README.md",
    "examples/registry/README.md",
];

/// What a page has: the links in it, and the names of its headings.
struct Page {
    links: Vec<String>,
    headings: BTreeSet<String>,
}

pub(super) fn check(root: &Path, broken: &mut Vec<String>) -> Result<(), String> {
    let mut pages: BTreeMap<PathBuf, Page> = BTreeMap::new();
    let mut files = Vec::new();
    markdown(&root.join(BOOK), &mut files)?;
    files.extend(PAGES.iter().map(|page| root.join(page)).filter(|page| page.is_file()));
    for file in files {
        let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        pages.insert(file, read(&text));
    }
    for (file, page) in &pages {
        let shown = file.strip_prefix(root).unwrap_or(file).display();
        let of_book = page.links.iter().filter(|link| !link.contains(':') && !link.starts_with("//"));
        for link in of_book {
            if let Some(fault) = fault(file, link, &pages) {
                broken.push(format!("{shown}: the link `{link}` {fault}"));
            }
        }
    }
    listed(&root.join(BOOK), &pages, broken);
    Ok(())
}

/// What is wrong with a link from `file`, if anything is.
fn fault(file: &Path, link: &str, pages: &BTreeMap<PathBuf, Page>) -> Option<&'static str> {
    let (path, heading) = link.split_once('#').map_or((link, None), |(path, heading)| (path, Some(heading)));
    let target = if path.is_empty() { file.to_owned() } else { normal(&file.parent()?.join(path)) };
    if !target.exists() {
        return Some("leads to no file");
    }
    match (heading, pages.get(&target)) {
        (Some(heading), Some(page)) if !page.headings.contains(heading) => Some("leads to no heading"),
        _ => None,
    }
}

/// A path without `..`.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                normal.pop();
            }
            Component::CurDir => {}
            other => normal.push(other),
        }
    }
    normal
}

/// Every page of the book is in its summary.
fn listed(book: &Path, pages: &BTreeMap<PathBuf, Page>, broken: &mut Vec<String>) {
    let summary = book.join("SUMMARY.md");
    let links = pages.get(&summary).map(|page| page.links.as_slice()).unwrap_or_default();
    let listed: BTreeSet<PathBuf> = links.iter().map(|link| normal(&book.join(link))).collect();
    for page in pages.keys().filter(|page| page.starts_with(book) && **page != summary) {
        if !listed.contains(page) {
            let shown = page.strip_prefix(book).unwrap_or(page).display();
            broken.push(format!("{BOOK}/{shown} is not in the summary"));
        }
    }
}

fn markdown(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            markdown(&path, files)?;
        } else if path.extension().is_some_and(|ending| ending == "md") {
            files.push(path);
        }
    }
    Ok(())
}

fn read(text: &str) -> Page {
    let mut page = Page { links: Vec::new(), headings: BTreeSet::new() };
    let mut heading: Option<String> = None;
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                page.links.push(dest_url.to_string())
            }
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => {
                if let Some(text) = heading.take() {
                    name(&mut page.headings, &text);
                }
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&text);
                }
            }
            _ => {}
        }
    }
    page
}

/// A heading's name in a link; the second of a kind gets a number.
fn name(headings: &mut BTreeSet<String>, text: &str) {
    let kept = text.chars().filter(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' '));
    let name: String = kept.collect::<String>().to_lowercase().replace(' ', "-");
    let mut count = 0;
    let mut unique = name.clone();
    while !headings.insert(unique.clone()) {
        count += 1;
        unique = format!("{name}-{count}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_and_headings_are_found_as_a_reader_sees_them() {
        let page = read(
            "# Exit codes\n\n## `limits.timeouts.run`\n\n## Same\n\n## Same\n\n[a](b.md#c) and `[no](link)`.\n\n```\n[no](x)\n```\n",
        );
        assert_eq!(page.links, ["b.md#c"]);
        assert_eq!(
            page.headings.into_iter().collect::<Vec<_>>(),
            ["exit-codes", "limitstimeoutsrun", "same", "same-1"]
        );
    }
}
