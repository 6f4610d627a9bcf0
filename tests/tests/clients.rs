//! What a user does with the provider, under every real client: one test a client, so that each says for itself whether
//! it passed or why it was skipped.

#[path = "clients/quickstart.rs"]
mod quickstart;

/// Declares one test for each client of the list that `tests/run` leaves.
macro_rules! under_every_client {
    ($scenario:path: $($test:ident => $name:literal),* $(,)?) => {
        $(
            #[test]
            fn $test() {
                let test = concat!(stringify!($scenario), " under ", $name);
                let provider = nhi_tests::client::provider().or_skip(test).unwrap();
                let client = nhi_tests::client::client($name).unwrap().or_skip(test).unwrap();
                if let (Some(provider), Some(client)) = (provider, client) {
                    let sandbox = nhi_tests::sandbox::Sandbox::new(&client, &provider).unwrap();
                    $scenario(&sandbox).unwrap();
                }
            }
        )*
    };
}

under_every_client! { quickstart::from_init_to_destroy:
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
