//! A class's prompt as the rules see it.

use taskclass_source::Files;

use crate::context::Document;
use crate::sections::Sections;
use crate::suppress::Suppression;

/// The prompt of one class.
pub(crate) struct ClassPrompt<'a> {
    files: &'a dyn Files,
}

impl<'a> ClassPrompt<'a> {
    pub(crate) fn new(_: &Document<'a>, _: &Sections<'a>, files: &'a dyn Files) -> Self {
        Self { files }
    }

    pub(crate) fn suppressions(&self, _: &mut Vec<Suppression>) {
        let _ = self.files;
    }
}
