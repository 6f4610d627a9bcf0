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

  expires_at = "2026-12-01T00:00:00Z"
}

data "nhi_exceptions" "of_deploy" {
  identity   = nhi_identity.deploy.name
  depends_on = [nhi_exception.bucket]
}

output "active" {
  value = { for item in data.nhi_exceptions.of_deploy.items : item.name => item.active }
}
