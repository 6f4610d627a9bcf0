terraform {
  required_providers {
    nhi = {
      source = "nhi/nhi"
    }
  }
}

provider "nhi" {
  workspace = "platform"
}

resource "nhi_owner" "platform" {
  name        = "team-platform"
  accountable = ["alice@example.com"]
  backup      = ["bob@example.com"]
}

resource "nhi_identity" "deploy" {
  name        = "checkout-deploy"
  kind        = "ci_runner"
  owner       = nhi_owner.platform.name
  purpose     = "Deploys the checkout service."
  environment = "staging"
  tier        = 2
  platform    = "aws"
  principal   = "arn:aws:iam::111122223333:role/checkout-deploy"
}

# The mirror knows passwords alone. This says whose it is, how it is kept, and that it goes; the password stands nowhere here.
resource "nhi_credential" "mirror" {
  name            = "checkout-mirror-password"
  identity        = nhi_identity.deploy.name
  kind            = "password"
  why             = "The artifact mirror offers no federation until its next release."
  owner           = nhi_owner.platform.name
  location        = "vault: kv/ci/checkout/mirror"
  rotation_period = "30d"

  last_rotation = {
    at        = "2026-11-02T09:30:00+01:00"
    reference = "PLAT-1411"
  }

  valid_for = "180d"
}
