//! What a user does with the provider, under every real client: one test a client, so that each says for itself whether
//! it passed or why it was skipped.

#[path = "clients/adoption.rs"]
mod adoption;
#[path = "clients/approvals.rs"]
mod approvals;
#[path = "clients/examples.rs"]
mod examples;
#[path = "clients/functions.rs"]
mod functions;
#[path = "clients/guides.rs"]
mod guides;
#[path = "clients/hcl.rs"]
mod hcl;
#[path = "clients/independent.rs"]
mod independent;
#[path = "clients/kinds.rs"]
mod kinds;
#[expect(
    unreachable_pub,
    dead_code,
    clippy::unwrap_used,
    reason = "the tests of the register share this file and use all of it, and a panic is how a test fails"
)]
#[path = "../src/postgres.rs"]
mod postgres;
#[path = "clients/quickstart.rs"]
mod quickstart;
#[path = "clients/register.rs"]
mod register;

use anyhow::Result;
use nhi_tests::client::{client, provider};
use nhi_tests::sandbox::Sandbox;

/// A scenario under one client of the list that `tests/run` leaves, if it is there.
fn play(scenario: fn(&Sandbox) -> Result<()>, title: &str, name: &str) -> Result<()> {
    let test = format!("{title} under {name}");
    let (provider, client) = (provider().or_skip(&test)?, client(name)?.or_skip(&test)?);
    match (provider, client) {
        (Some(provider), Some(client)) => scenario(&Sandbox::new(&client, &provider)?),
        _ => Ok(()),
    }
}

/// Declares one test for each client, in a module of the scenario's name.
macro_rules! under_every_client {
    ($($room:ident::$scenario:ident),* $(,)?) => {
        $(
            mod $scenario {
                under_every_client! { @ $room::$scenario:
                    terraform_on_path => "terraform",
                    terraform_1_8 => "terraform-1.8.4",
                    terraform_1_9 => "terraform-1.9.8",
                    terraform_1_10 => "terraform-1.10.5",
                    terraform_1_11 => "terraform-1.11.4",
                    terraform_1_12 => "terraform-1.12.2",
                    terraform_1_13 => "terraform-1.13.5",
                    terraform_1_14 => "terraform-1.14.9",
                    terraform_1_15 => "terraform-1.15.5",
                    opentofu_1_12 => "tofu-1.12.6",
                }
            }
        )*
    };
    // What takes long, and differs little between clients.
    (few: $room:ident::$scenario:ident) => {
        mod $scenario {
            under_every_client! { @ $room::$scenario:
                terraform_on_path => "terraform",
                terraform_1_15 => "terraform-1.15.5",
                opentofu_1_12 => "tofu-1.12.6",
            }
        }
    };
    // Queries came with Terraform 1.14, and OpenTofu has none.
    (queries: $room:ident::$scenario:ident) => {
        mod $scenario {
            under_every_client! { @ $room::$scenario:
                terraform_1_14 => "terraform-1.14.9",
                terraform_1_15 => "terraform-1.15.5",
            }
        }
    };
    (@ $room:ident::$scenario:ident: $($test:ident => $name:literal),* $(,)?) => {
        $(
            #[test]
            fn $test() {
                let title = concat!(stringify!($room), "::", stringify!($scenario));
                crate::play(crate::$room::$scenario, title, $name).unwrap();
            }
        )*
    };
}

under_every_client! {
    hcl::every_scenario,
    quickstart::from_init_to_destroy,
    functions::answer_alike_everywhere,
    functions::in_a_module,
    functions::as_the_pages_show_them,
}

under_every_client! { few: examples::of_every_resource }
under_every_client! { few: guides::as_they_are_written }
under_every_client! { few: kinds::of_every_example }
under_every_client! { few: kinds::of_the_schema }

mod adopted {
    under_every_client! { queries: adoption::of_every_resource }
}

under_every_client! { few: approvals::a_grant_appears_and_disappears }

under_every_client! { few: approvals::somebody_is_raised_while_a_run_lasts }

mod actions_do_what_they_say {
    under_every_client! { @ approvals::actions_do_what_they_say:
        terraform_1_14 => "terraform-1.14.9",
        terraform_1_15 => "terraform-1.15.5",
    }
}

mod driven_by_another_protocol_client {
    under_every_client! { @ independent::from_schema_to_shutdown:
        tofusoup => "tofusoup",
    }
}
