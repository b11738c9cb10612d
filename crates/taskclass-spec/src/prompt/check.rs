//! Statements: which there are, and what they need.

use std::ops::Range;

use minijinja::machinery::ast::{self, Expr, Stmt};

use super::extent::extent;
use super::facts::{FilterUse, Role};
use super::place::{Place, PromptSource};
use super::problem::ProblemKind;
use super::scan::range;
use super::types::Type;
use super::walk::Walk;
use crate::InputName;

/// Checks one text. `'t` is the text's life, `'d` the declarations'.
pub(super) struct Checker<'w, 't, 'd> {
    pub(super) walk: &'w mut Walk<'d>,
    pub(super) source: &'t PromptSource,
    /// The variables of the open loops, outermost first.
    pub(super) loops: Vec<Binding<'t, 'd>>,
    /// The filters around the expression at hand, outermost first.
    pub(super) filters: Vec<FilterUse>,
    /// The height of the highest partial so far.
    height: usize,
}

/// A loop's variable.
pub(super) struct Binding<'t, 'd> {
    pub(super) name: &'t str,
    pub(super) ty: Type<'d>,
    pub(super) input: Option<InputName>,
    /// Whether `loop` is known: not in the loop's own condition.
    pub(super) in_body: bool,
}

impl<'w, 't, 'd> Checker<'w, 't, 'd> {
    pub(super) fn new(walk: &'w mut Walk<'d>, source: &'t PromptSource) -> Self {
        Self { walk, source, loops: Vec::new(), filters: Vec::new(), height: 0 }
    }

    pub(super) fn text(&self) -> &'t str {
        self.source.text()
    }

    pub(super) fn place(&self, range: Range<usize>) -> Place {
        self.source.place(range)
    }

    pub(super) fn place_of(&self, expr: &Expr<'_>) -> Place {
        self.place(extent(expr, self.text()))
    }

    pub(super) fn problem(&mut self, kind: ProblemKind, place: Place) {
        self.walk.problem(kind, place);
    }

    pub(super) fn refuse(&mut self, what: impl Into<String>, instead: &'static str, place: Place) {
        self.problem(ProblemKind::Refused { what: what.into(), instead }, place);
    }

    /// Checks statements; gives the height of the highest partial so far.
    pub(super) fn statements(&mut self, statements: &[Stmt<'t>]) -> usize {
        for statement in statements {
            if self.walk.is_over() {
                break;
            }
            self.statement(statement);
        }
        self.height
    }

    fn statement(&mut self, statement: &Stmt<'t>) {
        const NO_NAMES: &str = "write the value where it is used";
        const NO_MACROS: &str = "put repeated text into a partial";
        const NO_LAYOUT: &str = "draw partials in by `{% include \"partials/<name>.md\" %}`";
        match statement {
            Stmt::Template(template) => _ = self.statements(&template.children),
            Stmt::EmitRaw(raw) => self.raw(raw),
            Stmt::EmitExpr(emit) => self.emit(emit),
            Stmt::IfCond(cond) => {
                self.condition(&cond.expr);
                self.statements(&cond.true_body);
                self.statements(&cond.false_body);
            }
            Stmt::ForLoop(each) => self.each(each),
            Stmt::Include(include) => self.include(include),
            Stmt::Set(set) => self.refuse("`set`", NO_NAMES, self.keyword(set.span())),
            Stmt::SetBlock(set) => self.refuse("`set`", NO_NAMES, self.keyword(set.span())),
            Stmt::WithBlock(with) => self.refuse("`with`", NO_NAMES, self.keyword(with.span())),
            Stmt::Macro(declared) => self.refuse("`macro`", NO_MACROS, self.keyword(declared.span())),
            Stmt::CallBlock(call) => self.refuse("`call`", NO_MACROS, self.keyword(call.span())),
            Stmt::Do(call) => self.refuse("`do`", NO_MACROS, self.keyword(call.span())),
            Stmt::Import(import) => self.refuse("`import`", NO_LAYOUT, self.keyword(import.span())),
            Stmt::FromImport(import) => self.refuse("`from … import`", NO_LAYOUT, self.keyword(import.span())),
            Stmt::Extends(extends) => self.refuse("`extends`", NO_LAYOUT, self.keyword(extends.span())),
            Stmt::Block(block) => self.refuse("`block`", NO_LAYOUT, self.keyword(block.span())),
            Stmt::FilterBlock(block) => {
                let instead = "put the filter on the value: `{{ inputs.reason | fence }}`";
                self.refuse("`filter` block", instead, self.keyword(block.span()));
            }
            Stmt::AutoEscape(block) => {
                self.refuse("`autoescape`", "leave it out: nothing is escaped", self.keyword(block.span()));
            }
        }
    }

    /// The word that a statement begins with.
    fn keyword(&self, span: minijinja::machinery::Span) -> Place {
        let start = span.start_offset as usize;
        let rest = self.text().get(start..).unwrap_or_default();
        let length = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
        self.place(start..start + length)
    }

    fn raw(&mut self, raw: &ast::Spanned<ast::EmitRaw<'t>>) {
        // The span counts white space that `-` takes away; the text itself is a slice of the source.
        let start = (raw.raw.as_ptr() as usize).saturating_sub(self.text().as_ptr() as usize);
        self.walk.literal(self.source, start..start + raw.raw.len());
    }

    fn emit(&mut self, emit: &ast::Spanned<ast::EmitExpr<'t>>) {
        let tag = range(emit.span());
        // From `{{`, which may have a sign behind it that takes white space away, to the last word of the expression.
        let inner = self.text().get(tag.start + 2..tag.end).unwrap_or_default();
        let unsigned = inner.strip_prefix(['-', '+']).unwrap_or(inner);
        let start = tag.end - unsigned.trim_start().len();
        let expression = self.place(start..tag.end);
        let takes_filter = matches!(emit.expr, Expr::Var(_) | Expr::Const(_) | Expr::GetAttr(_) | Expr::Filter(_));
        let role = Role::Emitted { expression: expression.clone(), takes_filter };
        let ty = self.expression(&emit.expr, &role);
        if matches!(ty, Type::List(_) | Type::Mixed) {
            self.problem(ProblemKind::WrongType { expected: "text", found: ty.name() }, expression);
        }
    }

    pub(super) fn condition(&mut self, expr: &Expr<'t>) {
        // A filter around a choice between values is not around what decides it.
        let filters = std::mem::take(&mut self.filters);
        if self.expression(expr, &Role::Condition) == Type::Fenced {
            let kind = ProblemKind::WrongType { expected: "a condition", found: Type::Fenced.name() };
            self.problem(kind, self.place_of(expr));
        }
        self.filters = filters;
    }

    fn each(&mut self, each: &ast::Spanned<ast::ForLoop<'t>>) {
        let (ty, input) = self.iterated(&each.iter);
        if each.recursive {
            self.refuse("`recursive`", "a list's values have no parts", self.place(range(each.span())));
        }
        let Expr::Var(target) = &each.target else {
            self.refuse("loop over pairs", "name one variable", self.place_of(&each.target));
            return;
        };
        if matches!(target.id, "inputs" | "run") {
            let instead = "give the loop's variable another name";
            self.refuse(format!("variable `{}` of its own", target.id), instead, self.place(range(target.span())));
            return;
        }
        self.loops.push(Binding { name: target.id, ty, input, in_body: false });
        if let Some(filter) = &each.filter_expr {
            self.condition(filter);
        }
        if let Some(binding) = self.loops.last_mut() {
            binding.in_body = true;
        }
        self.statements(&each.body);
        self.loops.pop();
        self.statements(&each.else_body);
    }

    /// What a loop goes over: the type of its values, and the input.
    fn iterated(&mut self, iter: &Expr<'t>) -> (Type<'d>, Option<InputName>) {
        let is_input =
            matches!(iter, Expr::GetAttr(attr) if matches!(&attr.expr, Expr::Var(var) if var.id == "inputs"));
        if !is_input {
            self.refuse("loop over anything but a `list` input", "write `for x in inputs.<list>`", self.place_of(iter));
            return (Type::Unknown, None);
        }
        match self.expression(iter, &Role::Iterated) {
            Type::List(item) => {
                let input = self.walk.facts.inputs.last().map(|used| used.input.clone());
                (item.into(), input)
            }
            Type::Unknown => (Type::Unknown, None),
            other => {
                let kind = ProblemKind::WrongType { expected: "a list", found: other.name() };
                self.problem(kind, self.place_of(iter));
                (Type::Unknown, None)
            }
        }
    }

    fn include(&mut self, include: &ast::Spanned<ast::Include<'t>>) {
        let place = self.place_of(&include.name);
        let name = self.written_out(&include.name);
        if include.ignore_missing {
            self.refuse(
                "`ignore missing`",
                "leave it out: what is reviewed must be there",
                self.keyword(include.span()),
            );
        }
        match name {
            Ok(name) => self.height = self.height.max(self.walk.include(name, place)),
            Err(reason) => {
                self.problem(ProblemKind::BadInclude { name: place.text().to_owned(), reason }, place);
            }
        }
    }

    /// The name of what is included, as it stands in the text, or why it does not stand there. The engine joins texts that follow
    /// each other and reads escapes; whoever searches for a partial's name must find each place that draws it in.
    fn written_out(&self, name: &Expr<'t>) -> Result<&'t str, &'static str> {
        let Expr::Const(literal) = name else { return Err("its name is not written out") };
        let Some(value) = literal.value.as_str() else { return Err("its name is no text") };
        let text = self.text();
        let written = text.get(extent(name, text)).unwrap_or_default();
        let inner = ['"', '\''].into_iter().find_map(|quote| written.strip_prefix(quote)?.strip_suffix(quote));
        inner.filter(|inner| *inner == value).ok_or("its name is not one piece of text without escapes")
    }
}
