//! Each kind of problem at its place: the line, carets below it, the words; then the other places, the help and the fix.

use std::fmt::Write as _;

use super::*;
use crate::finding::Safety;

/// Every problem as a person would see it, and what the file is after all fixes offered.
fn show(source: &Arc<SourceFile>, parsed: &Parsed) -> String {
    let mut out = String::new();
    let mark = |out: &mut String, span: Span, sign: &str, text: &str| {
        let at = source.position(span.start);
        let line = source.slice(source.line_span(at.line).unwrap_or_default());
        let first = source.slice(span).lines().next().unwrap_or_default();
        let indent = " ".repeat(at.display_column as usize - 1);
        let marks = sign.repeat(crate::text::display_width(first).max(1));
        writeln!(out, "{}\n{indent}{marks} {text}", crate::text::visible(line)).unwrap();
    };
    for problem in &parsed.problems {
        let label = if problem.label.is_empty() { String::new() } else { format!(" ({})", problem.label) };
        let text = format!("{}: {}{label}", problem.kind.rule(), problem.message);
        mark(&mut out, problem.span, "^", &text);
        for (span, text) in &problem.related {
            mark(&mut out, *span, "-", text);
        }
        if let Some(help) = &problem.help {
            writeln!(out, "help: {help}").unwrap();
        }
        if let Some(fix) = &problem.fix {
            let safety = if fix.safety == Safety::Safe { "safe" } else { "unsafe" };
            writeln!(out, "{safety} fix: {}", fix.title).unwrap();
        }
    }
    out
}

fn check(input: &str, expected: &str) {
    let source = SourceFile::new("t.yaml", input);
    let parsed = parse(&source);
    assert_eq!(show(&source, &parsed).trim_end(), expected.trim_matches('\n'), "for\n{input}");
    for problem in &parsed.problems {
        assert!(source.text().get(problem.span.range()).is_some(), "{problem:?} is not on characters");
    }
}

#[test]
fn a_key_set_twice_is_told_with_both_places() {
    check(
        "budget:\n  per_day: 400\n  per_day: 5000\n",
        r#"
  per_day: 5000
  ^^^^^^^ duplicate-key: `per_day` is set twice in `budget` (set again, to 5000)
  per_day: 400
  ------- first set here, to 400
help: keep one (no automatic fix: the values differ)
"#,
    );
    check(
        "a: {b: 1, c: 2, b: 3}\n",
        r#"
a: {b: 1, c: 2, b: 3}
                ^ duplicate-key: `b` is set twice in `a` (set again, to 3)
a: {b: 1, c: 2, b: 3}
    - first set here, to 1
help: keep one (no automatic fix: the values differ)
"#,
    );
    check(
        "l:\n  - x: 1\n    x: 1\n",
        r#"
    x: 1
    ^ duplicate-key: `x` is set twice in `l[0]` (set again, to 1)
  - x: 1
    - first set here, to 1
help: delete one; the values are the same
safe fix: delete the second one
"#,
    );
    check(
        "a: |\n  long\na:\n  b: c\n",
        r#"
a:
^ duplicate-key: `a` is set twice (set again)
a: |
- first set here
help: keep one (no automatic fix: the values differ)
"#,
    );
}

#[test]
fn aliases_and_anchors_are_one_cause() {
    check(
        "a: &x 1\nb: *x\nc: [*x, *y]\n",
        r#"
b: *x
   ^^ yaml-alias: the alias `*x` is not allowed
a: &x 1
   -- it stands for this
help: write the value out, so that who reviews this place sees it; put it in quotes if text is meant
c: [*x, *y]
    ^^ yaml-alias: the alias `*x` is not allowed
a: &x 1
   -- it stands for this
help: write the value out, so that who reviews this place sees it; put it in quotes if text is meant
c: [*x, *y]
        ^^ yaml-alias: the alias `*y` is not allowed (nothing has this name)
help: write the value out, so that who reviews this place sees it; put it in quotes if text is meant
"#,
    );
    check(
        "a: &unused {b: 1}\n",
        r#"
a: &unused {b: 1}
   ^^^^^^^ yaml-alias: the anchor `&unused` is not allowed
help: leave it out; put the value in quotes if text is meant
"#,
    );
    check(
        "*a : 1\nb: 2\n",
        r#"
*a : 1
^^ yaml-alias: the alias `*a` is not allowed (nothing has this name)
help: write the value out, so that who reviews this place sees it; put it in quotes if text is meant
"#,
    );
    check(
        "<<: {a: 1}\nb: 2\n",
        r#"
<<: {a: 1}
^^ yaml-alias: merge keys are not allowed (nothing is merged)
help: write the fields out where they apply
"#,
    );
}

#[test]
fn tags_are_refused_and_read_over() {
    check(
        "a: !!str 12\nb: !<tag:x,2000:y> [1]\nc: !t\n  d: no\n",
        r#"
a: !!str 12
   ^^^^^ yaml-tag: the tag `!!str` is not allowed
help: leave it out; put the value in quotes if it is text
b: !<tag:x,2000:y> [1]
   ^^^^^^^^^^^^^^^ yaml-tag: the tag `!<tag:x,2000:y>` is not allowed
help: leave it out; put the value in quotes if it is text
c: !t
   ^^ yaml-tag: the tag `!t` is not allowed
help: leave it out; put the value in quotes if it is text
  d: no
     ^^ ambiguous-scalar: `no` does not mean the same to every reader (text here, but YAML 1.1 reads it as true or false)
help: write `"no"`, or `false` if that is meant
safe fix: write it as text: `"no"`
"#,
    );
}

#[test]
fn ambiguous_scalars_are_explained() {
    check(
        "a: no\n",
        r#"
a: no
   ^^ ambiguous-scalar: `no` does not mean the same to every reader (text here, but YAML 1.1 reads it as true or false)
help: write `"no"`, or `false` if that is meant
safe fix: write it as text: `"no"`
"#,
    );
    check(
        "a: ~\n",
        r#"
a: ~
   ^ ambiguous-scalar: `~` does not mean the same to every reader (null here, but not every reader knows this spelling)
help: write `null`, or `"~"` if text is meant
safe fix: write `null`
"#,
    );
    check(
        "a: True\n",
        r#"
a: True
   ^^^^ ambiguous-scalar: `True` does not mean the same to every reader (true here, but not every reader knows this spelling)
help: write `true`, or `"True"` if text is meant
safe fix: write `true`
"#,
    );
    check(
        "a: 012\n",
        r#"
a: 012
   ^^^ ambiguous-scalar: `012` does not mean the same to every reader (a number here, but YAML 1.1 reads it as an octal number, and people as digits to keep)
help: write `12`, or `"012"` if text is meant
unsafe fix: write `12`
"#,
    );
    check(
        "a: 0x1F\n",
        r#"
a: 0x1F
   ^^^^ ambiguous-scalar: `0x1F` does not mean the same to every reader (a number here, but not every reader knows this spelling)
help: write `31`, or `"0x1F"` if text is meant
unsafe fix: write `31`
"#,
    );
    check(
        "a: 1e3\n",
        r#"
a: 1e3
   ^^^ ambiguous-scalar: `1e3` does not mean the same to every reader (a number here, but some readers take it for text)
help: write `1000`, or `"1e3"` if text is meant
unsafe fix: write `1000`
"#,
    );
    check(
        "a: 12:30:45\n",
        r#"
a: 12:30:45
   ^^^^^^^^ ambiguous-scalar: `12:30:45` does not mean the same to every reader (text here, but YAML 1.1 reads it as a number to the base sixty)
help: write `"12:30:45"` if text is meant
safe fix: write it as text: `"12:30:45"`
"#,
    );
    check(
        "a: 2026-01-01\n",
        r#"
a: 2026-01-01
   ^^^^^^^^^^ ambiguous-scalar: `2026-01-01` does not mean the same to every reader (text here, but YAML 1.1 reads it as a date)
help: write `"2026-01-01"` if text is meant
safe fix: write it as text: `"2026-01-01"`
"#,
    );
    check(
        "a: 1_000\n",
        r#"
a: 1_000
   ^^^^^ ambiguous-scalar: `1_000` does not mean the same to every reader (text here, but YAML 1.1 reads it as a number)
help: write `"1_000"` if text is meant
safe fix: write it as text: `"1_000"`
"#,
    );
    check(
        "on: [yes]\n",
        r#"
on: [yes]
     ^^^ ambiguous-scalar: `yes` does not mean the same to every reader (text here, but YAML 1.1 reads it as true or false)
help: write `"yes"`, or `true` if that is meant
safe fix: write it as text: `"yes"`
"#,
    );
}

#[test]
fn numbers_that_json_cannot_keep_are_refused() {
    check(
        "a: 1.5\n",
        r#"
a: 1.5
   ^^^ float-value: `1.5` is not a whole number
help: use whole numbers, a percentage for a rate (`20%`), or `"1.5"` if text is meant
"#,
    );
    check(
        "a: 9007199254740993\nb: 123456789012345678901234567890\n",
        r#"
a: 9007199254740993
   ^^^^^^^^^^^^^^^^ out-of-range: `9007199254740993` is beyond 2^53 - 1 (readers of JSON round it)
help: write `"9007199254740993"` if it is a name or an identifier
b: 123456789012345678901234567890
   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ out-of-range: `123456789012345678901234567890` is beyond 2^53 - 1 (readers of JSON round it)
help: write `"123456789012345678901234567890"` if it is a name or an identifier
"#,
    );
    check(
        "a: .inf\n",
        r#"
a: .inf
   ^^^^ float-value: `.inf` is not a whole number
help: use whole numbers, a percentage for a rate (`20%`), or `".inf"` if text is meant
"#,
    );
}

#[test]
fn keys_are_text() {
    check(
        "12: a\nb: 1\n",
        r#"
12: a
^^ yaml-syntax: this key is a number, and keys are text
help: put it in quotes if it is meant as text
safe fix: write it as text: `"12"`
"#,
    );
    check(
        "true: a\n",
        r#"
true: a
^^^^ yaml-syntax: this key is true or false, and keys are text
help: put it in quotes if it is meant as text
safe fix: write it as text: `"true"`
"#,
    );
    check(
        "? a\n: b\nc: 1\n",
        r#"
? a
^ yaml-syntax: keys with `? ` are not allowed
help: write `key: value`
"#,
    );
    check(
        "[a, b]: 1\nc: 2\n",
        r#"
[a, b]: 1
^^^^^^ yaml-syntax: this key is a list or a mapping, and keys are text
help: a key is a word, or text in quotes
"#,
    );
    check(
        "a: {[b]: 1, : 2, c: 3}\n",
        r#"
a: {[b]: 1, : 2, c: 3}
    ^^^ yaml-syntax: this key is a list or a mapping, and keys are text
help: a key is a word, or text in quotes
a: {[b]: 1, : 2, c: 3}
            ^ yaml-syntax: a key is missing before this `:`
help: write `key: value`; put text that begins with `:` in quotes
"#,
    );
    check(
        "null: 1\n",
        r#"
null: 1
^^^^ yaml-syntax: this key is null, and keys are text
help: put it in quotes if it is meant as text
safe fix: write it as text: `"null"`
"#,
    );
}

#[test]
fn one_file_holds_one_document() {
    check(
        "a: 1\n---\nb: no\n",
        r#"
---
^^^ multiple-documents: a second document begins in this file (nothing from here on was read)
a: 1
- the first begins here
help: one file holds one document: move this one to a file of its own
"#,
    );
    check(
        "---\na: 1\n...\nb: 2\n",
        r#"
b: 2
^^^^ multiple-documents: a second document begins in this file (nothing from here on was read)
---
--- the first begins here
help: one file holds one document: move this one to a file of its own
"#,
    );
    check(
        "%YAML 1.1\n---\na: 1\n",
        r#"
%YAML 1.1
^^^^^^^^^ yaml-syntax: directives (`%…`) are not allowed
help: delete the line; the file is read as YAML 1.2
"#,
    );
}

#[test]
fn quotes_that_are_missing_are_named() {
    check(
        "owners: @acme/team\nb: no\n",
        r#"
owners: @acme/team
        ^ yaml-syntax: a value without quotes cannot begin with `@`
help: put the value in quotes
safe fix: write it as text: `"@acme/team"`
b: no
   ^^ ambiguous-scalar: `no` does not mean the same to every reader (text here, but YAML 1.1 reads it as true or false)
help: write `"no"`, or `false` if that is meant
safe fix: write it as text: `"no"`
"#,
    );
    check(
        "title: fix: the thing\nb: no\n",
        r#"
title: fix: the thing
          ^ yaml-syntax: a second `: ` cannot stand on the line of a key
help: put the value in quotes, or begin the mapping on the next line, indented deeper
safe fix: write it as text: `"fix: the thing"`
b: no
   ^^ ambiguous-scalar: `no` does not mean the same to every reader (text here, but YAML 1.1 reads it as true or false)
help: write `"no"`, or `false` if that is meant
safe fix: write it as text: `"no"`
"#,
    );
    check(
        "a: 50% of `x`\nb: `x`\n",
        r#"
b: `x`
   ^ yaml-syntax: a value without quotes cannot begin with a backtick
help: put the value in quotes
safe fix: write it as text: `"x"`
"#,
    );
    check(
        "a: \"x\" y\nb: no\n",
        r#"
a: "x" y
       ^ yaml-syntax: the value ends before this, and nothing more can stand on its line
help: put the whole value in one pair of quotes, or begin a comment with ` #`
b: no
   ^^ ambiguous-scalar: `no` does not mean the same to every reader (text here, but YAML 1.1 reads it as true or false)
help: write `"no"`, or `false` if that is meant
safe fix: write it as text: `"no"`
"#,
    );
    check(
        "a: \"open\nb: no\n",
        r#"
a: "open
   ^ yaml-syntax: the quote `"` opened here is not closed
b: no
----- this line is not indented as a part of the text
help: close it; a quote within the text is written twice in '…' and as `\"` in "…"
b: no
   ^^ ambiguous-scalar: `no` does not mean the same to every reader (text here, but YAML 1.1 reads it as true or false)
help: write `"no"`, or `false` if that is meant
safe fix: write it as text: `"no"`
"#,
    );
    check(
        "a:\n  b: 'it's'\n  c: no\n",
        r#"
  b: 'it's'
         ^^ yaml-syntax: the value ends before this, and nothing more can stand on its line
help: put the whole value in one pair of quotes, or begin a comment with ` #`
  c: no
     ^^ ambiguous-scalar: `no` does not mean the same to every reader (text here, but YAML 1.1 reads it as true or false)
help: write `"no"`, or `false` if that is meant
safe fix: write it as text: `"no"`
"#,
    );
    check(
        "a: \"\\d+\"\nb: no\n",
        r#"
a: "\d+"
    ^^ yaml-syntax: `\d` is no escape that text in double quotes knows
help: write `\\` for a backslash, or put the text in single quotes, where a backslash is only itself
b: no
   ^^ ambiguous-scalar: `no` does not mean the same to every reader (text here, but YAML 1.1 reads it as true or false)
help: write `"no"`, or `false` if that is meant
safe fix: write it as text: `"no"`
"#,
    );
    check(
        "a: \"never\n   closed\n",
        r#"
a: "never
   ^ yaml-syntax: the quote `"` opened here is not closed
help: close it; a quote within the text is written twice in '…' and as `\"` in "…"
"#,
    );
}

#[test]
fn brackets_that_are_not_closed_hide_nothing_below() {
    check(
        "a: [1, 2\nb: no\n",
        r#"
a: [1, 2
   ^ yaml-syntax: `[` is not closed
b: no
----- this line is not indented as a part of it
help: close it with `]`; its further lines are indented deeper than its key
b: no
   ^^ ambiguous-scalar: `no` does not mean the same to every reader (text here, but YAML 1.1 reads it as true or false)
help: write `"no"`, or `false` if that is meant
safe fix: write it as text: `"no"`
"#,
    );
    check(
        "a: {b: 1,\n  c: [2\nd: no\n",
        r#"
  c: [2
     ^ yaml-syntax: `[` is not closed
d: no
----- this line is not indented as a part of it
help: close it with `]`; its further lines are indented deeper than its key
d: no
   ^^ ambiguous-scalar: `no` does not mean the same to every reader (text here, but YAML 1.1 reads it as true or false)
help: write `"no"`, or `false` if that is meant
safe fix: write it as text: `"no"`
"#,
    );
    check(
        "a: [1, 2}\nb: no\n",
        r#"
a: [1, 2}
        ^ yaml-syntax: `,` or `]` is expected here
help: separate the items by `,` and close the list with `]`
b: no
   ^^ ambiguous-scalar: `no` does not mean the same to every reader (text here, but YAML 1.1 reads it as true or false)
help: write `"no"`, or `false` if that is meant
safe fix: write it as text: `"no"`
"#,
    );
    check(
        "a: [1,, 2]\nb: no\n",
        r#"
a: [1,, 2]
      ^ yaml-syntax: an item is missing before this `,`
help: write the item, or delete the `,`
b: no
   ^^ ambiguous-scalar: `no` does not mean the same to every reader (text here, but YAML 1.1 reads it as true or false)
help: write `"no"`, or `false` if that is meant
safe fix: write it as text: `"no"`
"#,
    );
    check(
        "a: [b: 1]\nc: no\n",
        r#"
a: [b: 1]
    ^^ yaml-syntax: a key without braces cannot stand in a list in brackets
help: write `{key: value}`, or put quotes around text that has a colon
c: no
   ^^ ambiguous-scalar: `no` does not mean the same to every reader (text here, but YAML 1.1 reads it as true or false)
help: write `"no"`, or `false` if that is meant
safe fix: write it as text: `"no"`
"#,
    );
    check(
        "a: {b 1}\nc: no\n",
        r#"
c: no
   ^^ ambiguous-scalar: `no` does not mean the same to every reader (text here, but YAML 1.1 reads it as true or false)
help: write `"no"`, or `false` if that is meant
safe fix: write it as text: `"no"`
"#,
    );
    check(
        "a: {b: 1 c: 2}\nd: no\n",
        r#"
a: {b: 1 c: 2}
          ^ yaml-syntax: `,` or `}` is expected here
help: write `{key: value, key: value}`, with a space behind each colon
d: no
   ^^ ambiguous-scalar: `no` does not mean the same to every reader (text here, but YAML 1.1 reads it as true or false)
help: write `"no"`, or `false` if that is meant
safe fix: write it as text: `"no"`
"#,
    );
    check(
        "a: [x y\n",
        r#"
a: [x y
   ^ yaml-syntax: `[` is not closed
help: close it with `]`; its further lines are indented deeper than its key
"#,
    );
    check(
        "a: ]\nb: no\n",
        r#"
a: ]
   ^ yaml-syntax: a value without quotes cannot begin with `]`
help: put the value in quotes
b: no
   ^^ ambiguous-scalar: `no` does not mean the same to every reader (text here, but YAML 1.1 reads it as true or false)
help: write `"no"`, or `false` if that is meant
safe fix: write it as text: `"no"`
"#,
    );
}

#[test]
fn lines_that_are_out_of_place_are_named() {
    check(
        "a: 1\n  b: 2\nc: no\n",
        r#"
  b: 2
  ^ yaml-syntax: this line is indented deeper than what it stands among
a: 1
- the keys of the mapping are indented like this
help: align it, or indent it below the line that it belongs to
c: no
   ^^ ambiguous-scalar: `no` does not mean the same to every reader (text here, but YAML 1.1 reads it as true or false)
help: write `"no"`, or `false` if that is meant
safe fix: write it as text: `"no"`
"#,
    );
    check(
        "a:\n   b: 1\n  c: 2\nd: no\n",
        r#"
  c: 2
  ^ yaml-syntax: this line stands between two depths of indentation
a:
- these lines are indented like this
   b: 1
   - and these like this
help: align it with the lines that it belongs to
d: no
   ^^ ambiguous-scalar: `no` does not mean the same to every reader (text here, but YAML 1.1 reads it as true or false)
help: write `"no"`, or `false` if that is meant
safe fix: write it as text: `"no"`
"#,
    );
    check(
        "a:\n  - b\n    c: d\n  - no\n",
        r#"
  - b
    ^ yaml-syntax: a key is expected here, and a `: ` behind it
help: write `key: value`; text that goes on from the line above is indented deeper
  - no
    ^^ ambiguous-scalar: `no` does not mean the same to every reader (text here, but YAML 1.1 reads it as true or false)
help: write `"no"`, or `false` if that is meant
safe fix: write it as text: `"no"`
"#,
    );
    check(
        "a: 1\n- b\nc: no\n",
        r#"
- b
^ yaml-syntax: an item of a list stands among the keys of a mapping
a: 1
- a key of the mapping
help: a list stands below the key that it belongs to; that key has a value already
c: no
   ^^ ambiguous-scalar: `no` does not mean the same to every reader (text here, but YAML 1.1 reads it as true or false)
help: write `"no"`, or `false` if that is meant
safe fix: write it as text: `"no"`
"#,
    );
    check(
        "a: - b\nc: no\n",
        r#"
a: - b
   ^ yaml-syntax: a list with `-` cannot begin on the line of its key
help: begin it on the next line, or write it in brackets: `[a, b]`
c: no
   ^^ ambiguous-scalar: `no` does not mean the same to every reader (text here, but YAML 1.1 reads it as true or false)
help: write `"no"`, or `false` if that is meant
safe fix: write it as text: `"no"`
"#,
    );
    check(
        "a:\n  b\nc\nd: no\n",
        r#"
c
^ yaml-syntax: a key is expected here, and a `: ` behind it
help: write `key: value`; text that goes on from the line above is indented deeper
d: no
   ^^ ambiguous-scalar: `no` does not mean the same to every reader (text here, but YAML 1.1 reads it as true or false)
help: write `"no"`, or `false` if that is meant
safe fix: write it as text: `"no"`
"#,
    );
    check(
        "a:1\nb: no\n",
        r#"
a:1
^^^ yaml-syntax: a key is expected here, and a `: ` behind it
help: write `a: 1`, with a space behind the colon
b: no
   ^^ ambiguous-scalar: `no` does not mean the same to every reader (text here, but YAML 1.1 reads it as true or false)
help: write `"no"`, or `false` if that is meant
safe fix: write it as text: `"no"`
"#,
    );
    check(
        "- a\nb: 1\n",
        r#"
b: 1
^^^^ yaml-syntax: this line belongs to nothing above it (nothing from here on was read)
help: indent it as the line that it continues, or align it with the first line of the document
"#,
    );
    check(
        "a:\n\tb: 1\n\tc: no\n",
        r#"
\tb: 1
^ yaml-syntax: a tab cannot indent (here, and perhaps further down)
help: indent with spaces
\tc: no
    ^^ ambiguous-scalar: `no` does not mean the same to every reader (text here, but YAML 1.1 reads it as true or false)
help: write `"no"`, or `false` if that is meant
safe fix: write it as text: `"no"`
"#,
    );
    check(
        "a: |x\n  b\nc: no\n",
        r#"
a: |x
   ^^ yaml-syntax: only `-` or `+` and one digit can stand behind `|` or `>`
help: begin the text on the next line, indented deeper than its key
c: no
   ^^ ambiguous-scalar: `no` does not mean the same to every reader (text here, but YAML 1.1 reads it as true or false)
help: write `"no"`, or `false` if that is meant
safe fix: write it as text: `"no"`
"#,
    );
    check(
        "a: |\n    \n  b\nc: no\n",
        r#"
  b
  ^ yaml-syntax: the text begins less deep than the blank lines before it
    
---- these blanks are deeper
help: delete the blanks, or say the indentation: `|2`
c: no
   ^^ ambiguous-scalar: `no` does not mean the same to every reader (text here, but YAML 1.1 reads it as true or false)
help: write `"no"`, or `false` if that is meant
safe fix: write it as text: `"no"`
"#,
    );
    check(
        "|\n a\n",
        r#"
|
^ yaml-syntax: a document cannot be one block of text
help: a document is a mapping: it begins with `schema: …`
"#,
    );
}

#[test]
fn encoding_and_line_endings_are_refused_and_the_rest_is_checked() {
    check(
        "\u{feff}a: no\n",
        r#"
\u{feff}a: no
^ not-utf8: the file begins with a byte-order mark
help: save the file as UTF-8 without a byte-order mark
safe fix: delete the byte-order mark
\u{feff}a: no
   ^^ ambiguous-scalar: `no` does not mean the same to every reader (text here, but YAML 1.1 reads it as true or false)
help: write `"no"`, or `false` if that is meant
safe fix: write it as text: `"no"`
"#,
    );
    check(
        "a: 1\r\nb: no\r\n",
        r#"
a: 1
    ^ line-endings: the file has 2 carriage returns; lines end with a line feed alone
help: save the file with Unix line endings
safe fix: end every line with a line feed alone
b: no
   ^^ ambiguous-scalar: `no` does not mean the same to every reader (text here, but YAML 1.1 reads it as true or false)
help: write `"no"`, or `false` if that is meant
safe fix: write it as text: `"no"`
"#,
    );
    check(
        "a: \u{2028}\nb: \"\u{85}\"\nc: no\n",
        r#"
a: \u{2028}
   ^ yaml-syntax: U+2028 ends a line for some readers and is text for others
help: in text in double quotes it is written `\u2028`
c: no
   ^^ ambiguous-scalar: `no` does not mean the same to every reader (text here, but YAML 1.1 reads it as true or false)
help: write `"no"`, or `false` if that is meant
safe fix: write it as text: `"no"`
"#,
    );
    check(
        "a: \u{0}\nb: no\n",
        r#"
a: \u{0}
   ^ yaml-syntax: the character U+0000 is not allowed in YAML
help: in text in double quotes it is written `\u0000`
"#,
    );
    check(
        "a: b\u{7}\n",
        r#"
a: b\u{7}
    ^ yaml-syntax: the character U+0007 is not allowed in YAML
help: in text in double quotes it is written `\u0007`
"#,
    );
}

#[test]
fn lines_that_are_indented_less_are_to_blame_and_not_their_neighbours() {
    check(
        "a:\nb: 1\n  c: 2\n  d: 3\ne: no\n",
        r#"
b: 1
^ yaml-syntax: this line is indented less than what it stands among
  c: 2
  - its neighbours are indented like this
help: indent it as they are, or align with it what stands below and belongs to it
unsafe fix: indent it as they are
e: no
   ^^ ambiguous-scalar: `no` does not mean the same to every reader (text here, but YAML 1.1 reads it as true or false)
help: write `"no"`, or `false` if that is meant
safe fix: write it as text: `"no"`
"#,
    );
    check(
        "a:\n  - b: 1\n  c: 2\n",
        r#"
  c: 2
  ^ yaml-syntax: this line is indented less than what it stands among
  - b: 1
    - its neighbours are indented like this
help: indent it as they are, or align with it what stands below and belongs to it
unsafe fix: indent it as they are
"#,
    );
    check(
        "a: 1\n  b: 2\n  c: 3\n",
        r#"
  b: 2
  ^ yaml-syntax: this line is indented deeper than what it stands among
a: 1
- the keys of the mapping are indented like this
help: align it, or indent it below the line that it belongs to
"#,
    );
}

#[test]
fn what_takes_the_place_of_indentation_is_named_once() {
    check(
        "a:\n  b: 1\n\u{a0} c: 2\n  d: 3\n",
        "\u{a0} c: 2\n^^ yaml-syntax: this line begins with U+00A0, a no-break space, which is a letter to YAML and does not \
         indent\nsafe fix: write spaces",
    );
    check(
        "a: [\n  1\n]\n",
        r#"
]
^ yaml-syntax: `]` is not indented deeper than the key that its list or mapping belongs to
a: [
   - it closes this
help: indent it by two spaces, or put it at the end of the line before
safe fix: indent it
"#,
    );
    check(
        "a:\n  b: |\n  Text.\n  {% if c %}\n\n  * d: e\n  Note: f: g\nh: no\n",
        r#"
  Text.
  ^^^^^ yaml-syntax: this text is not indented deeper than the key that it belongs to
  b: |
     - the text of this key, as it seems
help: indent all of the text below its key, by two spaces more than the key
h: no
   ^^ ambiguous-scalar: `no` does not mean the same to every reader (text here, but YAML 1.1 reads it as true or false)
help: write `"no"`, or `false` if that is meant
safe fix: write it as text: `"no"`
"#,
    );
}

#[test]
fn what_a_block_of_text_takes_for_itself() {
    check(
        "a: >\n  folded\n text\nb: 1\n",
        r#"
 text
 ^^^^ yaml-syntax: this line is indented less than the first line of the text that it goes on with
  folded
  ------ the first line says how deep all lines are
help: indent the first line as the others; where it is to begin with blanks, say the indentation: `|2`
"#,
    );
    check(
        "a: |\n\ttab\nb: no\n",
        r#"
\ttab
^ yaml-syntax: a tab cannot indent (here, and perhaps further down)
help: indent with spaces
b: no
   ^^ ambiguous-scalar: `no` does not mean the same to every reader (text here, but YAML 1.1 reads it as true or false)
help: write `"no"`, or `false` if that is meant
safe fix: write it as text: `"no"`
"#,
    );
    check(
        "a:\n  one\n  two: no\n",
        r#"
  one
  ^^^ yaml-syntax: a key is expected here, and a `: ` behind it
help: write `key: value`; text that goes on from the line above is indented deeper
  two: no
       ^^ ambiguous-scalar: `no` does not mean the same to every reader (text here, but YAML 1.1 reads it as true or false)
help: write `"no"`, or `false` if that is meant
safe fix: write it as text: `"no"`
"#,
    );
}

/// The fixes of all problems, applied.
fn fixed(text: &str) -> String {
    let source = SourceFile::new("t.yaml", text);
    let mut edits: Vec<_> =
        parse(&source).problems.into_iter().filter_map(|problem| problem.fix).flat_map(|fix| fix.edits).collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span));
    edits.iter().fold(text.to_owned(), |mut text, edit| {
        text.replace_range(edit.span.range(), &edit.replacement);
        text
    })
}

#[test]
fn a_fix_leaves_nothing_to_fix() {
    for (text, expected) in [
        ("a: no # why\nb: [~, True]\n", "a: \"no\" # why\nb: [null, true]\n"),
        ("\u{feff}a: 1\r\nb: 2\r\n", "a: 1\nb: 2\n"),
        ("owners: @acme/team # who\n", "owners: \"@acme/team\" # who\n"),
        ("title: fix: it\n", "title: \"fix: it\"\n"),
        ("a: 1\nb: 2\na: 1\n", "a: 1\nb: 2\n"),
        ("12: a\n", "\"12\": a\n"),
    ] {
        assert_eq!(fixed(text), expected);
        assert!(parse(&SourceFile::new("t.yaml", expected)).problems.is_empty(), "{expected}");
    }
}

#[test]
fn what_is_wrong_with_a_value_is_known_to_who_reads_on() {
    let source = SourceFile::new("t.yaml", "a: no\nb: *x\nc: @d\ne: \"open\nf: !t 1\ng: 1\n");
    let parsed = parse(&source);
    assert!(!parsed.complete);
    let flagged: Vec<_> =
        parsed.root.as_ref().unwrap().as_map().unwrap().iter().map(|entry| entry.value.flagged).collect();
    assert_eq!(flagged, [true, true, true, true, true, false]);
    let source =
        SourceFile::new("t.yaml", "a:\n  b 1\n  c: 2\nd:\n  <<: {}\ne: {f: 1, 2: 3}\ng:\n  h: 1\n  i\nj: {k: 1}\n");
    let root = parse(&source).root.unwrap();
    assert!(!root.flagged, "what lacks nothing itself");
    let flagged: Vec<_> = root.as_map().unwrap().iter().map(|entry| entry.value.flagged).collect();
    assert_eq!(flagged, [true, true, true, true, false]);
    assert!(parse(&SourceFile::new("t.yaml", "a: no\n")).complete, "what is ambiguous was read all the same");
    assert!(parse(&SourceFile::new("t.yaml", "")).complete);
}

#[test]
fn what_is_no_utf8_is_placed_in_what_is_shown_of_it() {
    let (source, parsed) = parse_bytes("t.yaml", b"a: \xc3\xa9 \xff\nb: no\n".to_vec());
    assert_eq!(parsed.problems.len(), 1);
    assert_eq!(parsed.problems[0].kind, ProblemKind::NotUtf8 { offset: 6 });
    assert_eq!(source.slice(parsed.problems[0].span), "\u{fffd}");
    assert!(parsed.root.is_none() && !parsed.complete);
}

#[test]
fn a_file_at_the_bound_is_read_and_one_beyond_it_is_not() {
    let text = format!("a: {}\n", "x".repeat(MAX_FILE_BYTES - 4));
    assert!(parse_bytes("t.yaml", text.clone().into_bytes()).1.problems.is_empty());
    let (_, parsed) = parse_bytes("t.yaml", format!("{text}\n").into_bytes());
    assert_eq!(parsed.problems[0].kind, ProblemKind::FileTooLarge { bytes: MAX_FILE_BYTES + 1 });
}

#[test]
fn comments_are_kept_with_their_places() {
    let source = SourceFile::new(
        "t.yaml",
        "# one\na: [1, # two\n  2]  # three\nb: 'x # y' #four\nc: |  # five\n  # text\n# six\n",
    );
    let parsed = parse(&source);
    assert_eq!(parsed.problems, []);
    let comments: Vec<_> = parsed.comments.iter().map(|comment| (source.slice(comment.span), &*comment.text)).collect();
    let expected = ["# one", "# two", "# three", "#four", "# five", "# six"].map(|comment| (comment, &comment[1..]));
    assert_eq!(comments, expected);
}

#[test]
fn a_place_that_is_missing_is_labelled_at_what_lacks_it() {
    let source = SourceFile::new("t.yaml", "a:\n  b: [x, {c: 1}]\nd: {e: 2}\nl:\n  - k: 1\n");
    let root = parse(&source).root.unwrap();
    let place = |path: &str| {
        let place = root.locate(path);
        (place.exact, source.slice(place.head), source.slice(place.value_span))
    };
    assert_eq!(place("a.b[1].c"), (true, "c", "1"));
    assert_eq!(place("a.b[0]"), (true, "x", "x"));
    assert_eq!(place("d.f"), (false, "d", "{e: 2}"));
    assert_eq!(place("d.e.f.g"), (false, "e", "2"));
    assert_eq!(place("a.b[7]"), (false, "b", "[x, {c: 1}]"));
    assert_eq!(place("l[0].z"), (false, "k", "k: 1"));
    assert_eq!(place("z"), (false, "a", source.text().trim_end()));
    assert_eq!(place("no path!"), (false, "a", source.text().trim_end()));
    assert_eq!(root.at("l[0].k").and_then(|found| found.value.as_int()), Some(1));
    let pointer = crate::Path::from_json_pointer("/a/b/1/c").unwrap();
    assert_eq!(root.at(&pointer).unwrap().key.map(|key| source.slice(key)), Some("c"));
}

#[test]
fn a_finding_says_what_the_problem_says() {
    let source = SourceFile::new("t.yaml", "a: 1\na: 1\n");
    let finding = parse(&source).problems[0].to_finding(&source);
    assert_eq!((finding.rule.as_ref(), finding.message.as_str()), ("duplicate-key", "`a` is set twice"));
    assert_eq!(source.slice(finding.primary.span), "a");
    assert_eq!(finding.secondary.len(), 1);
    assert!(finding.fix.is_some());
}

#[test]
fn nodes_are_small() {
    assert!(std::mem::size_of::<Node>() <= 48 && std::mem::size_of::<Entry>() <= 88);
}

#[test]
fn a_text_that_the_file_ends_in_needs_its_line_feed() {
    check(
        "a: |\n  x",
        r#"
a: |
   ^ line-endings: the file ends within this text, without a line feed (to some readers the text ends with a line feed, to others not)
help: end the file with a line feed, or begin the text with `|-` if it should have none
safe fix: end the file with a line feed
"#,
    );
    assert_eq!(fixed("a: >\n  x"), "a: >\n  x\n");
    check("a: |-\n  x", "");
    check("a: |", "");
    check("a: x", "");
}

#[test]
fn a_document_begins_on_a_line_of_its_own() {
    check(
        "--- a\nb: 1\n",
        r#"
--- a
    ^ yaml-syntax: nothing can stand behind `---`
help: begin the document on the next line
"#,
    );
    check("--- # why\nb: 1\n...\n# end\n", "");
}

#[test]
fn a_document_that_begins_without_a_key_is_read_from_its_first_key_on() {
    check(
        "\"x\"\na: no\n",
        r#"
"x"
^^^ yaml-syntax: a key is expected here, and a `: ` behind it
help: write `key: value`; text that goes on from the line above is indented deeper
a: no
   ^^ ambiguous-scalar: `no` does not mean the same to every reader (text here, but YAML 1.1 reads it as true or false)
help: write `"no"`, or `false` if that is meant
safe fix: write it as text: `"no"`
"#,
    );
}

#[test]
fn a_merge_that_nobody_finished_is_one_finding() {
    check(
        "a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> theirs\nc: no\n",
        r#"
<<<<<<< HEAD
^^^^^^^^^^^^ yaml-syntax: a merge was left unfinished here (our side begins, and is read)
=======
------- their side begins
>>>>>>> theirs
-------------- it ends
help: keep one of the two sides, or what is right of both, and delete the three marks
c: no
   ^^ ambiguous-scalar: `no` does not mean the same to every reader (text here, but YAML 1.1 reads it as true or false)
help: write `"no"`, or `false` if that is meant
safe fix: write it as text: `"no"`
"#,
    );
}

#[test]
fn a_quote_that_ends_lines_below_is_blamed_where_it_opens() {
    check(
        "a: [\"x]\nb: 1\nc: [\"y\"]\nd: no\n",
        r#"
a: ["x]
    ^ yaml-syntax: the quote `"` opened here is not closed
help: close it; a quote within the text is written twice in '…' and as `\"` in "…"
d: no
   ^^ ambiguous-scalar: `no` does not mean the same to every reader (text here, but YAML 1.1 reads it as true or false)
help: write `"no"`, or `false` if that is meant
safe fix: write it as text: `"no"`
"#,
    );
}
