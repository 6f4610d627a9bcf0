resource "nhi_owner" "platform" {
  name        = "team-platform"
  accountable = ["alice@example.com"]
  backup      = ["bob@example.com"]
}

resource "nhi_identity" "deploy" {
  name     = "deploy"
  kind     = "microservice"
  owner    = nhi_owner.platform.name
  tier     = 2
  platform = "aws"
}

resource "nhi_exception" "bucket" {
  name     = "bucket"
  identity = nhi_identity.deploy.name
  reason   = "The old bucket is still read."
  owner    = nhi_owner.platform.name
  ticket   = "PLAT-1"

  permits = {
    rules = ["privilege-expansion"]
  }

  compensating_controls = ["Access to the bucket is logged."]

  expires_at = "2026-12-31T00:00:00Z"
}

data "nhi_exception" "bucket" {
  name = nhi_exception.bucket.name
}

output "standing" {
  value = data.nhi_exception.bucket.standing
}
