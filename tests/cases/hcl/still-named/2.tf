provider "nhi" {
  workspace = "services"
}

resource "nhi_identity" "deploy" {
  name     = "deploy"
  kind     = "microservice"
  owner    = "team-platform"
  tier     = 2
  platform = "aws"
}
