resource "nhi_owner" "platform" {
  name        = "platform"
  accountable = ["alice@example.com"]
  backup      = ["bob@example.com"]
}

resource "nhi_identity" "deploy" {
  name  = "deploy"
  kind  = "ci_runner"
  owner = nhi_owner.platform.name
  tier  = 2
}
