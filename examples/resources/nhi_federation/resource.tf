terraform {
  required_providers {
    nhi = {
      source = "nhi/nhi"
    }
  }
}

provider "nhi" {
  workspace = "platform"
}

resource "nhi_owner" "platform" {
  name        = "team-platform"
  accountable = ["alice@example.com"]
  backup      = ["bob@example.com"]
}

resource "nhi_identity" "deploy" {
  name        = "checkout-deploy"
  kind        = "ci_runner"
  owner       = nhi_owner.platform.name
  purpose     = "Deploys the checkout service."
  environment = "staging"
  tier        = 2
  platform    = "aws"
  principal   = "arn:aws:iam::111122223333:role/checkout-deploy"
}

# Whose tokens the pipeline presents: one environment of one repository, for one service each, and not for long.
resource "nhi_federation" "checkout" {
  name     = "checkout-pipeline"
  identity = nhi_identity.deploy.name
  owner    = nhi_owner.platform.name

  issuer  = "https://token.actions.githubusercontent.com"
  subject = "repo:acme/checkout:environment:production"

  audiences = {
    aws   = "sts.amazonaws.com"
    vault = "https://vault.example.com"
  }

  # Names can be given away and taken by others; these numbers cannot.
  claims = {
    repository_id       = ["123456789"]
    repository_owner_id = ["987654"]
  }

  lifetimes = {
    ci_job = "15m"
    batch  = "1h"
  }
}
