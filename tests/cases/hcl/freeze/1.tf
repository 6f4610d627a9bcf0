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

resource "nhi_freeze" "year_end" {
  name      = "year-end"
  starts_at = "2026-12-15T00:00:00Z"
  ends_at   = "2027-01-10T00:00:00Z"
  refuses   = ["static_credentials"]
  reason    = "Too few people are there."
  owner     = nhi_owner.platform.name

  scope = {
    tiers = [2]
  }
}
