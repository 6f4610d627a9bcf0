//! What a register promises, asked of each of its stores: a file, and a PostgreSQL server. A case is a function of a stand,
//! and both stores run every one.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a panic is how a test fails"
)]

mod approvals;
mod chain;
mod declarations;
mod finding;
mod governed;
#[expect(unreachable_pub, dead_code, reason = "the tests of the whole share this file and use all of it")]
#[path = "../../../tests/src/postgres.rs"]
mod postgres;
mod records;
mod sample;
mod server;
mod stand;
mod versions;
mod whole;
mod writers;

/// Runs each case against each store.
macro_rules! both {
    ($($room:ident::$case:ident)*) => {
        mod in_a_file {
            $(#[test]
            fn $case() {
                crate::$room::$case(&crate::stand::Stand::file());
            })*
        }

        mod on_a_server {
            $(#[test]
            fn $case() {
                if let Some(stand) = crate::stand::Stand::server(stringify!($case)) {
                    crate::$room::$case(&stand);
                }
            })*
        }
    };
}

both! {
    declarations::everything_is_kept_as_declared_and_written_down
    declarations::only_what_an_interrupted_run_left_is_adopted
    declarations::a_look_from_elsewhere_confirms_nothing
    declarations::an_adopted_exception_keeps_its_first_end
    declarations::a_declaration_belongs_to_its_workspace
    declarations::rules_are_asked_where_the_others_are
    declarations::what_others_name_is_not_removed_under_them
    declarations::what_a_scope_names_is_not_removed_under_it
    declarations::a_manifest_comes_with_its_identities
    declarations::names_of_workspaces_and_organisations_are_names
    declarations::organisations_are_apart
    declarations::a_reader_changes_nothing
    versions::a_stale_write_names_who_changed_what_when
    versions::a_version_is_what_wrote_the_body
    versions::an_update_that_changes_nothing_writes_nothing
    versions::several_writes_stand_or_fall_together
    versions::what_a_manifest_keeps_is_changed_through_it
    chain::tampering_is_found_and_placed
    chain::a_chain_is_read_in_pages
    chain::a_damaged_declaration_is_told_by_name
    whole::what_is_put_back_is_what_was_there
    whole::nothing_is_written_over_and_nothing_false_is_kept
    whole::what_is_put_back_takes_the_place_of_what_was_there
    whole::what_cannot_be_read_or_is_not_there_is_told
    finding::every_filter_finds_what_a_look_at_each_finds
    finding::pages_follow_each_other
    finding::what_can_be_filtered_by_follows_an_update
    finding::names_come_in_the_order_of_their_bytes
    governed::what_names_a_revoked_identity_ends_with_it
    governed::a_crossing_is_found_by_all_it_names
    governed::standings_are_those_of_each
    records::records_are_written_down_and_found
    records::an_edited_record_is_found
    writers::one_of_many_gets_a_name
    writers::one_of_two_workspaces_gets_a_principal
}
