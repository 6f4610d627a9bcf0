//! Can a request of a region be made at all, as far as the catalogue of actions knows? It ranks findings and decides none.

use crate::comparison::Region;
use crate::dialect::aws::catalogue;
use crate::request::Dimension;
use crate::space::glob::{Pattern, Patterns};
use crate::space::oracle;

/// Whether a catalogued action goes with a resource that the region takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Realizable {
    /// Its actions are catalogued and none of them takes a resource of the region.
    Never,
    /// None of its actions is catalogued: new ones come every week.
    Uncatalogued,
    /// There is such an action.
    Today,
}

/// Looks for a catalogued action that fits the region.
pub fn realizable(region: &Region) -> Realizable {
    let of = |name: &str| region.set.dimensions.iter().find(|dimension| dimension.name == name);
    let (Some(actions), resources) = (of("action"), of("resource")) else { return Realizable::Today };
    let within: Vec<Pattern> = patterns(&actions.within, str::to_lowercase);
    let without: Vec<Pattern> = patterns(&actions.without, str::to_lowercase);
    if within.is_empty() || within.iter().any(Pattern::is_all) {
        return Realizable::Today;
    }
    let mut best = Realizable::Uncatalogued;
    for (pattern, text) in within.iter().zip(&actions.within) {
        let service = text.split(':').next().unwrap_or_default().to_lowercase();
        let candidates: Box<dyn Iterator<Item = catalogue::Action>> = if service.contains(['*', '?']) {
            Box::new(catalogue::actions())
        } else {
            Box::new(catalogue::actions_of(&service).collect::<Vec<_>>().into_iter())
        };
        for action in candidates {
            let name = action.text().to_lowercase();
            if !pattern.matches(&name) || without.iter().any(|pattern| pattern.matches(&name)) {
                continue;
            }
            if fits(&action, resources) {
                return Realizable::Today;
            }
            best = Realizable::Never;
        }
    }
    best
}

fn patterns(texts: &[String], fold: fn(&str) -> String) -> Vec<Pattern> {
    texts.iter().map(|text| Pattern::glob(&fold(text))).collect()
}

/// May the action be asked for on one of these resources?
fn fits(action: &catalogue::Action, resources: Option<&Dimension>) -> bool {
    let Some(resources) = resources else { return true };
    let within = if resources.within.is_empty() { vec!["*".to_owned()] } else { resources.within.clone() };
    if action.is_wildcard_only() {
        return within.iter().any(|text| text == "*") && !resources.without.iter().any(|text| text == "*");
    }
    let kinds = Patterns::new(action.resources().map(|glob| Pattern::glob(&glob)));
    let within = Patterns::new(patterns(&within, str::to_owned));
    let without = Patterns::new(patterns(&resources.without, str::to_owned));
    // A question given up is no reason to rank a region low.
    !matches!(oracle::text(&[&within, &kinds], &[&without]), Ok(None))
}
