//! The rules, one file each. A rule is added by its file and one line here; everything else is made from the list.

use crate::rule::Rule;

/// Declares each module and puts its rule into the catalogue.
macro_rules! rules {
    ($($module:ident,)+) => {
        $(mod $module;)+
        static CATALOGUE: &[&Rule] = &[$(&$module::RULE),+];
    };
}

rules! {
    yaml_syntax,
    duplicate_key,
    yaml_alias,
    yaml_tag,
    ambiguous_scalar,
    multiple_documents,
    not_utf8,
    line_endings,
    file_too_large,
    unreadable_file,
    unknown_field,
    missing_field,
    wrong_type,
    invalid_value,
    out_of_range,
    float_value,
    unsupported_schema,
    lowered_rule,
    unknown_rule,
    suppression_without_reason,
    unused_suppression,
    suppressed_security_rule,
}

/// Every rule, family by family.
pub fn catalogue() -> &'static [&'static Rule] {
    CATALOGUE
}

/// The rule of that name.
pub fn find(name: &str) -> Option<&'static Rule> {
    CATALOGUE.iter().copied().find(|rule| rule.name == name)
}
