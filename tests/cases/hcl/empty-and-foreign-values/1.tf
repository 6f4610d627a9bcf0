resource "nhi_owner" "platform" {
  name        = "team-platform"
  accountable = ["zoë@example.com"]
  backup      = ["bob@example.com"]
}

resource "nhi_identity" "deploy" {
  name     = "deploy"
  kind     = "microservice"
  owner    = nhi_owner.platform.name
  purpose  = "Überträgt 予約 — „quoted“, 100 % 🚀"
  zone     = null
  tier     = 2
  platform = "aws"
  labels   = {}
}

output "purpose" {
  value = nhi_identity.deploy.purpose
}
