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

  labels = {
    team = "search"
  }

  lifecycle {
    ignore_changes = [labels]
  }
}
