resource "nhi_owner" "platform" {
  name        = "team-platform"
  accountable = ["alice@example.com"]
  backup      = ["bob@example.com"]
}

# Over the turn of the year nobody adds a secret to production or widens what may be done there. Break-glass
# credentials are let in all the same.
resource "nhi_freeze" "year_end" {
  name      = "year-end-2027"
  starts_at = "2027-12-15T00:00:00+01:00"
  ends_at   = "2028-01-10T00:00:00+01:00"
  refuses   = ["static_credentials", "expansions"]
  reason    = "Too few people are there to look at what goes wrong."
  owner     = nhi_owner.platform.name
  ticket    = "PLAT-1411"

  scope = {
    environments = ["production"]
    tiers        = [0, 1]
  }
}
