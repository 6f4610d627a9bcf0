//! When something was done, and where that is written down: a rotation, a test.

use jiff::Timestamp;

use crate::check::Check;
use crate::field::Field;
use crate::moment::Moment;
use crate::period::Period;
use crate::violation::AttributePath;

/// Something that was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occasion {
    /// When.
    pub at: Moment,
    /// Where it is written down: a ticket, a run, a version; never what is secret.
    pub reference: String,
}

/// Something that was done, on its way: values may be absent, unknown or wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OccasionDraft {
    /// See [`Occasion::at`].
    pub at: Field<String>,
    /// See [`Occasion::reference`].
    pub reference: Field<String>,
}

impl OccasionDraft {
    /// `Some(None)` when nobody says that it was ever done.
    #[expect(clippy::option_option, reason = "wrong or unknown, and absent, are different answers")]
    pub(crate) fn read(
        check: &mut Check,
        path: &AttributePath,
        draft: &Field<Self>,
    ) -> Option<Option<Occasion>> {
        let Some(draft) = check.optional(path, draft)? else { return Some(None) };
        let at = check.needed_moment(&path.attribute("at"), &draft.at);
        let reference = check.line(&path.attribute("reference"), &draft.reference);
        Some(Some(Occasion { at: at?, reference: reference? }))
    }

    /// When it has to be done again, as far as that is known.
    pub(crate) fn due(draft: &Field<Self>, period: &Field<String>) -> Option<Timestamp> {
        let at = Moment::parse(draft.known()?.at.known()?).ok()?;
        let period = Period::parse(period.known()?).ok()?;
        Moment::after(at.at(), &period).ok().map(|moment| moment.at())
    }
}
