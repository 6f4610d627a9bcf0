resource "terraform_data" "names" {
  input = {
    owner   = "team-platform"
    name    = "deploy"
    tier    = 2
    contact = "alice@example.com"
  }
}

resource "nhi_owner" "platform" {
  name        = terraform_data.names.output.owner
  accountable = [terraform_data.names.output.contact]
  backup      = ["bob@example.com"]
}

resource "nhi_identity" "deploy" {
  name     = terraform_data.names.output.name
  kind     = "microservice"
  owner    = nhi_owner.platform.name
  tier     = terraform_data.names.output.tier
  platform = "aws"
  labels   = terraform_data.names.output
}

output "tier" {
  value = nhi_identity.deploy.tier
}
