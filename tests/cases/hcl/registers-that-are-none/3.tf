provider "nhi" {
  workspace = "scenario"
  registry  = "sqlite:register.db"
}

resource "nhi_owner" "platform" {
  name        = "team-platform"
  accountable = ["alice@example.com"]
  backup      = ["bob@example.com"]
}
