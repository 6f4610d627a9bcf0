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

resource "nhi_identity" "checkout" {
  name        = "checkout"
  kind        = "inference_service"
  owner       = nhi_owner.platform.name
  purpose     = "Scores orders for fraud."
  environment = "staging"
  tier        = 2
  platform    = "aws"
  principal   = "arn:aws:iam::111122223333:role/checkout"
}

# What is not as it should be yet, why, and until when.
resource "nhi_exception" "legacy_bucket" {
  name     = "checkout-legacy-bucket"
  identity = nhi_identity.checkout.name
  reason   = "The fraud model still reads the old bucket until its migration."
  owner    = nhi_owner.platform.name
  ticket   = "PLAT-1204"

  permits = {
    rules     = ["privilege-expansion"]
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::acme-legacy/*"]
  }

  compensating_controls = ["Access to the bucket is logged and reviewed weekly."]
  valid_for             = "60d"
}
