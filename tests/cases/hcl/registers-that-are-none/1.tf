provider "nhi" {
  workspace = "scenario"
  register  = "sqlite:nowhere/register.db"
}

resource "nhi_owner" "platform" {
  name        = "team-platform"
  accountable = ["alice@example.com"]
  backup      = ["bob@example.com"]
}
