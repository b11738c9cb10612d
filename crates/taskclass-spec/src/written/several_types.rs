//! A schema of several types in the place of `anyOf`.

/// A schema of several types instead of `anyOf`: its errors name the type, and each keyword looks at its own type only.
macro_rules! several_types {
    ($name:ident, $($schema:tt)+) => {
        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!($($schema)+)
            }
        }
    };
}
pub(super) use several_types;
