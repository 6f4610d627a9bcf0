resource "nhi_owner" "security" {
  name        = "team-security"
  accountable = ["carol@example.com"]
  backup      = ["dave@example.com"]
}

# What reaches production is looked at every quarter, and again after what changes everything.
resource "nhi_review" "production" {
  name        = "production-quarterly"
  description = "Every identity that reaches production is still needed, still owned and no wider than it has to be."
  owner       = nhi_owner.security.name

  scope = {
    tiers = [0, 1]
  }

  period     = "90d"
  starts_on  = "2027-01-01"
  reviewers  = ["carol@example.com", "dave@example.com"]
  on_overdue = "inactive"

  events = ["architecture_change", "incident", "merger"]

  # One entry for each time it happened: every identity declared by then is due again within 14 days.
  occurrences = [{
    event       = "incident"
    at          = "2027-02-11T09:30:00+01:00"
    description = "A token of a build runner was found in a public log."
  }]
}

# What does not reach production may wait longer.
resource "nhi_review" "rest" {
  name      = "rest-yearly"
  owner     = nhi_owner.security.name
  period    = "365d"
  starts_on = "2027-01-01"
  reviewers = ["carol@example.com"]

  scope = {
    tiers = [2]
  }
}
