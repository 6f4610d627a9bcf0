resource "nhi_owner" "platform" {
  name        = "team-platform"
  accountable = ["alice@example.com"]
  backup      = ["bob@example.com"]
}

resource "nhi_zone" "build" {
  name        = "build"
  environment = "production"
}

resource "nhi_identity" "deploy" {
  name        = "checkout-deploy"
  kind        = "ci_runner"
  owner       = nhi_owner.platform.name
  purpose     = "Deploys the checkout service."
  environment = "production"
  tier        = 0
  zone        = nhi_zone.build.name
  platform    = "aws"
  principal   = "arn:aws:iam::111122223333:role/checkout-deploy"

  federation = [{
    issuer       = "https://token.actions.githubusercontent.com"
    audiences    = ["sts.amazonaws.com"]
    subject      = "repo:acme/checkout:environment:production"
    max_lifetime = "15m"
  }]

  review_period = "90d"
}

output "zone" {
  value = nhi_identity.deploy.zone
}

output "id" {
  value = nhi_identity.deploy.id
}
