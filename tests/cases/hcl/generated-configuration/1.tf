resource "nhi_owner" "platform" {
  name        = "team-platform"
  accountable = ["alice@example.com"]
  backup      = ["bob@example.com"]
}

resource "nhi_identity" "deploy" {
  name        = "deploy"
  kind        = "ci_runner"
  owner       = nhi_owner.platform.name
  purpose     = "Deploys."
  environment = "production"
  tier        = 1
  platform    = "aws"

  federation = [{
    issuer       = "https://token.actions.githubusercontent.com"
    audiences    = ["sts.amazonaws.com"]
    subject      = "repo:acme/checkout:environment:production"
    max_lifetime = "15m"
  }]

  labels = {
    team = "checkout"
  }
}
