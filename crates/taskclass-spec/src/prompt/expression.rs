//! Expressions: every name is known, every type fits, whichever branch it stands in.

use minijinja::machinery::ast::{self, BinOpKind, CallArg, CompareOpKind, Expr, UnaryOpKind};
use minijinja::value::ValueKind;

use super::check::Checker;
use super::extent::extent;
use super::facts::{FilterUse, InputUse, Role, RunUse};
use super::filters::FILTERS;
use super::problem::ProblemKind;
use super::scan::range;
use super::types::{LOOP_FIELDS, RUN_FIELDS, Type};
use super::words::near;
use crate::InputName;

const NO_ARITHMETIC: &str = "let the caller give the number, or write it out";
const NO_JOINING: &str = "write the pieces next to each other: `{{ inputs.a }}{{ inputs.b }}`";

impl<'t, 'd> Checker<'_, 't, 'd> {
    /// Checks an expression that is used for `role`; gives its type.
    pub(super) fn expression(&mut self, expr: &Expr<'t>, role: &Role) -> Type<'d> {
        match expr {
            Expr::Var(var) => self.variable(var, role),
            Expr::Const(literal) => self.literal(literal),
            Expr::GetAttr(attr) => self.attribute(attr, role),
            Expr::Filter(filter) => self.filter(filter, role),
            Expr::IfExpr(either) => self.either(either, role),
            Expr::BinOp(op) => self.operation(op, role),
            Expr::UnaryOp(op) => match op.op {
                UnaryOpKind::Not => {
                    self.condition(&op.expr);
                    Type::Boolean
                }
                UnaryOpKind::Neg if matches!(&op.expr, Expr::Const(literal) if literal.value.kind() == ValueKind::Number) => {
                    self.expression(&op.expr, role)
                }
                UnaryOpKind::Neg => self.unusable("arithmetic", NO_ARITHMETIC, expr),
            },
            Expr::Compare(compare) => {
                let mut left = &compare.expr;
                for op in &compare.ops {
                    let kind = match op.op {
                        CompareOpKind::Eq | CompareOpKind::Ne => Comparison::Equal,
                        CompareOpKind::In | CompareOpKind::NotIn => Comparison::In,
                        _ => Comparison::Order,
                    };
                    self.compare(left, &op.expr, kind);
                    left = &op.expr;
                }
                Type::Boolean
            }
            Expr::Test(_) => {
                let instead = "every input has a value; to ask whether it is empty, write `{% if inputs.reason %}`";
                self.unusable("test (`is …`)", instead, expr)
            }
            Expr::Call(_) => self.unusable("call of a function or method", "use a filter: `inputs.name | upper`", expr),
            Expr::GetItem(_) | Expr::Slice(_) => {
                self.unusable("subscript", "write `inputs.package`; a list's values come through `for` or `join`", expr)
            }
            Expr::List(_) | Expr::Tuple(_) => {
                self.unusable("list of its own", "a list may stand behind `in`: `x in [\"a\", \"b\"]`", expr)
            }
            Expr::Map(_) => self.unusable("mapping", "use `if` and `elif`", expr),
        }
    }

    fn unusable(&mut self, what: &str, instead: &'static str, expr: &Expr<'_>) -> Type<'d> {
        self.refuse(what, instead, self.place_of(expr));
        Type::Unknown
    }

    fn literal(&mut self, literal: &ast::Spanned<ast::Const>) -> Type<'d> {
        match literal.value.kind() {
            ValueKind::String => Type::Text,
            ValueKind::Bool => Type::Boolean,
            ValueKind::Number if literal.value.is_integer() => Type::Integer,
            _ => {
                let place = self.place(range(literal.span()));
                self.refuse(format!("value {}", place.text()), "use text, a whole number, true or false", place);
                Type::Unknown
            }
        }
    }

    fn variable(&mut self, var: &ast::Spanned<ast::Var<'t>>, role: &Role) -> Type<'d> {
        let place = self.place(range(var.span()));
        if let Some(binding) = self.loops.iter().rev().find(|binding| binding.name == var.id) {
            let (ty, input) = (binding.ty, binding.input.clone());
            if let Some(input) = input {
                self.used(input, place, true, role);
            }
            return ty;
        }
        let known = |name: &str| self.walk.declared.keys().any(|declared| declared.as_str() == name);
        match var.id {
            "inputs" | "run" => self.refuse(format!("`{}` as a whole", var.id), "name one of its fields", place),
            "loop" if self.loops.iter().any(|binding| binding.in_body) => {
                self.refuse("`loop` as a whole", "name one of its fields: `loop.index`", place);
            }
            name => {
                let suggestion = if known(name) {
                    Some(format!("inputs.{name}"))
                } else {
                    let names = self.loops.iter().map(|binding| binding.name).chain(["inputs", "run"]);
                    near(name, names).map(str::to_owned)
                };
                self.problem(ProblemKind::UnknownName { name: name.to_owned(), suggestion }, place);
            }
        }
        Type::Unknown
    }

    fn attribute(&mut self, attr: &ast::Spanned<ast::GetAttr<'t>>, role: &Role) -> Type<'d> {
        let end = range(attr.span()).end;
        let name = end - attr.name.len()..end;
        if let Expr::Var(root) = &attr.expr
            && !self.loops.iter().any(|binding| binding.name == root.id)
        {
            let whole = self.place(range(root.span()).start..end);
            match root.id {
                "inputs" => return self.input(attr.name, whole, self.place(name), role),
                "run" => {
                    let Some(field) = RUN_FIELDS.into_iter().find(|field| *field == attr.name) else {
                        return self.unknown_field("run", attr.name, RUN_FIELDS.to_vec(), name);
                    };
                    self.walk.facts.run.push(RunUse { field, place: whole });
                    return if field == "version" { Type::Integer } else { Type::Text };
                }
                "loop" if self.loops.iter().any(|binding| binding.in_body) => {
                    return match LOOP_FIELDS.into_iter().find(|(field, _)| *field == attr.name) {
                        Some((_, true)) => Type::Integer,
                        Some((_, false)) => Type::Boolean,
                        None => {
                            self.unknown_field("loop", attr.name, LOOP_FIELDS.map(|(field, _)| field).to_vec(), name)
                        }
                    };
                }
                _ => {}
            }
        }
        if self.expression(&attr.expr, role) != Type::Unknown {
            self.refuse(
                format!("field `.{}` of a value", attr.name),
                "an input's value has no fields",
                self.place(name),
            );
        }
        Type::Unknown
    }

    fn unknown_field(
        &mut self,
        of: &'static str,
        name: &str,
        known: Vec<&'static str>,
        place: std::ops::Range<usize>,
    ) -> Type<'d> {
        let suggestion = near(name, known.iter().copied());
        self.problem(ProblemKind::UnknownField { of, name: name.to_owned(), suggestion, known }, self.place(place));
        Type::Unknown
    }

    fn input(&mut self, name: &str, whole: super::Place, just_name: super::Place, role: &Role) -> Type<'d> {
        let declared = self.walk.declared;
        if let Some((known, input)) = declared.iter().find(|(known, _)| known.as_str() == name) {
            self.used(known.clone(), whole, false, role);
            return Type::of(known, input);
        }
        let suggestion = near(name, declared.keys().map(InputName::as_str)).and_then(|name| name.parse().ok());
        self.problem(ProblemKind::UndefinedInput { name: name.to_owned(), suggestion }, just_name);
        Type::Unknown
    }

    fn used(&mut self, input: InputName, place: super::Place, item: bool, role: &Role) {
        let filters = self.filters.iter().rev().cloned().collect();
        let through = self.walk.through();
        self.walk.facts.inputs.push(InputUse { input, place, item, filters, role: role.clone(), through });
    }

    fn filter(&mut self, applied: &ast::Spanned<ast::Filter<'t>>, role: &Role) -> Type<'d> {
        let start = range(applied.span()).start;
        let name = self.place(start..start + applied.name.len());
        let Some(inner) = &applied.expr else { return Type::Unknown };
        let Some(filter) = FILTERS.iter().find(|filter| filter.name == applied.name) else {
            let suggestion = near(applied.name, FILTERS.iter().map(|filter| filter.name));
            let suggestion = FILTERS.iter().map(|filter| filter.name).find(|known| Some(*known) == suggestion);
            self.problem(ProblemKind::UnknownFilter { name: applied.name.to_owned(), suggestion }, name);
            self.expression(inner, role);
            return Type::Unknown;
        };
        let literals: Option<Vec<_>> = applied.args.iter().map(literal_argument).collect();
        if !literals.is_some_and(|literals| filter.fits(&literals)) {
            let place = self.place(range(applied.span()));
            self.problem(ProblemKind::BadArgument { filter: filter.name, usage: filter.usage }, place);
        }
        self.filters.push(FilterUse { name: filter.name, place: name });
        let ty = self.expression(inner, role);
        self.filters.pop();
        if !filter.accepts(ty) {
            let kind = ProblemKind::WrongType { expected: filter.expects(), found: ty.name() };
            self.problem(kind, self.place_of(inner));
            return Type::Unknown;
        }
        filter.result()
    }

    fn either(&mut self, either: &ast::Spanned<ast::IfExpr<'t>>, role: &Role) -> Type<'d> {
        self.condition(&either.test_expr);
        let first = self.expression(&either.true_expr, role);
        let Some(second) = &either.false_expr else {
            let start = extent(&either.true_expr, self.text()).start;
            let place = self.place(start..range(either.span()).end);
            self.refuse("`… if …` without `else`", "say what else: `… if … else \"\"`", place);
            return Type::Unknown;
        };
        first.either(self.expression(second, role))
    }

    fn operation(&mut self, op: &ast::Spanned<ast::BinOp<'t>>, role: &Role) -> Type<'d> {
        let comparison = match op.op {
            BinOpKind::ScAnd | BinOpKind::ScOr => {
                let left = self.expression(&op.left, role);
                return left.either(self.expression(&op.right, role));
            }
            BinOpKind::Eq | BinOpKind::Ne => Comparison::Equal,
            BinOpKind::Lt | BinOpKind::Lte | BinOpKind::Gt | BinOpKind::Gte => Comparison::Order,
            BinOpKind::In => Comparison::In,
            BinOpKind::Concat | BinOpKind::Add | BinOpKind::Sub | BinOpKind::Mul | BinOpKind::Div => {
                return self.arithmetic(op);
            }
            BinOpKind::FloorDiv | BinOpKind::Rem | BinOpKind::Pow => return self.arithmetic(op),
        };
        self.compare(&op.left, &op.right, comparison);
        Type::Boolean
    }

    fn arithmetic(&mut self, op: &ast::Spanned<ast::BinOp<'t>>) -> Type<'d> {
        let place = self.place(extent(&op.left, self.text()).start..range(op.span()).end);
        let text = |expr: &Expr<'_>| matches!(expr, Expr::Const(literal) if literal.value.kind() == ValueKind::String);
        let (what, instead) = match op.op {
            BinOpKind::Concat => ("joining with `~`", NO_JOINING),
            BinOpKind::Add if text(&op.left) || text(&op.right) => ("joining with `+`", NO_JOINING),
            BinOpKind::Mul if text(&op.left) || text(&op.right) => ("repetition of text", "write it out"),
            _ => ("arithmetic", NO_ARITHMETIC),
        };
        self.refuse(what, instead, place);
        // What stands in it is looked at all the same, for its names; what it is used for, nobody can say.
        self.condition(&op.left);
        self.condition(&op.right);
        Type::Unknown
    }

    fn compare(&mut self, left: &Expr<'t>, right: &Expr<'t>, comparison: Comparison) {
        let filters = std::mem::take(&mut self.filters);
        let left_type = self.expression(left, &Role::Condition);
        let items = match (comparison, right) {
            (Comparison::In, Expr::List(list)) => Some(&list.items),
            (Comparison::In, Expr::Tuple(tuple)) => Some(&tuple.items),
            _ => None,
        };
        if let Some(items) = items {
            for item in items {
                let ty = self.expression(item, &Role::Condition);
                self.alike((left_type, left), (ty, item));
            }
        } else {
            let right_type = self.expression(right, &Role::Condition);
            match (comparison, left_type, right_type) {
                (Comparison::Equal, ..) => self.alike((left_type, left), (right_type, right)),
                (_, Type::Unknown, _) | (_, _, Type::Unknown) => {}
                (Comparison::In, _, Type::List(item)) => self.alike((left_type, left), (item.into(), right)),
                (Comparison::In, a, b) if a.is_text() && b.is_text() => {}
                (Comparison::In, _, other) => self.wrong("a list, or text behind text,", other, right),
                (Comparison::Order, Type::Integer, Type::Integer) => {}
                (Comparison::Order, Type::Integer, other) => self.wrong("a whole number", other, right),
                (Comparison::Order, other, _) => self.wrong("a whole number", other, left),
            }
        }
        self.filters = filters;
    }

    fn wrong(&mut self, expected: &'static str, found: Type<'d>, expr: &Expr<'_>) {
        self.problem(ProblemKind::WrongType { expected, found: found.name() }, self.place_of(expr));
    }

    /// Two values that are compared are of one type, and a choice with one of its texts.
    fn alike(&mut self, (left, left_expr): (Type<'d>, &Expr<'_>), (right, right_expr): (Type<'d>, &Expr<'_>)) {
        match (left, right) {
            (Type::Unknown, _) | (_, Type::Unknown) => {}
            (Type::Choice { input, values }, Type::Text) => self.chosen(input, values, right_expr),
            (Type::Text, Type::Choice { input, values }) => self.chosen(input, values, left_expr),
            (a, b) if a.is_text() && b.is_text() => {}
            (Type::Integer, Type::Integer) | (Type::Boolean, Type::Boolean) => {}
            (a, b) => self.wrong(a.name(), b, right_expr),
        }
    }

    fn chosen(&mut self, input: &InputName, values: &[String], literal: &Expr<'_>) {
        let Expr::Const(text) = literal else { return };
        let Some(value) = text.value.as_str().filter(|value| !values.iter().any(|known| known == value)) else {
            return;
        };
        let suggestion = near(value, values.iter().map(String::as_str)).map(str::to_owned);
        let kind = ProblemKind::NotAChoice { input: input.clone(), value: value.to_owned(), suggestion };
        self.problem(kind, self.place_of(literal));
    }
}

#[derive(Clone, Copy)]
enum Comparison {
    Equal,
    Order,
    In,
}

fn literal_argument<'a>(argument: &'a CallArg<'_>) -> Option<&'a minijinja::Value> {
    match argument {
        CallArg::Pos(Expr::Const(literal)) => Some(&literal.value),
        _ => None,
    }
}
