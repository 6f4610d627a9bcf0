//! A rule: data, and a function from what was compared to what is worth telling.

use nhi_analyzer_model::Severity;

use crate::context::Context;
use crate::draft::Draft;

/// One rule. It computes; how a finding is worded for a reader is the business of [`Draft`] and of `nhi-access`.
pub struct Rule {
    /// Its name in reports, and in the `permits` of an exception.
    pub id: &'static str,
    /// The heaviest severity it reports.
    pub severity: Severity,
    /// Its page, in Markdown.
    pub page: &'static str,
    /// What it has to tell.
    pub check: for<'a> fn(&'a Context<'a>) -> Vec<Draft<'a>>,
}

impl Rule {
    /// The first heading of its page.
    pub fn title(&self) -> &'static str {
        self.page.lines().next().unwrap_or(self.id).trim_start_matches(['#', ' '])
    }

    /// The first paragraph under the heading: what it does.
    pub fn summary(&self) -> String {
        let paragraph =
            self.page.lines().skip(1).skip_while(|line| line.trim().is_empty() || line.starts_with('#'));
        paragraph.take_while(|line| !line.trim().is_empty()).collect::<Vec<_>>().join(" ")
    }
}
