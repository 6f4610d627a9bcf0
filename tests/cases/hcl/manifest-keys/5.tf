resource "nhi_owner" "platform" {
  name        = "team-platform"
  accountable = ["alice@example.com"]
  backup      = ["bob@example.com"]
}

resource "nhi_manifest" "agents" {
  name = "agents"

  identities = {
    greeter = {
      kind     = "agent"
      owner    = nhi_owner.platform.name
      tier     = 9
      platform = "kubernetes"
    }
  }
}
