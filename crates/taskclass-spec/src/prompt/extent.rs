//! From where to where an expression stands in the text.
//!
//! The parser's spans end right, but not all begin right: a chain of attributes begins at its last dot, a filter at its name,
//! a comparison at the sign before it. So the beginning is sought at the leftmost part.

use std::ops::Range;

use minijinja::machinery::ast::Expr;

/// The bytes of `expr` in `text`.
pub(super) fn extent(expr: &Expr<'_>, text: &str) -> Range<usize> {
    let span = expr.span();
    let end = span.end_offset as usize;
    start(expr, text).min(end)..end
}

fn start(expr: &Expr<'_>, text: &str) -> usize {
    let own = expr.span().start_offset as usize;
    match expr {
        Expr::Var(_) | Expr::Const(_) | Expr::List(_) | Expr::Tuple(_) | Expr::Map(_) => own,
        Expr::Slice(slice) => start(&slice.expr, text),
        Expr::BinOp(op) => start(&op.left, text),
        Expr::Compare(compare) => start(&compare.expr, text),
        Expr::IfExpr(either) => start(&either.true_expr, text),
        Expr::Filter(filter) => filter.expr.as_ref().map_or(own, |expr| start(expr, text)),
        Expr::Test(test) => start(&test.expr, text),
        Expr::GetAttr(attr) => start(&attr.expr, text),
        Expr::GetItem(item) => start(&item.expr, text),
        Expr::Call(call) => start(&call.expr, text),
        // `not x` begins with its sign, but `x not in y` and `x is not y` are the same node.
        Expr::UnaryOp(op) => {
            let sign = text.get(own..).is_some_and(|rest| rest.starts_with("not") || rest.starts_with('-'));
            if sign { own } else { start(&op.expr, text) }
        }
    }
}
