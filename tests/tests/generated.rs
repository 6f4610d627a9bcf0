//! What is committed is what the generator would make, and the registry accepts it.

use nhi_tests::client::client;
use nhi_tests::generate::{Made, Stale, own, pages, registry, stale};
use nhi_tests::repository::root;

fn check(made: &Made) {
    let found = stale(&root(), made).map_err(|error| error.to_string());
    assert_eq!(found, Ok(Stale::default()), "renew them: cargo run -p nhi-tests --bin generate");
}

#[test]
fn every_text_of_our_own_making_is_fresh() {
    check(&own(&root()).unwrap());
}

#[test]
fn every_page_of_the_registry_is_fresh_and_valid() {
    let tool = client("tfplugindocs").unwrap().or_skip("the freshness of the registry's pages").unwrap();
    let Some(tool) = tool else { return };
    check(&pages(&root(), &tool.program).unwrap());
    registry::validate(&root(), &tool.program).unwrap();
}
